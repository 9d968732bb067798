// One conversation: what was said, live; and, for the agent who has the caller, what to say.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { newId } from "/static/chat/js/keep.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { facts } from "./facts.js";

export class Talk {
  // `live` watches sessions; `callers` knows whose they are; `me` is the agent's login.
  constructor({ live, callers, guard, me }) {
    Object.assign(this, { live, callers, guard, me });
    this.place = $("#talk");
    this.session = null;
  }

  async show(handoff) {
    if (this.session && this.session !== handoff.session_id) this.live.unwatch(this.session);
    this.session = handoff.session_id;
    this.handoff = handoff;
    this.mine = handoff.agent === this.me;
    this.last = 0;
    this.callers.choose(this.session);
    this.said = el("ol", { class: "said" });
    const log = { class: "log", role: "log", "aria-live": "polite", "aria-label": t("talk.title"), tabindex: "0" };
    this.place.replaceChildren(el("h2", {}, t("talk.title")), this.note(), el("div", log, this.said), ...this.controls());
    $("textarea", this.place)?.focus();
    this.live.watch(this.session);
    await this.catchUp();
  }

  note() {
    return el("p", { class: "hint" }, t(this.mine ? "talk.fence" : "talk.masked"));
  }

  controls() {
    if (!this.mine) {
      if (this.handoff.status !== "waiting") return [];
      const accept = el("button", { type: "button", class: "main" }, t("talk.accept"));
      accept.addEventListener("click", () => this.guard(() => this.callers.accept(this.handoff)));
      return [el("div", { class: "row" }, accept)];
    }
    const text = el("textarea", { rows: "2", maxlength: "2000", "aria-label": t("talk.text") });
    const form = el("form", {}, text, el("button", { class: "main" }, t("talk.send")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guard(() => this.say(text));
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    const ways = ["bot", "queue", "end"].map((to) => {
      const key = { bot: "talk.back", queue: "talk.queue", end: "talk.end" }[to];
      const button = el("button", { type: "button" }, t(key));
      button.addEventListener("click", () => this.guard(() => this.release(to)));
      return button;
    });
    return [form, el("div", { class: "row" }, ...ways)];
  }

  async say(field) {
    const text = field.value.trim();
    if (!text) return;
    this.saying = this.saying?.text === text ? this.saying : { id: newId(), text };
    await post(`/api/desk/sessions/${this.session}/say`, this.saying);
    this.saying = null;
    field.value = "";
    await this.catchUp();
  }

  async release(to) {
    await post(`/api/desk/handoffs/${this.handoff.id}/release`, { to });
    this.leave();
  }

  leave(told = "talk.none") {
    if (this.session) this.live.unwatch(this.session);
    this.session = null;
    this.callers.choose(null);
    this.place.replaceChildren(el("p", { class: "hint" }, t(told)));
    $("#facts").replaceChildren();
    return this.callers.refresh();
  }

  // After any event: is it still ours to show, and what is new?
  async follow(known) {
    if (!this.session) return;
    const handoff = known.get(this.session);
    if (!handoff) {
      await this.leave(this.mine ? "talk.over" : "talk.none");
    } else if (handoff.agent !== this.handoff.agent || handoff.status !== this.handoff.status) {
      await this.show(handoff);
    }
  }

  async catchUp() {
    const session = this.session;
    if (!session) return;
    const told = await get(`/api/desk/sessions/${session}?after=${this.last}`);
    if (session !== this.session) return;
    for (const turn of told.turns) this.add(turn);
    facts(this.handoff, told.tickets);
  }

  add(turn) {
    if (turn.seq <= this.last) return;
    this.last = turn.seq;
    this.said.append(
      el("li", { class: turn.speaker },
        el("p", { class: "who" }, `${t(`speaker.${turn.speaker}`)} ${moment(turn.at)}`), turn.text),
    );
    this.said.parentElement.scrollTop = this.said.parentElement.scrollHeight;
  }
}
