// Calls to our server. They resolve to the answer, or reject with { code } as strings.js knows it.
const { SERVER } = require('../config')
const { ask } = require('./platform')
const { who } = require('./session')

const API = `${SERVER}/api/wechat`

async function withToken(call) {
  let answer = await call((await who()).token).catch(network)
  if (answer.statusCode === 401) answer = await call((await who(true)).token).catch(network)
  return read(answer)
}

function network(error) {
  throw error && error.code ? error : { code: 'network' }
}

function read(answer) {
  const data = typeof answer.data === 'string' ? parse(answer.data) : answer.data
  if (answer.statusCode >= 200 && answer.statusCode < 300) return data
  throw { code: (data && data.error && data.error.code) || 'other' }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch (_) {
    return null
  }
}

const header = (token) => ({ Authorization: `Bearer ${token}` })

const get = (path) => withToken((token) => ask('request', { url: `${API}/${path}`, method: 'GET', header: header(token) }))

const post = (path, data = {}) => withToken((token) => ask('request', { url: `${API}/${path}`, method: 'POST', data, header: header(token) }))

const upload = (path, filePath, formData = {}) => withToken((token) => ask('uploadFile', { url: `${API}/${path}`, filePath, name: 'file', formData, header: header(token) }))

// A picture of one's own as a local file.
async function picture(id) {
  const { token } = await who()
  const answer = await ask('downloadFile', { url: `${API}/pictures/${id}`, header: header(token) }).catch(network)
  if (answer.statusCode !== 200) throw { code: 'not_found' }
  return answer.tempFilePath
}

// What is public needs no token.
const open = (path) => ask('request', { url: `${API}/${path}`, method: 'GET' }).catch(network).then(read)

module.exports = { get, post, upload, picture, open }
