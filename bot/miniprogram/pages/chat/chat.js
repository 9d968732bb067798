// The conversation: typed, spoken, with pictures and places; the same frames as the web page.
const elder = require('../../lib/elder')
const { upload } = require('../../lib/http')
const { Line, newId } = require('../../lib/line')
const { askForNews, hasNews } = require('../../lib/news')
const { ask } = require('../../lib/platform')
const { Reader } = require('../../lib/reader')
const { Recorder } = require('../../lib/recorder')
const session = require('../../lib/session')
const { error, handlers } = require('../../lib/strings')

const PERSON = '转人工'
const JUST_NOW = 10 * 60 * 1000

/**
 * What the page has beside its data.
 * @param {any} page
 * @returns {{line: Line, recorder: Recorder, reader: Reader, spoken: boolean}}
 */
const parts = (page) => page

Component({
  data: {
    turns: [], quick: [], text: '', typing: false, down: false, notice: '', complaint: '', bottom: '',
    holding: false, listening: false, demonstration: false, asking: false, elder: false, subscribable: '',
  },
  methods: {
    onLoad() {
      parts(this).spoken = false
      parts(this).line = new Line({
        frame: (frame, sound) => this.take(frame, sound),
        up: () => this.setData({ down: false }),
        down: (code) => this.setData(code === 'agreement_needed' ? { asking: true } : { down: true, typing: false }),
      })
      parts(this).recorder = new Recorder({
        heard: (heard) => this.heard(heard),
        failed: (code) => this.complain(code),
        busy: (listening) => this.setData({ listening }),
      })
      parts(this).reader = new Reader()
      if (session.agreed()) parts(this).line.open()
      else this.setData({ asking: true })
    },
    onShow() {
      this.setData({ elder: elder.isOn() })
    },
    onUnload() {
      parts(this).line.close()
      parts(this).reader.hush()
    },

    agreed() {
      this.setData({ asking: false })
      parts(this).line.open()
    },
    refused() {
      this.setData({ asking: false, notice: '没有同意之前不能对话。您可以看“办事指南”，或直接拨打 12345。' })
    },

    // what comes
    take(frame, sound) {
      const taker = this[`take_${frame.type}`]
      if (taker) taker.call(this, frame, sound)
    },
    take_turn(turn) {
      const key = turn.seq || turn.id || newId()
      const kept = this.data.turns.filter((one) => one.key !== key && !(turn.id && one.id === turn.id))
      const pending = kept.filter((one) => one.pending)
      const shown = { ...turn, key }
      const turns = [...kept.filter((one) => !one.pending), shown, ...pending]
      const quick = turn.speaker === 'caller' ? [] : turn.buttons || []
      this.setData({ turns, quick, bottom: '' })
      this.setData({ bottom: 'bottom' })
      if (turn.card && Date.now() - new Date(turn.at).getTime() < JUST_NOW) this.offerNews(turn.card.ticket_no)
    },
    take_typing({ on }) {
      this.setData({ typing: on })
    },
    take_handler({ handler }) {
      this.setData({ notice: handlers[handler] || '' })
    },
    take_speech(frame, sound) {
      parts(this).reader.play(frame, sound)
    },
    take_error(frame) {
      this.complain(frame.code)
    },

    // what goes
    type({ detail }) {
      this.setData({ text: detail.value })
    },
    send() {
      const text = this.data.text.trim()
      if (!text) {
        this.setData({ text: '' })
        return this.complain('text_empty')
      }
      this.say(text, parts(this).spoken)
      parts(this).spoken = false
      this.setData({ text: '' })
    },
    press({ currentTarget }) {
      this.say(currentTarget.dataset.say)
    },
    person() {
      this.say(PERSON)
    },
    say(text, spoken = false) {
      if (!session.agreed()) return this.setData({ asking: true })
      const id = newId()
      const waiting = { key: id, id, speaker: 'caller', text, pending: true, at: new Date().toISOString() }
      this.setData({ turns: [...this.data.turns, waiting], quick: [], complaint: '', bottom: '' })
      this.setData({ bottom: 'bottom' })
      parts(this).line.say(id, text, spoken)
    },

    hold() {
      parts(this).reader.hush()
      this.setData({ holding: true, complaint: '' })
      parts(this).recorder.start()
    },
    release() {
      this.setData({ holding: false })
      parts(this).recorder.stop()
    },
    drop() {
      this.setData({ holding: false })
      parts(this).recorder.drop()
    },
    heard({ text, demonstration }) {
      parts(this).spoken = true
      this.setData({ text: this.data.text + text, demonstration })
    },

    async pictures() {
      let chosen
      try {
        chosen = await ask('chooseMedia', { count: 3, mediaType: ['image'], sizeType: ['compressed'] })
      } catch (_) {
        return // the caller thought better of it
      }
      for (const { tempFilePath } of chosen.tempFiles) {
        try {
          const kept = await upload('pictures', tempFilePath, { key: newId() })
          const shown = { key: newId(), speaker: 'caller', picture: tempFilePath, at: new Date().toISOString() }
          this.setData({ turns: [...this.data.turns, shown], notice: kept.of_a_call ? '照片收到了，已附到您电话反映的事情上。' : '照片收到了，会附在您的工单上。' })
        } catch (failure) {
          this.complain(failure.code)
        }
      }
    },
    async place() {
      try {
        const { name, address } = await ask('chooseLocation')
        this.setData({ text: `${this.data.text}${address || ''}${name || ''}` })
      } catch (_) {
        return // not chosen
      }
    },

    read({ detail }) {
      parts(this).line.speak(detail.seq)
    },
    open({ detail }) {
      wx.navigateTo({ url: `/pages/ticket/ticket?no=${encodeURIComponent(detail.no)}` })
    },

    // A ticket has just been opened: the moment to ask whether the person wants to hear of it.
    async offerNews(number) {
      if (await hasNews()) this.setData({ subscribable: number })
    },
    async subscribe() {
      await askForNews(this.data.subscribable).catch((failure) => this.complain(failure.code))
      this.setData({ subscribable: '' })
    },

    complain(code) {
      this.setData({ complaint: error(code) })
    },
  },
})
