// The pages outside WeChat: a browser's document, and a `wx` that does over the real network what
// the platform does. What a caller chooses on the phone (a photo, a place) is put in by the test.
const { JSDOM } = require('jsdom')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const dom = new JSDOM('<!doctype html><body></body>', { url: 'https://servicewechat.com/' })
for (const name of ['document', 'HTMLElement', 'Node', 'Event', 'CustomEvent', 'MutationObserver', 'getComputedStyle']) {
  globalThis[name] = dom.window[name]
}
globalThis.window = dom.window

const simulate = require('miniprogram-simulate')
const { WebSocket } = require('ws')

const ROOT = path.resolve(__dirname, '../../bot/miniprogram')
const SERVER = process.env.HOTLINE_TEST_SERVER
const DOORS = process.env.HOTLINE_TEST_DOORS || SERVER // where the tests' own doors are

const config = require(path.join(ROOT, 'config.js'))
if (SERVER) config.SERVER = SERVER

const store = new Map()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'miniprogram-'))
const chosen = { media: [], place: null, confirm: true, subscribed: {} } // what the caller chooses
const seen = { played: [], navigated: [], asked: [] } // what the caller is shown
const sockets = new Set()
const recorder = { tempFilePath: '', duration: 2000 }

function settle(options, promise) {
  promise.then((value) => options.success && options.success(value), (error) => options.fail && options.fail({ errMsg: String(error) }))
}

async function read(response) {
  const text = await response.text()
  let data = text
  try {
    data = JSON.parse(text)
  } catch (_) { /* not JSON */ }
  return { statusCode: response.status, data }
}

const wx = {
  env: { USER_DATA_PATH: folder },
  getStorageSync: (key) => (store.has(key) ? store.get(key) : ''),
  setStorageSync: (key, value) => store.set(key, value),
  login(options) {
    settle(options, fetch(`${DOORS}/test/code`).then((r) => r.json()))
  },
  request(options) {
    const body = options.method === 'POST' ? JSON.stringify(options.data || {}) : undefined
    const headers = { 'content-type': 'application/json', ...options.header }
    settle(options, fetch(options.url, { method: options.method, headers, body }).then(read))
  },
  uploadFile(options) {
    const form = new FormData()
    for (const [name, value] of Object.entries(options.formData || {})) form.append(name, value)
    form.append(options.name, new Blob([fs.readFileSync(options.filePath)]), 'file')
    const sent = fetch(options.url, { method: 'POST', headers: options.header, body: form })
    settle(options, sent.then(async (r) => ({ statusCode: r.status, data: await r.text() })))
  },
  downloadFile(options) {
    settle(options, fetch(options.url, { headers: options.header }).then(async (r) => {
      const tempFilePath = path.join(folder, `down-${Date.now()}`)
      fs.writeFileSync(tempFilePath, Buffer.from(await r.arrayBuffer()))
      return { statusCode: r.status, tempFilePath }
    }))
  },
  connectSocket({ url }) {
    const socket = new WebSocket(url)
    sockets.add(socket)
    return {
      onOpen: (f) => socket.on('open', () => f({})),
      onMessage: (f) => socket.on('message', (data, binary) => f({ data: binary ? new Uint8Array(data).buffer : data.toString() })),
      onClose: (f) => socket.on('close', () => { sockets.delete(socket); f({}) }),
      onError: (f) => socket.on('error', f),
      send: ({ data }) => socket.readyState === WebSocket.OPEN && socket.send(data),
      close: () => socket.close(),
    }
  },
  getRecorderManager() {
    let stopped = () => {}
    return {
      onStop: (f) => { stopped = f },
      onError: () => {},
      start: (options) => { recorder.options = options },
      stop: () => stopped({ ...recorder }),
    }
  },
  createInnerAudioContext: () => ({ src: '', play() { seen.played.push(this.src) }, stop() {} }),
  getFileSystemManager: () => ({
    writeFile: ({ filePath, data, success }) => { fs.writeFileSync(filePath, Buffer.from(data)); success({}) },
  }),
  chooseMedia: (options) => settle(options, chosen.media.length ? Promise.resolve({ tempFiles: chosen.media.map((tempFilePath) => ({ tempFilePath })) }) : Promise.reject(new Error('cancel'))),
  chooseLocation: (options) => settle(options, chosen.place ? Promise.resolve(chosen.place) : Promise.reject(new Error('cancel'))),
  showModal: (options) => { seen.asked.push(options.content); settle(options, Promise.resolve({ confirm: chosen.confirm })) },
  requestSubscribeMessage: (options) => settle(options, Promise.resolve(Object.fromEntries(options.tmplIds.map((id) => [id, chosen.subscribed[id] || 'reject'])))),
  navigateTo: ({ url }) => seen.navigated.push(url),
  openPrivacyContract: () => seen.asked.push('privacy'),
  previewImage: ({ urls }) => seen.navigated.push(...urls),
  stopPullDownRefresh: () => {},
  makePhoneCall: ({ phoneNumber }) => seen.asked.push(phoneNumber),
}
globalThis.wx = wx

// A page, rendered and opened as the platform opens it.
async function open(name, query = {}) {
  const id = simulate.load(path.join(ROOT, 'pages', name, name), { rootPath: ROOT, compiler: 'simulate' })
  const page = simulate.render(id)
  const holder = document.createElement('div')
  document.body.appendChild(holder)
  page.attach(holder)
  const { instance } = page
  if (instance.onLoad) await instance.onLoad(query)
  if (instance.onShow) await instance.onShow()
  return { page, instance, text: () => holder.textContent, holder, data: () => instance.data }
}

// Until something is so, or thirty seconds are over.
async function until(condition, what = condition.toString()) {
  const end = Date.now() + 30000
  for (;;) {
    const found = condition()
    if (found) return found
    if (Date.now() > end) throw new Error(`never: ${what}`)
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}

// The smallest picture there is: one grey dot.
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441' +
  '54789c636000000002000148afa4710000000049454e44ae426082', 'hex')

function file(name, bytes) {
  const made = path.join(folder, name)
  fs.writeFileSync(made, bytes)
  return made
}

function cut() {
  sockets.forEach((socket) => socket.terminate())
}

module.exports = { open, until, file, cut, chosen, seen, store, recorder, simulate, SERVER, ROOT, PNG }
