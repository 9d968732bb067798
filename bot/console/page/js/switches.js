// 开关: how each stands, who set it and why, and setting one; back by itself at a time.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";

const HOURS = [["", "switch.always"], ["1", "switch.hour"], ["4", "switch.hours4"], ["12", "switch.hours12"], ["24", "switch.day"]];

export class Switches {
  constructor({ guard }) {
    this.guard = guard;
  }

  async refresh() {
    const { switches, settings, history } = await get("/api/desk/switches");
    const last = new Map(settings.map((setting) => [setting.name, setting]));
    $("#switch-rows").replaceChildren(...switches.map((one) => this.row(one, last.get(one.name))));
    $("#switch-history").replaceChildren(...history.map((one) => el("li", {},
      `${moment(one.at)} ${one.by}：${t(`switch.${one.name}`)} → ${shown(one.value)}（${one.reason}${one.until ? `，${t("switch.until", { at: moment(one.until) })}` : ""}）`)));
  }

  row(one, setting) {
    const changed = one.value !== one.usual;
    const change = el("button", { type: "button" }, t("switch.change"));
    change.addEventListener("click", () => this.guard(() => this.change(one)));
    const why = setting && changed ? `${setting.by}：${setting.reason}${setting.until ? `，${t("switch.until", { at: moment(setting.until) })}` : ""}` : "";
    return el("tr", { class: changed ? "changed" : "" }, el("th", { scope: "row" }, t(`switch.${one.name}`)),
      el("td", {}, shown(one.value)), el("td", { class: "hint" }, why), el("td", {}, change));
  }

  async change(one) {
    const value = typeof one.usual === "boolean"
      ? { name: "value", key: `switch.${one.name}`, options: [["true", t("switch.on")], ["false", t("switch.off")]] }
      : typeof one.usual === "number"
        ? { name: "value", key: `switch.${one.name}`, type: "number", value: String(one.value), required: true }
        : { name: "value", key: `switch.${one.name}`, value: one.value };
    const told = await ask("switch.change", [value, { name: "reason", key: "switch.reason", required: true },
      { name: "hours", key: "switch.for", options: HOURS.map(([hours, key]) => [hours, t(key)]) }]);
    if (!told) return;
    const read = { boolean: (text) => text === "true", number: Number, string: String }[typeof one.usual];
    const until = told.hours ? new Date(Date.now() + told.hours * 3_600_000).toISOString() : null;
    await post("/api/desk/switches", { name: one.name, value: read(told.value), reason: told.reason, until });
    await this.refresh();
  }
}

function shown(value) {
  if (typeof value === "boolean") return t(value ? "switch.on" : "switch.off");
  return value === "" ? t("switch.none") : String(value);
}
