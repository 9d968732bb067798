const assert = require('node:assert/strict')
const { after, test } = require('node:test')
const { open, until, file, cut, chosen, seen, store, recorder, PNG } = require('./world')

const texts = (page) => page.data().turns.map((turn) => turn.text)
let chat

after(() => {
  chat.instance.onUnload()
  setTimeout(() => process.exit(), 100).unref()
})

test('the agreement comes before the first message', async () => {
  chat = await open('chat')
  assert.match(chat.text(), /隐私保护指引/)
  chat.instance.say('路灯')
  assert.deepEqual(chat.data().turns, [])
  chat.instance.refused()
  assert.match(chat.text(), /没有同意之前不能对话/)
  assert.equal(store.get('agreed'), undefined)
  chat.instance.setData({ asking: true })
  const agreement = chat.page.querySelector('.chat >>> .sheet') || chat.page
  assert.ok(agreement)
  store.set('agreed', true)
  chat.instance.agreed()
  await until(() => texts(chat).some((text) => /广州12345/.test(text)))
})

test('what is typed is heard once and answered', async () => {
  chat.instance.type({ detail: { value: '路' } })
  chat.instance.send()
  assert.equal(chat.data().turns.at(-1).pending, true)
  await until(() => texts(chat).includes('heard: 路'))
  assert.equal(texts(chat).filter((text) => text === '路').length, 1)
  assert.equal(chat.data().text, '')
  assert.match(chat.text(), /heard: 路/)
})

test('an empty message is not sent', () => {
  const before = chat.data().turns.length
  chat.instance.type({ detail: { value: '  ' } })
  chat.instance.send()
  assert.equal(chat.data().turns.length, before)
  assert.match(chat.text(), /请先输入/)
})

test('what is said while the line is lost arrives once it is back, once', async () => {
  cut()
  await until(() => chat.data().down)
  chat.instance.say('断线时说的')
  assert.match(chat.text(), /正在重新连接/)
  await until(() => texts(chat).includes('heard: 断线时说的'))
  assert.equal(chat.data().down, false)
  assert.equal(texts(chat).filter((text) => text === '断线时说的').length, 1)
  const numbers = chat.data().turns.map((turn) => turn.seq).filter(Boolean)
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b))
})

test('hold to speak: mp3 of 16 kHz, written down, edited, sent as speech', async () => {
  recorder.tempFilePath = file('said.mp3', '井盖不见了')
  chat.instance.hold()
  assert.match(chat.text(), /松开结束/)
  chat.instance.release()
  await until(() => chat.data().text === '井盖不见了')
  assert.equal(recorder.options.format, 'mp3')
  assert.equal(recorder.options.sampleRate, 16000)
  chat.instance.send()
  await until(() => texts(chat).includes('heard: 井盖不见了'))
})

test('too short, or dropped: nothing is sent', async () => {
  recorder.duration = 200
  chat.instance.hold()
  chat.instance.release()
  assert.match(chat.text(), /录音太短/)
  recorder.duration = 2000
  chat.instance.hold()
  chat.instance.drop()
  assert.equal(chat.data().listening, false)
  assert.equal(chat.data().text, '')
})

test('a place from the map goes into the text', async () => {
  chosen.place = null
  await chat.instance.place()
  assert.equal(chat.data().text, '')
  chosen.place = { name: '车陂地铁站', address: '天河区中山大道', latitude: 23, longitude: 113 }
  await chat.instance.place()
  assert.equal(chat.data().text, '天河区中山大道车陂地铁站')
  chat.instance.setData({ text: '' })
})

test('a picture is kept, a wrong one refused in words', async () => {
  chosen.media = [file('a.png', PNG)]
  await chat.instance.pictures()
  assert.match(chat.text(), /照片收到了/)
  chosen.media = [file('b.png', 'nothing')]
  await chat.instance.pictures()
  assert.match(chat.text(), /换一张/)
})

test('a ticket comes as a card, and its result may be subscribed to', async () => {
  chat.instance.say('开单')
  const card = await until(() => chat.data().turns.find((turn) => turn.card))
  assert.match(card.card.ticket_no, /^GZ\d{14}$/)
  assert.match(chat.text(), new RegExp(card.card.ticket_no))
  await until(() => chat.data().subscribable)
  assert.match(chat.text(), /转派、办结时通知我/)
  const { templates } = await require('../../bot/miniprogram/lib/session').who()
  assert.equal(templates.length, 3)
  chosen.subscribed = Object.fromEntries(templates.map((template) => [template, 'accept']))
  await chat.instance.subscribe()
  assert.equal(chat.data().subscribable, '')
  assert.equal(chat.data().complaint, '')
  chat.instance.open({ detail: { no: card.card.ticket_no } })
  assert.match(seen.navigated.at(-1), /ticket\?no=GZ/)
})

test('quick replies are said by pressing them', async () => {
  chat.instance.say('选')
  await until(() => chat.data().quick.length === 2)
  assert.match(chat.text(), /第一个/)
  chat.instance.press({ currentTarget: { dataset: { say: '要第一个' } } })
  await until(() => texts(chat).includes('heard: 要第一个'))
})

test('a turn is read aloud', async () => {
  const turn = chat.data().turns.find((one) => one.text === 'heard: 路')
  chat.instance.read({ detail: { seq: turn.seq } })
  await until(() => seen.played.length === 1)
})

test('an agent comes, speaks, and the page says so', async () => {
  chat.instance.say('要人')
  await until(() => /工作人员已接入/.test(chat.text()))
  await until(() => texts(chat).includes('我是坐席'))
  assert.match(chat.text(), /工作人员 /)
})

test('coming back shows the history', async () => {
  const before = texts(chat).filter(Boolean)
  chat.instance.onUnload()
  chat = await open('chat')
  await until(() => chat.data().turns.length >= before.length)
  assert.deepEqual(texts(chat), before)
})
