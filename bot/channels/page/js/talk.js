// The button to talk: held by a finger, or pressed once to begin and once to end.
import { span } from "./clock.js";
import { $ } from "./dom.js";
import { canRecord, LONGEST_SECONDS, Recorder } from "./recorder.js";
import { t } from "./strings.js";

const TAP_MS = 350; // shorter is a press, longer was held

export class Talk {
  // `done(recording)` gets what was recorded; `complain(key)` tells what went wrong.
  constructor({ done, complain, began }) {
    Object.assign(this, { done, complain, began });
    this.recorder = new Recorder();
    this.state = "idle"; // idle, starting, recording
    this.button = $("#talk");
    this.label = $("#talk-label");
    this.cancelButton = $("#talk-cancel");
    this.button.addEventListener("pointerdown", (event) => this.pressed(event));
    this.button.addEventListener("pointerup", () => this.released());
    this.button.addEventListener("pointercancel", () => this.finish());
    this.button.addEventListener("contextmenu", (event) => event.preventDefault());
    this.button.addEventListener("click", (event) => event.detail === 0 && this.toggle());
    this.cancelButton.addEventListener("click", () => this.cancel());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.cancel());
  }

  pressed(event) {
    if (event.button !== 0) return;
    this.button.setPointerCapture(event.pointerId);
    this.downAt = performance.now();
    this.ends = this.state !== "idle"; // the second press of press-and-press
    if (!this.ends) this.begin(false);
  }

  released() {
    if (this.ends) this.finish();
    else if (performance.now() - this.downAt >= TAP_MS) this.finish();
    else this.byPress = true;
  }

  toggle() {
    if (this.state === "idle") this.begin(true);
    else this.finish();
  }

  async begin(byPress) {
    if (!canRecord()) return this.complain("talk.unsupported");
    this.byPress = byPress;
    this.state = "starting";
    this.began();
    try {
      if (!(await this.recorder.start())) return undefined;
    } catch {
      this.idle();
      return this.complain("talk.denied");
    }
    this.state = "recording";
    this.button.classList.add("recording");
    this.cancelButton.hidden = false;
    this.tick();
    this.timer = setInterval(() => this.tick(), 250);
    return undefined;
  }

  tick() {
    const seconds = this.recorder.seconds;
    const time = span(Math.floor(seconds));
    this.label.textContent = t(this.byPress ? "talk.press" : "talk.release", { time });
    if (seconds >= LONGEST_SECONDS) this.finish();
  }

  async finish() {
    if (this.state === "idle") return;
    this.idle();
    const recording = await this.recorder.stop();
    if (recording) this.done(recording);
    else this.complain("talk.short");
  }

  async cancel() {
    if (this.state === "idle") return;
    this.idle();
    await this.recorder.stop();
  }

  idle() {
    clearInterval(this.timer);
    this.state = "idle";
    this.button.classList.remove("recording");
    this.cancelButton.hidden = true;
    this.label.textContent = t("talk.hold");
  }

  busy(on) {
    this.button.disabled = on;
    this.label.textContent = t(on ? "talk.busy" : "talk.hold");
  }
}
