// 长辈模式: large type on every page, remembered.
const KEY = 'elder'

const isOn = () => wx.getStorageSync(KEY) === true

function set(on) {
  wx.setStorageSync(KEY, on)
}

module.exports = { isOn, set }
