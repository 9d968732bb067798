// Reads a turn aloud: the sound comes over the line as bytes.
class Reader {
  constructor() {
    this.audio = wx.createInnerAudioContext()
    this.count = 0
  }

  play(frame, sound) {
    const path = `${wx.env.USER_DATA_PATH}/turn-${(this.count += 1) % 4}.mp3`
    wx.getFileSystemManager().writeFile({
      filePath: path,
      data: sound,
      success: () => {
        this.audio.src = path
        this.audio.play()
      },
    })
  }

  hush() {
    this.audio.stop()
  }
}

module.exports = { Reader }
