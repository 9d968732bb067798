// The chat's line to the server: the same frames as the web page. It connects, says hello, and
// connects again when it is lost; what was not confirmed is said again under the same id.
const { SERVER } = require('../config')
const { who } = require('./session')

const FIRST_WAIT = 500
const LONGEST_WAIT = 10000

class Line {
  // `on` has frame(frame, sound), up(), down(code).
  constructor(on) {
    this.on = on
    this.last = 0
    this.wait = FIRST_WAIT
    this.unconfirmed = new Map()
    this.closed = false
    this.again = false
  }

  async open() {
    clearTimeout(this.timer)
    this.closed = false
    let person
    try {
      person = await who(this.again)
    } catch (error) {
      this.lost(error.code || 'network')
      return
    }
    if (this.closed) return
    this.again = false
    const task = wx.connectSocket({ url: `${SERVER.replace(/^http/, 'ws')}/ws/chat` })
    this.task = task
    task.onOpen(() => this.write({ type: 'hello', session: person.token, after: this.last }))
    task.onMessage(({ data }) => task === this.task && this.take(data))
    task.onClose(() => task === this.task && this.lost('network'))
    task.onError(() => task === this.task && this.lost('network'))
  }

  take(data) {
    if (typeof data !== 'string') {
      const frame = this.awaiting
      this.awaiting = null
      if (frame) this.on.frame(frame, data)
      return
    }
    const frame = JSON.parse(data)
    if (frame.type === 'error' && /^session_/.test(frame.code)) {
      this.again = true // the server would begin a stranger's session: log in again instead
      this.drop()
      this.lost('unauthenticated')
    } else if (frame.type === 'speech') {
      this.awaiting = frame
    } else {
      this.note(frame)
      this.on.frame(frame)
    }
  }

  note(frame) {
    if (frame.type === 'session') {
      this.ready = true
      this.wait = FIRST_WAIT
      this.on.up()
      this.unconfirmed.forEach((say) => this.write(say))
    }
    if (frame.type === 'turn' && frame.seq) this.last = Math.max(this.last, frame.seq)
    if (frame.type === 'done' || (frame.type === 'turn' && frame.id)) this.unconfirmed.delete(frame.id)
    if (frame.type === 'error' && frame.id && /^(text_|frame_)/.test(frame.code)) this.unconfirmed.delete(frame.id)
  }

  say(id, text, spoken) {
    const frame = { type: 'say', id, text, spoken }
    this.unconfirmed.set(id, frame)
    if (this.ready) this.write(frame)
  }

  speak(seq) {
    if (this.ready) this.write({ type: 'speak', seq })
  }

  write(frame) {
    this.task.send({ data: JSON.stringify(frame) })
  }

  lost(code) {
    this.ready = false
    if (this.closed) return
    this.on.down(code)
    clearTimeout(this.timer)
    if (code === 'agreement_needed') return
    this.timer = setTimeout(() => this.open(), this.wait)
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT)
  }

  drop() {
    const task = this.task
    this.task = null
    if (task) task.close({})
  }

  close() {
    this.closed = true
    this.ready = false
    clearTimeout(this.timer)
    this.drop()
  }
}

const newId = () => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('')

module.exports = { Line, newId }
