// WeChat's callback functions as promises.
function ask(name, options = {}) {
  return new Promise((resolve, reject) => {
    wx[name]({ ...options, success: resolve, fail: reject })
  })
}

module.exports = { ask }
