const assert = require('node:assert/strict')
const { after, test } = require('node:test')
const { open, until, file, chosen, store, SERVER, PNG } = require('./world')

let chat
let phoned

after(() => {
  chat.instance.onUnload()
  setTimeout(() => process.exit(), 100).unref()
})

test('what was begun on the phone goes on here once the number is verified', async () => {
  store.set('agreed', true)
  chat = await open('chat')
  await until(() => chat.data().turns.length)
  assert.doesNotMatch(chat.text(), /电话反映的/)
  const told = await (await fetch(`${SERVER}/test/phone`)).json()
  phoned = told.ticket_no
  const list = await open('tickets')
  await list.instance.phoned({ detail: { code: told.code } })
  await until(() => /电话反映的“路灯”/.test(chat.text()))
  assert.match(chat.text(), new RegExp(phoned))
})

test('a picture that is sent here lands on the ticket of the phone', async () => {
  chosen.media = [file('a.png', PNG)]
  await chat.instance.pictures()
  assert.match(chat.text(), /已附到您电话反映的事情上/)
  const ticket = await open('ticket', { no: phoned })
  assert.deepEqual(ticket.data().ticket.attachments.map((one) => one.kind), ['picture'])
})

test('coming back does not say it again', async () => {
  chat.instance.onUnload()
  chat = await open('chat')
  await until(() => /电话反映的/.test(chat.text()))
  assert.equal(chat.data().turns.filter((turn) => /电话反映的/.test(turn.text)).length, 1)
})
