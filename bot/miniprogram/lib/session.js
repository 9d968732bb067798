// Who uses the mini-program: wx.login's code is changed for a token of our own. The openid never
// comes here.
const { SERVER } = require('../config')
const { ask } = require('./platform')

const AGREED = 'agreed'
let person = null // { token, phone, templates }
let coming = null

const agreed = () => wx.getStorageSync(AGREED) === true

function agree() {
  wx.setStorageSync(AGREED, true)
}

async function comeIn() {
  const { code } = await ask('login')
  const answer = await ask('request', {
    url: `${SERVER}/api/wechat/login`,
    method: 'POST',
    data: { code, agreed: agreed() },
  }).catch(() => { throw { code: 'network' } })
  if (answer.statusCode !== 200) throw { code: (answer.data.error || {}).code || 'other' }
  person = answer.data
  return person
}

// The person, logged in; `again` after the server did not know the token.
function who(again = false) {
  if (!agreed()) return Promise.reject({ code: 'agreement_needed' })
  if (person && !again) return Promise.resolve(person)
  if (!coming) coming = comeIn().finally(() => { coming = null })
  return coming
}

function learn(more) {
  person = { ...person, ...more }
}

module.exports = { agreed, agree, who, learn }
