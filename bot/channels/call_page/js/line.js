// Two audio worklets: the microphone in frames of 20 ms of s16, and what comes back, played.
const FRAME = 320; // samples at 16 kHz

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
  }

  process(inputs) {
    const channel = inputs[0][0];
    if (!channel) return true;
    for (const sample of channel) {
      this.frame[this.filled++] = Math.max(-32768, Math.min(32767, sample * 32768));
      if (this.filled === FRAME) {
        this.port.postMessage(this.frame.slice());
        this.filled = 0;
      }
    }
    return true;
  }
}

// Starts when 60 ms are there, drops what lags more than 300 ms: a voice, not a recording.
const AHEAD = 3 * FRAME;
const MOST = 15 * FRAME;

class Earpiece extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frames = [];
    this.waiting = 0;
    this.place = 0;
    this.playing = false;
    this.port.onmessage = ({ data }) => {
      if (data === "clear") {
        this.frames = [];
        this.waiting = this.place = 0;
        this.playing = false;
        return;
      }
      this.frames.push(data);
      this.waiting += data.length;
      while (this.waiting > MOST && this.frames.length > 1) {
        this.waiting -= this.frames.shift().length - this.place;
        this.place = 0;
      }
    };
  }

  process(_, outputs) {
    const channel = outputs[0][0];
    if (!this.playing && this.waiting >= AHEAD) this.playing = true;
    for (let i = 0; this.playing && i < channel.length; i++) {
      if (!this.frames.length) {
        this.playing = false;
        break;
      }
      channel[i] = this.frames[0][this.place++] / 32768;
      this.waiting--;
      if (this.place === this.frames[0].length) {
        this.frames.shift();
        this.place = 0;
      }
    }
    return true;
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("earpiece", Earpiece);
