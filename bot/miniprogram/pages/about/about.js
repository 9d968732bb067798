// What the hotline is for, privacy, and large type.
const elder = require('../../lib/elder')

Component({
  data: { elder: false },
  methods: {
    onShow() {
      this.setData({ elder: elder.isOn() })
    },
    switch({ detail }) {
      elder.set(detail.value)
      this.setData({ elder: detail.value })
    },
    privacy() {
      wx.openPrivacyContract({})
    },
    call() {
      wx.makePhoneCall({ phoneNumber: '12345' })
    },
  },
})
