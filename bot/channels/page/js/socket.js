// The line to the server: connects, says hello, connects again when it is lost.
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const TOO_BIG = 1009;

export class Line extends EventTarget {
  // `hello` makes the hello frame; events: "frame" (detail: frame, sound), "up", "down".
  constructor(address, hello) {
    super();
    this.address = address;
    this.hello = hello;
    this.wait = FIRST_WAIT;
    this.awaiting = null; // the frame whose binary part comes next
    this.ready = false;
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => this.socket?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  open() {
    clearTimeout(this.timer);
    this.timer = null;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify(this.hello())));
    socket.addEventListener("message", (event) => socket === this.socket && this.take(event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.lost(event));
  }

  take(data) {
    if (data instanceof ArrayBuffer) {
      const frame = this.awaiting;
      this.awaiting = null;
      if (frame) this.tell("frame", { frame, sound: data });
      return;
    }
    const frame = JSON.parse(data);
    if (frame.type === "speech") {
      this.awaiting = frame;
      return;
    }
    this.tell("frame", { frame });
    if (frame.type === "session") {
      this.ready = true;
      this.wait = FIRST_WAIT;
      this.tell("up");
    }
  }

  lost(event) {
    this.ready = false;
    this.tell("down", { tooBig: event.code === TOO_BIG });
    this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  hurry() {
    if (this.timer) this.open();
  }

  // Begin again at once: another session, or the same one.
  again() {
    this.wait = FIRST_WAIT;
    const old = this.socket;
    this.ready = false;
    this.open();
    old?.close();
  }

  send(frame, sound) {
    if (!this.ready || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    if (sound) this.socket.send(sound);
    return true;
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
