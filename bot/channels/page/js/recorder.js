// The microphone: one recording at a time, at most a minute.
export const LONGEST_SECONDS = 60;
const SHORTEST_SECONDS = 0.4;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];

export const canRecord = () =>
  Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

export class Recorder {
  async start() {
    this.stopped = false;
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
    if (this.stopped) {
      release(stream);
      return false;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    this.parts = [];
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.begun = performance.now();
    this.recorder.start();
    return true;
  }

  get seconds() {
    return (performance.now() - this.begun) / 1000;
  }

  // The recording {mime, seconds, data}, or null when there is none, or too little of it.
  async stop() {
    this.stopped = true;
    const recorder = this.recorder;
    this.recorder = null;
    if (!recorder || recorder.state === "inactive") return null;
    const seconds = this.seconds;
    const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.stop();
    await ended;
    release(recorder.stream);
    if (seconds < SHORTEST_SECONDS) return null;
    const data = await new Blob(this.parts).arrayBuffer();
    return { mime: recorder.mimeType, seconds: Math.min(seconds, LONGEST_SECONDS), data };
  }
}

function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}
