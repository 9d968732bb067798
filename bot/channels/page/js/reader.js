// Replies read aloud: on request, and by themselves where the caller wishes it.
import { $ } from "./dom.js";
import { t } from "./strings.js";

export class Reader {
  constructor(line) {
    this.line = line;
    this.audio = new Audio();
    this.queue = [];
    this.reading = null; // the turn whose sound was asked for, or plays
    for (const name of ["ended", "error"]) this.audio.addEventListener(name, () => this.next());
  }

  // The button of a turn: reads it, or stops reading it.
  toggle(seq) {
    const stops = this.reading === seq;
    this.hush();
    if (!stops) this.ask(seq);
  }

  ask(seq) {
    this.queue.push(seq);
    if (this.reading === null) this.next();
  }

  play({ seq, mime }, sound) {
    if (seq !== this.reading) return;
    URL.revokeObjectURL(this.audio.src);
    this.audio.src = URL.createObjectURL(new Blob([sound], { type: mime }));
    this.audio.play().catch(() => this.next()); // the browser wants a touch first
  }

  next() {
    this.mark(this.reading, false);
    this.reading = null;
    const seq = this.queue.shift();
    if (seq === undefined) return;
    if (!this.line.send({ type: "speak", seq })) return;
    this.reading = seq;
    this.mark(seq, true);
  }

  hush() {
    this.queue = [];
    this.audio.pause();
    this.mark(this.reading, false);
    this.reading = null;
  }

  mark(seq, on) {
    const button = $(`[data-seq="${seq}"] .read`);
    if (button) button.textContent = t(on ? "turn.stop" : "turn.read");
  }
}
