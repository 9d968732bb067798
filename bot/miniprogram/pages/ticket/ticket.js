// One ticket: how it stands, what has happened, and what its caller may do.
const elder = require('../../lib/elder')
const { get, post, upload, picture } = require('../../lib/http')
const { newId } = require('../../lib/line')
const { moment } = require('../../lib/moment')
const { ask } = require('../../lib/platform')
const { error, steps, grades } = require('../../lib/strings')

Component({
  data: { no: '', ticket: null, steps: [], complaint: '', grade: 0, grades, comment: '', remark: '', elder: false },
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
    urge() {
      return this.carry(() => post(this.path('/urge')))
    },
    async withdraw() {
      const { confirm } = await ask('showModal', { title: '撤单', content: '撤单后这件事就不再办理。确定撤单吗？', confirmText: '撤单', cancelText: '不撤' })
      return confirm ? this.carry(() => post(this.path('/withdraw'))) : false
    },
    choose({ currentTarget }) {
      this.setData({ grade: currentTarget.dataset.grade })
    },
    comment({ detail }) {
      this.setData({ comment: detail.value })
    },
    async rate() {
      const { grade, comment } = this.data
      if (await this.carry(() => post(this.path('/rate'), { grade, comment }))) this.setData({ grade: 0, comment: '' })
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
