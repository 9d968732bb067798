// The privacy notice, before the first message:
// https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
const { agree } = require('../../lib/session')

Component({
  methods: {
    read() {
      wx.openPrivacyContract({})
    },
    agree() {
      agree()
      this.triggerEvent('agreed')
    },
    refuse() {
      this.triggerEvent('refused')
    },
  },
})
