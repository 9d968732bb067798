// One's own state in the header: 空闲, 忙碌, 小休, 话后.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

const AGAIN = 5_000;
const STATES = ["idle", "busy", "break", "wrap_up"];

export class OwnState {
  constructor({ guard, me }) {
    Object.assign(this, { guard, me });
    this.select = $("#state");
    this.select.replaceChildren(...STATES.map((state) => el("option", { value: state }, t(`state.${state}`))));
    this.select.hidden = false;
    this.select.addEventListener("change", () => guard(() => post("/api/desk/state", { state: this.select.value })));
  }

  async refresh() {
    const { colleagues } = await get("/api/desk/colleagues");
    const own = colleagues.find((one) => one.login === this.me);
    if (own) this.show(own.state);
  }

  // Writing up ends by itself, and nobody tells of it.
  show(state) {
    if (document.activeElement !== this.select) this.select.value = state;
    this.select.dataset.state = this.select.value;
    clearTimeout(this.again);
    if (state === "wrap_up") this.again = setTimeout(() => this.guard(() => this.refresh(), true), AGAIN);
  }
}
