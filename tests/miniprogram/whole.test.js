// A report in the mini-program, from the agreement to the ticket, with everything real behind it:
// spoken, with a place from the map and a picture.
const assert = require('node:assert/strict')
const { after, test } = require('node:test')
const { open, until, file, chosen, recorder, store, PNG } = require('./world')

const PATIENCE = 8 // answers until a report is complete

let chat

// What a patient caller says to a question.
const replies = [[/什么事/, '路灯坏了三天了'], [/保密/, '不用保密'], [/./, '对的']]

const machine = () => chat.data().turns.filter((turn) => turn.speaker === 'bot')

// Say it, and wait for all that the hotline says to it.
async function say(text) {
  const before = machine().length
  chat.instance.type({ detail: { value: text } })
  chat.instance.send()
  await until(() => machine().length > before && !chat.data().typing)
  return machine().slice(before).map((turn) => turn.text).join('\n')
}

after(() => {
  chat.instance.onUnload()
  setTimeout(() => process.exit(), 100).unref()
})

test('a recording is written down by the speech engine', async () => {
  store.set('agreed', true)
  chat = await open('chat')
  await until(() => machine().length)
  recorder.tempFilePath = process.env.HOTLINE_TEST_RECORDING
  chat.instance.hold()
  chat.instance.release()
  await until(() => chat.data().text)
  assert.match(chat.data().text, /[\u4e00-\u9fff]{2,}/)
  assert.equal(chat.data().complaint, '')
})

test('corrected, with a place and a picture, it becomes one ticket', async () => {
  chosen.place = { name: '棠德南路', address: '广州市天河区棠下街', latitude: 23, longitude: 113 }
  chat.instance.type({ detail: { value: '我要反映路灯坏了三天了，地点是' } })
  await chat.instance.place()
  let answer = await say(`${chat.data().text}，我姓陈，电话13800138000`)
  chosen.media = [file('a.png', PNG)]
  await chat.instance.pictures()
  assert.match(chat.text(), /照片收到了/)
  for (let n = 0; n < PATIENCE && !machine().some((turn) => turn.card); n += 1) {
    answer = await say(replies.find(([asked]) => asked.test(answer))[1])
  }
  const opened = machine().find((turn) => turn.card)
  assert.ok(opened, JSON.stringify(chat.data().turns.map((turn) => turn.text), null, 1))
  const { card } = opened
  const page = await open('ticket', { no: card.ticket_no })
  const { ticket } = page.data()
  assert.equal(ticket.district, '天河区')
  assert.match(ticket.category, /路灯/)
  assert.match(ticket.address, /棠德南路/)
  assert.deepEqual(ticket.attachments.map((one) => one.kind), ['picture'])
  assert.match(page.text(), /受理登记/)
})
