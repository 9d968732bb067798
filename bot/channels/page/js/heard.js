// What was heard of a recording: shown, to be corrected once, then sent. It goes by itself after
// two seconds where the caller wishes that and a full model listened; any touch stops the count.
import { $ } from "./dom.js";
import { t } from "./strings.js";
import { wishes } from "./keep.js";

const COUNT_SECONDS = 2;
const SURE = 0.6;

export class HeardPanel {
  // `send({id, text})` says it.
  constructor(send) {
    this.deliver = send;
    this.panel = $("#heard");
    this.text = $("#heard-text");
    this.button = $("#heard-send");
    this.button.addEventListener("click", () => this.send());
    $("#heard-edit").addEventListener("click", () => this.edit());
    $("#heard-drop").addEventListener("click", () => this.close());
    for (const name of ["pointerdown", "keydown"]) this.panel.addEventListener(name, () => this.hold());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
  }

  show({ id, text, confidence, demonstration }) {
    this.id = id;
    this.text.value = text;
    this.text.readOnly = true;
    this.panel.hidden = false;
    $("#heard-warning").hidden = !demonstration;
    this.hold();
    this.button.focus();
    const sure = confidence === null || confidence === undefined || confidence >= SURE;
    if (wishes.get().autosend && !demonstration && sure) this.count(COUNT_SECONDS);
  }

  count(seconds) {
    if (seconds === 0) return this.send();
    this.button.textContent = t("heard.send.counting", { seconds });
    this.timer = setTimeout(() => this.count(seconds - 1), 1000);
    return undefined;
  }

  hold() {
    clearTimeout(this.timer);
    this.button.textContent = t("heard.send");
  }

  edit() {
    this.hold();
    this.text.readOnly = false;
    this.text.focus();
  }

  send() {
    const text = this.text.value.trim();
    if (!text) return this.edit();
    const id = this.id;
    this.close();
    return this.deliver({ id, text });
  }

  close() {
    this.hold();
    this.id = null;
    this.panel.hidden = true;
    $("#text").focus({ preventScroll: true });
  }
}
