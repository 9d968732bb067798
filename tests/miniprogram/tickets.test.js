const assert = require('node:assert/strict')
const { after, before, test } = require('node:test')
const { open, file, chosen, seen, store, until, SERVER, PNG } = require('./world')

let number
let ticket

before(async () => {
  store.set('agreed', true)
  const chat = await open('chat')
  await until(() => chat.data().turns.length)
  chat.instance.say('开单')
  number = (await until(() => chat.data().turns.find((turn) => turn.card))).card.ticket_no
  chat.instance.onUnload()
})

after(() => setTimeout(() => process.exit(), 100).unref())

test('the list has the ticket with its light', async () => {
  const list = await open('tickets')
  assert.match(list.text(), new RegExp(number))
  assert.match(list.text(), /正常/)
  assert.match(list.text(), /还剩/)
  list.instance.open({ detail: { no: number } })
  assert.match(seen.navigated.at(-1), new RegExp(number))
})

test('a verified number brings the tickets of the phone', async () => {
  const list = await open('tickets')
  await list.instance.phoned({ detail: {} })
  assert.equal(list.data().phone, '')
  const { code, ticket_no: phoned } = await (await fetch(`${SERVER}/test/phone`)).json()
  await list.instance.phoned({ detail: { code } })
  assert.match(list.text(), /139\*\*\*\*9000/)
  assert.match(list.text(), new RegExp(phoned))
})

test('a ticket shows its timeline', async () => {
  ticket = await open('ticket', { no: number })
  assert.match(ticket.text(), /受理登记/)
  assert.match(ticket.text(), /路灯/)
})

test('urging is counted and told', async () => {
  await ticket.instance.urge()
  assert.equal(ticket.data().ticket.urgings, 1)
  assert.match(ticket.text(), /您催办了一次/)
  assert.match(ticket.text(), /有进展时通知我/)
  await ticket.instance.subscribe()
  assert.equal(ticket.data().complaint, '')
  assert.doesNotMatch(ticket.text(), /有进展时通知我/)
})

test('words and pictures are added', async () => {
  ticket.instance.write({ detail: { value: '又坏了一盏' } })
  await ticket.instance.add()
  assert.match(ticket.text(), /又坏了一盏/)
  chosen.media = [file('a.png', PNG)]
  await ticket.instance.pictures()
  const added = ticket.data().ticket.attachments.find((one) => one.kind === 'picture')
  await ticket.instance.look({ currentTarget: { dataset: { id: added.id } } })
  assert.match(seen.navigated.at(-1), /down-/)
})

test('withdrawing is asked about first', async () => {
  chosen.confirm = false
  await ticket.instance.withdraw()
  assert.notEqual(ticket.data().ticket.status, 'withdrawn')
  assert.match(seen.asked.at(-1), /确定撤单吗/)
})

test('a result is rated, badly with a reason, and is done again', async () => {
  await fetch(`${SERVER}/test/close?no=${number}`)
  ticket = await open('ticket', { no: number })
  assert.match(ticket.text(), /已修好/)
  assert.match(ticket.text(), /您对办理结果满意吗/)
  ticket.instance.choose({ currentTarget: { dataset: { grade: 1 } } })
  assert.match(ticket.text(), /没有联系我/)
  for (const title of ['没有解决', '态度不好', '态度不好']) ticket.instance.toggle({ currentTarget: { dataset: { title } } })
  ticket.instance.serve({ currentTarget: { dataset: { grade: 5 } } })
  ticket.instance.comment({ detail: { value: '还是黑的' } })
  await ticket.instance.rate()
  const ratings = await (await fetch(`${SERVER}/test/ratings?no=${number}`)).json()
  assert.deepEqual(ratings, [['service', 5, ''], ['result', 1, '没有解决；还是黑的']])
  assert.equal(ticket.data().complaint, '')
  assert.match(ticket.text(), /重新办理/)
  assert.equal(ticket.data().ticket.can.rate, false)
})

test("somebody else's ticket is not there", async () => {
  const other = await open('ticket', { no: 'GZ20200101000001' })
  assert.match(other.text(), /没有找到/)
})

test('a withdrawn ticket is over', async () => {
  chosen.confirm = true
  const chat = await open('chat')
  await until(() => chat.data().turns.length)
  chat.instance.say('开单 二')
  const again = await until(() => chat.data().turns.filter((turn) => turn.card).map((turn) => turn.card.ticket_no).find((no) => no !== number))
  chat.instance.onUnload()
  const page = await open('ticket', { no: again })
  await page.instance.withdraw()
  assert.equal(page.data().complaint, '')
  assert.match(page.text(), /已撤单/)
  assert.equal(page.data().ticket.can.urge, false)
})
