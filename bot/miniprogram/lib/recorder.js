// Hold to speak: mp3, 16 kHz, one channel, a minute at most; then uploaded and written down.
const { upload } = require('./http')

const SHORTEST_MS = 600
/** @type {WechatMiniprogram.RecorderManagerStartOption} */
const OPTIONS = { duration: 60000, sampleRate: 16000, numberOfChannels: 1, encodeBitRate: 48000, format: 'mp3' }

class Recorder {
  // `on` has heard({text, demonstration}), failed(code), busy(bool).
  constructor(on) {
    this.on = on
    this.manager = wx.getRecorderManager()
    this.manager.onStop((result) => this.stopped(result))
    this.manager.onError(() => on.failed('audio_denied'))
  }

  start() {
    this.dropped = false
    this.manager.start(OPTIONS)
  }

  stop() {
    this.manager.stop()
  }

  drop() {
    this.dropped = true
    this.manager.stop()
  }

  async stopped({ tempFilePath, duration }) {
    if (this.dropped) return
    if (duration < SHORTEST_MS) {
      this.on.failed('audio_short')
      return
    }
    this.on.busy(true)
    try {
      this.on.heard(await upload('recordings', tempFilePath, { format: 'mp3' }))
    } catch (error) {
      this.on.failed(error.code)
    } finally {
      this.on.busy(false)
    }
  }
}

module.exports = { Recorder, OPTIONS }
