// A person's tickets: from WeChat, and by phone once the number is verified.
const elder = require('../../lib/elder')
const { get, post } = require('../../lib/http')
const session = require('../../lib/session')
const { error } = require('../../lib/strings')

Component({
  data: { tickets: [], loaded: false, complaint: '', phone: '', asking: false, elder: false },
  methods: {
    onShow() {
      this.setData({ elder: elder.isOn() })
      return this.load()
    },
    async onPullDownRefresh() {
      await this.load()
      wx.stopPullDownRefresh({})
    },
    async load() {
      if (!session.agreed()) return this.setData({ asking: true })
      this.setData({ asking: false })
      try {
        const { tickets } = await get('tickets')
        const { phone } = await session.who()
        this.setData({ tickets, phone: phone || '', loaded: true, complaint: '' })
      } catch (failure) {
        this.setData({ complaint: error(failure.code) })
      }
    },
    refused() {
      this.setData({ asking: false })
    },
    async phoned({ detail }) {
      if (!detail.code) return // the person would rather not
      try {
        session.learn(await post('phone', { code: detail.code }))
        await this.load()
      } catch (failure) {
        this.setData({ complaint: error(failure.code) })
      }
    },
    open({ detail }) {
      wx.navigateTo({ url: `/pages/ticket/ticket?no=${encodeURIComponent(detail.no)}` })
    },
  },
})
