// 质检: talks with findings, samples to score; and the audit trail.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { has, t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";

const POINTS = ["5", "4", "3", "2", "1"].map((point) => [point, point]);

export class Quality {
  constructor({ guard }) {
    this.guard = guard;
    $("#quality-days").addEventListener("change", () => guard(() => this.refresh()));
  }

  async refresh() {
    const { talks, looked } = await get(`/api/desk/inspections?days=${$("#quality-days").value}`);
    $("#quality-rows").replaceChildren(...talks.map((talk) => this.row(talk, looked)));
    const found = talks.filter((talk) => talk.findings.length).length;
    $("#quality-total").textContent = t("quality.total", { count: talks.length, found });
  }

  row(talk, looked) {
    const score = el("button", { type: "button" }, t("quality.score"));
    score.addEventListener("click", () => this.guard(() => this.score(talk, looked)));
    const replay = el("a", { href: `/api/desk/sessions/${encodeURIComponent(talk.session_id)}/replay`, download: "" }, t("quality.replay"));
    const findings = talk.findings.map(({ rule, evidence }) => el("li", {}, `${t(`rule.${rule}`)}${evidence ? `：${evidence}` : ""}`));
    const scores = talk.scores.map(({ by, points }) => `${by} ${Object.values(points).join("/")}`).join("；");
    return el("tr", { class: talk.sampled ? "sampled" : "" }, el("td", {}, talk.at ? moment(talk.at) : ""), el("td", {}, talk.agent ?? t("speaker.bot")),
      el("td", {}, String(talk.turns)), el("td", {}, talk.tickets.join(" ")),
      el("td", {}, findings.length ? el("ul", { class: "findings" }, ...findings) : "—"),
      el("td", {}, talk.sampled ? t("quality.sampled") : ""), el("td", {}, el("p", {}, scores), score, " ", replay));
  }

  async score(talk, looked) {
    const told = await ask("quality.score", [...looked.map((name) => ({ name, key: `quality.${name}`, options: POINTS })), { name: "note", key: "missed.note", wide: true }]);
    if (!told) return;
    const points = Object.fromEntries(looked.map((name) => [name, Number(told[name])]));
    await post(`/api/desk/sessions/${talk.session_id}/score`, { points, note: told.note });
    await this.refresh();
  }
}

export class Audit {
  constructor({ guard }) {
    const form = $("#audit-filter");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      guard(() => this.refresh());
    });
    this.form = form;
  }

  async refresh() {
    const { looks } = await get(`/api/desk/audit?${new URLSearchParams(new FormData(this.form))}`);
    const action = (name) => (has(`action.${name}`) ? t(`action.${name}`) : name);
    $("#audit-rows").replaceChildren(...looks.map((look) => el("tr", {}, el("td", {}, moment(look.at)), el("td", {}, look.by),
      el("td", {}, action(look.action)), el("td", {}, look.subject), el("td", {}, look.reason))));
  }
}
