const assert = require('node:assert/strict')
const { after, test } = require('node:test')
const { open, seen } = require('./world')

after(() => setTimeout(() => process.exit(), 100).unref())

test('hot questions lead to the sure answer with its source', async () => {
  const guide = await open('guide')
  const { hot } = guide.data()
  assert.ok(hot.length >= 5)
  await guide.instance.pick({ currentTarget: { dataset: { question: hot[0] } } })
  assert.equal(guide.data().entries[0].question, hot[0])
  assert.match(guide.text(), /来源：.+（\d{4}-\d\d-\d\d）/)
  const [first, second] = guide.data().entries
  guide.instance.toggle({ currentTarget: { dataset: { id: second.id } } })
  assert.equal(guide.data().opened, second.id)
  assert.notEqual(first.id, second.id)
})

test('what is not there is said so', async () => {
  const guide = await open('guide')
  guide.instance.type({ detail: { value: 'zzzzqqqq' } })
  await guide.instance.search()
  if (!guide.data().entries.length) assert.match(guide.text(), /没有找到/)
  assert.equal(guide.data().opened, '')
})

test('large type is for every page, and is remembered', async () => {
  const about = await open('about')
  about.instance.switch({ detail: { value: true } })
  const guide = await open('guide')
  assert.ok(guide.holder.innerHTML.includes('elder'))
  about.instance.switch({ detail: { value: false } })
  about.instance.call()
  assert.equal(seen.asked.at(-1), '12345')
})
