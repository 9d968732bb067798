// The queue and the agent's own callers.
import { $, el } from "/static/chat/js/dom.js";
import { remaining, setNow, span } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

const AT_ONCE = 1; // crisis and emergency ring at once

export class Callers {
  // `open(handoff)` shows a conversation; `guard(work)` runs work and tells what went wrong.
  constructor({ open, guard, me }) {
    Object.assign(this, { open, guard, me });
    this.waiting = [];
    this.chosen = null;
    this.known = new Map();
    setInterval(() => this.tick(), 1000);
  }

  async refresh() {
    const { now, waiting, mine, others } = await get("/api/desk/handoffs");
    setNow(now);
    this.known = new Map([...waiting, ...mine, ...others].map((handoff) => [handoff.session_id, handoff]));
    this.waiting = waiting;
    this.fill($("#queue-waiting"), waiting.filter((one) => one.fits), true);
    const unfit = waiting.filter((one) => !one.fits);
    this.fill($("#queue-unfit"), unfit, true);
    $("#queue-unfit-title").hidden = $("#queue-unfit").hidden = unfit.length === 0;
    this.fill($("#queue-mine"), mine, false);
    this.fill($("#queue-others"), others, false);
    $("#queue-others-title").hidden = $("#queue-others").hidden = others.length === 0;
    const count = $("#waiting-count");
    count.textContent = waiting.length;
    count.hidden = waiting.length === 0;
    return this.known;
  }

  fill(list, handoffs, waiting) {
    const rows = handoffs.map((handoff) => this.row(handoff, waiting));
    list.replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, t("queue.none"))]));
  }

  row(handoff, waiting) {
    const act = el("button", { type: "button", class: waiting ? "main" : "" },
      t(waiting ? "queue.accept" : "queue.open"));
    act.addEventListener("click", () => this.guard(() => waiting ? this.accept(handoff) : this.open(handoff)));
    const about = `${t(`reason.${handoff.reason}`)} · ${t(`channel.${handoff.channel}`)}`;
    const look = el("button", { type: "button", class: "quiet" }, t("queue.open"));
    look.addEventListener("click", () => this.guard(() => this.open(handoff)));
    const since = el("time", { datetime: handoff.requested_at, class: "waited" });
    since.dataset.since = handoff.requested_at;
    const item = el(
      "li",
      { class: `handoff${handoff.priority <= AT_ONCE ? " now" : ""}`, dataset: { session: handoff.session_id } },
      el("p", {}, el("strong", {}, about)),
      el("div", { class: "row" }, waiting ? look : null, act),
      el("p", { class: "hint" }, waiting ? since : null, waiting ? " · " : null, t(`skill.${handoff.skill}`),
        handoff.returned ? ` · ${t("queue.returned")}` : "", handoff.offered_to ? ` · ${t("queue.offered", { to: handoff.offered_to })}` : "",
        handoff.agent && !waiting && handoff.agent !== this.me ? ` · ${handoff.agent}` : ""),
      el("p", { class: "summary" }, handoff.summary),
    );
    if (this.chosen === handoff.session_id) item.classList.add("chosen");
    this.wait(since);
    return item;
  }

  async accept(handoff) {
    await post(`/api/desk/handoffs/${handoff.id}/accept`);
    await this.refresh();
    await this.open(this.known.get(handoff.session_id) ?? handoff);
  }

  // The next caller for this agent, where there is one.
  async next() {
    const first = this.waiting.find((one) => one.fits) ?? this.waiting[0];
    if (first) await this.accept(first);
  }

  choose(sessionId) {
    this.chosen = sessionId;
    for (const item of document.querySelectorAll(".handoff")) {
      item.classList.toggle("chosen", item.dataset.session === sessionId);
    }
  }

  tick() {
    document.querySelectorAll(".waited").forEach((since) => this.wait(since));
  }

  wait(since) {
    since.textContent = t("queue.waited", { time: span(Math.max(0, -remaining(since.dataset.since))) });
  }
}
