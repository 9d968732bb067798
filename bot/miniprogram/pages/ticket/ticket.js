// One ticket: how it stands, what has happened, and what its caller may do.
const elder = require('../../lib/elder')
const { get, post, upload, picture } = require('../../lib/http')
const { newId } = require('../../lib/line')
const { moment } = require('../../lib/moment')
const { ask } = require('../../lib/platform')
const { askForNews, hasNews } = require('../../lib/news')
const { error, steps, grades, reasons } = require('../../lib/strings')

const fresh = () => reasons.map((title) => ({ title, on: false }))

Component({
  data: {
    no: '', ticket: null, steps: [], complaint: '', remark: '', elder: false, subscribable: false,
    grades, reasons: fresh(), grade: 0, service: 0, comment: '',
  },
  methods: {
    onLoad({ no }) {
      this.setData({ no, elder: elder.isOn() })
      return this.carry(() => get(this.path('')))
    },
    path(what) {
      return `tickets/${encodeURIComponent(this.data.no)}${what}`
    },
    // Do it, and show the ticket as it is then.
    async carry(deed) {
      try {
        const ticket = await deed()
        if (!ticket) return false
        const timeline = ticket.timeline.map((step, key) => ({ key, at: moment(step.at), what: steps[step.event] || step.event, unit: step.unit }))
        this.setData({ ticket, steps: timeline, complaint: '' })
        return true
      } catch (failure) {
        this.setData({ complaint: error(failure.code) })
        return false
      }
    },
    // Who urges wants to know what comes of it: the moment to ask.
    async urge() {
      const done = await this.carry(() => post(this.path('/urge')))
      if (done && await hasNews()) this.setData({ subscribable: true })
      return done
    },
    async subscribe() {
      this.setData({ subscribable: false })
      await askForNews(this.data.no).catch((failure) => this.setData({ complaint: error(failure.code) }))
    },
    async withdraw() {
      const { confirm } = await ask('showModal', { title: '撤单', content: '撤单后这件事就不再办理。确定撤单吗？', confirmText: '撤单', cancelText: '不撤' })
      return confirm ? this.carry(() => post(this.path('/withdraw'))) : false
    },
    choose({ currentTarget }) {
      this.setData({ grade: currentTarget.dataset.grade })
    },
    serve({ currentTarget }) {
      this.setData({ service: currentTarget.dataset.grade })
    },
    toggle({ currentTarget }) {
      const { title } = currentTarget.dataset
      this.setData({ reasons: this.data.reasons.map((one) => (one.title === title ? { title, on: !one.on } : one)) })
    },
    comment({ detail }) {
      this.setData({ comment: detail.value })
    },
    // The result and the hotline's service are rated apart, the service first: rating the result
    // ends or reopens the ticket.
    rate() {
      const { grade, service, comment } = this.data
      const given = this.data.reasons.filter((one) => one.on && grade < 3).map((one) => one.title)
      const said = [...given, comment].filter(Boolean).join('；')
      return this.carry(async () => {
        if (service) await post(this.path('/rate'), { grade: service, of: 'service' })
        const ticket = await post(this.path('/rate'), { grade, comment: said })
        this.setData({ grade: 0, service: 0, reasons: fresh(), comment: '' })
        return ticket
      })
    },
    write({ detail }) {
      this.setData({ remark: detail.value })
    },
    async add() {
      if (await this.carry(() => post(this.path('/remarks'), { text: this.data.remark }))) this.setData({ remark: '' })
    },
    async pictures() {
      const chosen = await ask('chooseMedia', { count: 3, mediaType: ['image'], sizeType: ['compressed'] }).catch(() => null)
      if (!chosen) return false
      return this.carry(async () => {
        for (const { tempFilePath } of chosen.tempFiles) {
          await upload('pictures', tempFilePath, { ticket_no: this.data.no, key: newId() })
        }
        return get(this.path(''))
      })
    },
    async look({ currentTarget }) {
      try {
        const path = await picture(currentTarget.dataset.id)
        wx.previewImage({ urls: [path] })
      } catch (failure) {
        this.setData({ complaint: error(failure.code) })
      }
    },
  },
})
