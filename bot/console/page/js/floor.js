// The supervisor's now: figures, who talks, who waits, who is there, what was not understood.
import { $, el } from "/static/chat/js/dom.js";
import { moment, remaining, setNow, span } from "/static/chat/js/clock.js";
import { has, t } from "/static/chat/js/strings.js";
import { get } from "./api.js";

const EVERY = 5_000;

export class Floor {
  // `open(handoff)` shows a conversation.
  constructor({ guard, open }) {
    Object.assign(this, { guard, open });
    setInterval(() => $("#floor").hidden || guard(() => this.refresh(), true), EVERY);
  }

  async refresh() {
    const told = await get("/api/desk/floor");
    setNow(told.now);
    $("#figures").replaceChildren(...this.figures(told));
    const talks = [...told.queue, ...told.talks];
    this.fill("#floor-talks", talks.map((one) => this.talk(one)), 6);
    this.fill("#floor-agents", told.agents.map((one) => el("tr", {}, el("td", {}, one.name), el("td", {}, t(`state.${one.state}`)),
      el("td", {}, String(one.callers)), el("td", {}, one.skills.map((skill) => t(`skill.${skill}`)).join("、")), el("td", {}, moment(one.since)))), 5);
    this.fill("#floor-misses", told.misses.map((miss) => el("tr", {}, el("td", {}, moment(miss.at)), el("td", {}, miss.text), el("td", {}, t(`miss.${miss.status}`)))), 3);
    $("#floor-health").replaceChildren(...Object.entries(told.health.parts).map(([part, { ok }]) =>
      el("li", { class: ok ? "light green" : "light red" }, `${has(`part.${part}`) ? t(`part.${part}`) : part} ${t(ok ? "health.ok" : "health.ill")}`)));
  }

  figures(told) {
    const share = (value) => (value === null ? "—" : `${(value * 100).toFixed(1)}%`);
    const talks = (phone) => told.talks.filter((one) => (one.channel === "phone") === phone).length;
    const bots = Object.values(told.lively).reduce((sum, one) => sum + (one.bot ?? 0), 0);
    const late = (value, goal) => (value !== null && value < goal ? "bad" : "");
    const { phone, other } = told.connected;
    return [
      figure("floor.calls", talks(true)), figure("floor.chats", talks(false)), figure("floor.machine", bots),
      figure("floor.waiting", told.waiting, "", told.waiting ? "warn" : ""),
      figure("floor.longest", span(Math.round(told.longest_seconds)), "", told.longest_seconds > 180 ? "bad" : ""),
      figure("floor.phone", share(phone.share), t("floor.of", phone), late(phone.share, 0.95)),
      figure("floor.other", share(other.share), t("floor.of", other), late(other.share, 0.95)),
      figure("floor.contained", share(told.containment.share), t("floor.kept", told.containment)),
      figure("floor.missed", told.missed, "", told.missed ? "warn" : ""),
      ...["red", "amber", "green"].map((light) => figure(`light.${light}`, told.lights[light], t("floor.tickets"), light === "red" && told.lights.red ? "bad" : "")),
    ];
  }

  talk(handoff) {
    const open = el("button", { type: "button" }, t("queue.open"));
    open.addEventListener("click", () => this.guard(() => this.open(handoff)));
    const since = handoff.accepted_at ?? handoff.requested_at;
    return el("tr", {}, el("td", {}, t(handoff.agent ? "floor.talking" : "floor.inqueue")), el("td", {}, handoff.agent ?? "—"),
      el("td", {}, `${t(`channel.${handoff.channel}`)} · ${t(`reason.${handoff.reason}`)}`), el("td", {}, t(`skill.${handoff.skill}`)),
      el("td", {}, span(Math.max(0, -remaining(since)))), el("td", {}, open));
  }

  fill(place, rows, columns) {
    $(place).replaceChildren(...(rows.length ? rows : [el("tr", {}, el("td", { colspan: String(columns), class: "hint" }, t("queue.none")))]));
  }
}

function figure(key, value, hint = "", kind = "") {
  return el("div", { class: `figure ${kind}` }, el("dt", {}, t(key)), el("dd", {}, String(value)), hint ? el("dd", { class: "hint" }, hint) : null);
}
