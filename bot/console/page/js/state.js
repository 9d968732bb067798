// One's own state in the header: 空闲, 忙碌, 小休, 话后.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

const STATES = ["idle", "busy", "break", "wrap_up"];

export class OwnState {
  constructor({ guard, me }) {
    this.me = me;
    this.select = $("#state");
    this.select.replaceChildren(...STATES.map((state) => el("option", { value: state }, t(`state.${state}`))));
    this.select.hidden = false;
    this.select.addEventListener("change", () => guard(() => post("/api/desk/state", { state: this.select.value })));
  }

  async refresh() {
    const { colleagues } = await get("/api/desk/colleagues");
    const own = colleagues.find((one) => one.login === this.me);
    if (own && document.activeElement !== this.select) this.select.value = own.state;
    this.select.dataset.state = this.select.value;
  }
}
