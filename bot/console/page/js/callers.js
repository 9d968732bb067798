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
    this.unread = new Set(); // sessions
    this.rows = new Map(); // handoff -> its row as it is
    setInterval(() => this.tick(), 1000);
  }

  // All that the server has for this page.
  async refresh() {
    const { now, waiting, mine, others } = await get("/api/desk/handoffs");
    setNow(now);
    this.known = new Map([...waiting, ...mine, ...others].map((handoff) => [handoff.session_id, handoff]));
    return this.show();
  }

  // One handoff that changed; without a row it is nothing to this page any more.
  take({ session_id: session, row }) {
    if (row) return this.known.set(session, row);
    this.rows.delete(this.known.get(session)?.id);
    return this.known.delete(session);
  }

  // A caller whose conversation is not on the screen has said something.
  told(session) {
    this.unread.add(session);
    document.querySelectorAll(".handoff").forEach((item) => this.mark(item));
  }

  mark(item) {
    $(".unread", item).hidden = !this.unread.has(item.dataset.session);
  }

  get mine() {
    return [...this.known.values()].filter((one) => one.status === "accepted" && (one.agent === this.me || one.guests.includes(this.me)));
  }

  show() {
    const all = [...this.known.values()];
    const waiting = all.filter((one) => one.status === "waiting").sort(served);
    const mine = this.mine;
    const others = all.filter((one) => one.status === "accepted" && !mine.includes(one));
    this.unread = new Set([...this.unread].filter((session) => mine.some((one) => one.session_id === session)));
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

  // Rows that are as they were stay where they are, under the hand that is about to press them.
  fill(list, handoffs, waiting) {
    const rows = handoffs.map((handoff) => this.kept(handoff, waiting));
    if (!rows.length) rows.push(el("li", { class: "none" }, t("queue.none")));
    for (const item of [...list.children]) if (!rows.includes(item)) item.remove();
    rows.forEach((row, place) => list.children[place] === row || list.insertBefore(row, list.children[place] ?? null));
  }

  kept(handoff, waiting) {
    const told = JSON.stringify(handoff);
    const before = this.rows.get(handoff.id);
    const item = before?.told === told ? before.item : this.row(handoff, waiting);
    this.rows.set(handoff.id, { told, item });
    item.classList.toggle("chosen", this.chosen === handoff.session_id);
    this.mark(item);
    return item;
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
      el("p", {}, el("strong", {}, about), " ", el("span", { class: "unread", hidden: true }, t("queue.unread"))),
      el("div", { class: "row" }, waiting ? look : null, act),
      el("p", { class: "hint" }, waiting ? since : null, waiting ? " · " : null, t(`skill.${handoff.skill}`),
        handoff.returned ? ` · ${t("queue.returned")}` : "", handoff.offered_to ? ` · ${t("queue.offered", { to: handoff.offered_to })}` : "",
        handoff.agent && !waiting && handoff.agent !== this.me ? ` · ${handoff.agent}` : ""),
      el("p", { class: "summary" }, handoff.summary),
    );
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
    this.unread.delete(sessionId);
    for (const item of document.querySelectorAll(".handoff")) {
      item.classList.toggle("chosen", item.dataset.session === sessionId);
      this.mark(item);
    }
  }

  tick() {
    document.querySelectorAll(".waited").forEach((since) => this.wait(since));
  }

  wait(since) {
    since.textContent = t("queue.waited", { time: span(Math.max(0, -remaining(since.dataset.since))) });
  }
}

// The order in which those who wait are served: given back ones, the most urgent, the longest waiting.
function served(one, other) {
  return Number(other.returned) - Number(one.returned) || one.priority - other.priority
    || new Date(one.requested_at) - new Date(other.requested_at) || one.id - other.id;
}
