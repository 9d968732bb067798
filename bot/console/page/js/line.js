// The agent's voice in a call: microphone and earpiece over a WebSocket, 16 kHz. Where the call is
// on a telephone of the agent's there is no such line, and nothing is shown.
import { el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";

const RATE = 16000;

export class Line {
  // `speaks`: whether we are heard; `lost` is told when the line broke; `again`: it broke before.
  // `place` is where the line tells how it stands.
  constructor(session, speaks, lost, again = false) {
    this.session = session;
    this.lost = lost;
    this.again = again;
    this.speaks = speaks;
    this.state = el("span", { role: "status" });
    this.mute = el("button", { type: "button", "aria-pressed": "false" }, t("line.mute"));
    this.mute.addEventListener("click", () => this.turn(this.mute.getAttribute("aria-pressed") !== "true"));
    this.place = el("div", { class: "row line", hidden: "" }, this.state, speaks ? this.mute : null);
    this.muted = false;
  }

  async open() {
    this.context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    try {
      await this.context.audioWorklet.addModule("/static/call/js/line.js");
    } catch (error) {
      if (this.closed) return; // given away meanwhile
      throw error;
    }
    if (this.closed) return;
    const ear = new AudioWorkletNode(this.context, "earpiece", { numberOfInputs: 0, outputChannelCount: [1] });
    ear.connect(this.context.destination);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/desk/call?session=${encodeURIComponent(this.session)}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (!(data instanceof ArrayBuffer)) {
        this.refused = JSON.parse(data).event === "refused";
        return;
      }
      if (this.place.hidden) this.talk();
      ear.port.postMessage(new Int16Array(data));
    };
    socket.onclose = () => {
      const broke = !this.closed && !this.refused && !this.place.hidden;
      if (broke || (this.refused && this.again)) {
        this.place.hidden = false;
        this.tell("line.over");
      }
      this.close();
      if (broke) setTimeout(() => this.lost(this), 1000);
    };
  }

  // The voice process holds the call: now the microphone is asked for.
  async talk() {
    this.place.hidden = false;
    this.tell(this.speaks ? "line.on" : "line.listening");
    if (!this.speaks) return;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch {
      this.tell("line.microphone");
      return;
    }
    if (this.closed) {
      this.stream.getTracks().forEach((track) => track.stop());
      return;
    }
    const mouth = new AudioWorkletNode(this.context, "microphone", { numberOfOutputs: 0 });
    this.context.createMediaStreamSource(this.stream).connect(mouth);
    mouth.port.onmessage = ({ data }) => {
      const { socket } = this;
      if (!this.muted && socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 64000) socket.send(data.buffer);
    };
  }

  turn(muted) {
    this.muted = muted;
    this.mute.setAttribute("aria-pressed", String(muted));
  }

  tell(key) {
    this.state.textContent = t(key);
    this.mute.hidden = key !== "line.on";
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    this.socket?.close();
  }
}
