// One conversation: what was said, live; and, for the agent who has the caller, what to say.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { newId } from "/static/chat/js/keep.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { Facts } from "./facts.js";
import { Line } from "./line.js";
import { picture, sendPicture } from "./pictures.js";
import { suggestions } from "./suggestions.js";
import { ways } from "./ways.js";

const PAUSE = 250; // ms

export class Talk {
  // `live` watches sessions; `callers` knows whose they are; `me` is the signed-in agent.
  constructor({ live, callers, guard, me, supervises, tell }) {
    Object.assign(this, { live, callers, guard, me: me.login, supervises, tell });
    this.place = $("#talk");
    this.session = null;
    this.facts = new Facts({ guard, say: (text) => this.put(text), filed: (ticket) => this.filed(ticket), changed: (known) => this.suggest(known) });
  }

  async show(handoff) {
    const still = this.callers.mine.some((one) => one.session_id === this.session);
    if (this.session && this.session !== handoff.session_id && !still) this.live.unwatch(this.session);
    const kept = this.session === handoff.session_id ? this.field?.value : "";
    this.session = handoff.session_id;
    this.handoff = handoff;
    this.own = handoff.agent === this.me;
    this.mine = this.own || (handoff.guests ?? []).includes(this.me);
    this.last = 0;
    this.spoke = false; // whether an agent spoke last
    this.callers.choose(this.session);
    this.said = el("ol", { class: "said" });
    this.next = el("div", { class: "next" });
    this.suggested = null;
    const log = { class: "log", role: "log", "aria-live": "polite", "aria-label": t("talk.title"), tabindex: "0" };
    this.place.replaceChildren(this.head(), ...this.lines(), el("div", log, this.said), ...this.controls());
    if (this.field) this.field.value = kept ?? "";
    this.field?.focus();
    this.facts.open(handoff, this.own);
    this.live.watch(this.session);
    await this.catchUp();
  }

  // Our voice in a call on the phone, from taking it until it is given away.
  lines() {
    const speaks = this.mine && this.handoff.status === "accepted";
    const wanted = this.handoff.channel === "phone" && (speaks || (this.listens === this.session && this.supervises));
    if (this.line && (!wanted || this.line.session !== this.session || this.line.speaks !== speaks || this.line.closed)) this.hangUp();
    if (!wanted) return [];
    if (!this.line) this.dial(speaks);
    return [this.line.place];
  }

  // A gateway that went away is back in a moment, and the call has gone on.
  dial(speaks, again = false) {
    const line = new Line(this.session, speaks, () => {
      if (this.line !== line) return;
      this.dial(speaks, true);
      line.place.replaceWith(this.line.place);
    }, again);
    this.line = line;
    this.guard(() => line.open());
  }

  hangUp() {
    this.line?.close();
    this.line = null;
  }

  // A supervisor hears a call without being heard.
  listen() {
    this.listens = this.session;
    return this.show(this.handoff);
  }

  head() {
    const { reason, channel, skill, agent } = this.handoff;
    const key = this.mine ? "talk.fence" : "talk.masked";
    return el("div", { class: "talk-head" },
      el("h2", {}, `${t(`channel.${channel}`)} · ${t(`reason.${reason}`)} · ${t(`skill.${skill}`)}${agent && !this.own ? ` · ${agent}` : ""}`),
      el("p", { class: "hint" }, t(key)),
      this.shown = this.mine ? this.numbers() : null,
      channel !== "phone" ? null : el("a", { href: `/desk/recording?session=${encodeURIComponent(this.session)}`, target: "_blank" }, t("talk.recording")));
  }

  // Numbers are masked until somebody says what they are needed for.
  numbers() {
    const open = el("button", { type: "button", class: "quiet", dataset: { numbers: "" }, hidden: "" }, t("numbers.open"));
    open.addEventListener("click", () => this.guard(async () => {
      const options = ["check", "call", "ticket", "other"].map((name) => [t(`numbers.${name}`), t(`numbers.${name}`)]);
      const told = await ask("numbers.open", [{ name: "reason", key: "numbers.reason", options }], [el("p", { class: "hint" }, t("numbers.hint"))]);
      if (!told) return;
      await post(`/api/desk/sessions/${this.session}/numbers`, told);
      await this.show(this.handoff);
    }));
    return open;
  }

  controls() {
    const row = ways(this);
    if (!this.mine) return row ? [row] : [];
    this.field = el("textarea", { rows: "2", maxlength: "2000", "aria-label": t("talk.text"), placeholder: t("talk.placeholder") });
    const attach = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", "aria-label": t("picture.send"), class: "unseen" });
    const pick = el("button", { type: "button", title: t("picture.send") }, t("picture.short"));
    pick.addEventListener("click", () => attach.click());
    attach.addEventListener("change", () => this.guard(async () => {
      if (attach.files[0]) await sendPicture(this.session, attach.files[0]);
      attach.value = "";
    }));
    const form = el("form", {}, this.field, el("div", { class: "row" }, pick, attach, el("button", { class: "main" }, t("talk.send"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guard(() => this.say(this.field.value));
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return [this.next, form, row];
  }

  // Words into the field, to be read over and sent.
  put(text) {
    if (!this.field) return;
    this.field.value = text;
    this.field.focus();
  }

  async say(words) {
    const text = words.trim();
    if (!text) return;
    this.saying = this.saying?.text === text ? this.saying : { id: newId(), text };
    const { seq } = await post(`/api/desk/sessions/${this.session}/say`, this.saying);
    this.saying = null;
    setTimeout(() => seq <= this.last || this.guard(() => this.catchUp(), true), PAUSE); // the line was away
    if (this.field.value.trim() === text) this.field.value = "";
  }

  async filed(ticket) {
    this.tell(t("draft.filed", ticket), true);
    await this.catchUp();
  }

  leave(told = "talk.none") {
    if (this.session) this.live.unwatch(this.session);
    this.hangUp();
    this.session = this.field = null;
    this.callers.choose(null);
    this.place.replaceChildren(el("p", { class: "hint" }, t(told)));
    this.facts.clear();
    return this.callers.refresh();
  }

  // After any event: is it still ours to show, and what is new?
  async follow(known) {
    if (!this.session) return;
    const handoff = known.get(this.session);
    if (!handoff) {
      await this.leave(this.mine ? "talk.over" : "talk.none");
    } else if (["agent", "status", "offered_to", "skill"].some((name) => handoff[name] !== this.handoff[name])
      || String(handoff.guests) !== String(this.handoff.guests)) {
      await this.show(handoff);
    }
  }

  // Something happened in this conversation. New words come along and are shown at once; what the
  // server makes of them is asked for when the caller has paused.
  async heard({ type, seq, speaker, turns }) {
    if (type !== "turn" || !turns || turns[0]?.seq !== this.last + 1) return seq && seq <= this.last ? undefined : this.catchUp();
    for (const turn of turns) this.add(turn);
    if (speaker === "agent" && this.spoke) return undefined;
    this.spoke = speaker === "agent";
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.guard(async () => this.suggest(await this.facts.refresh()), true), PAUSE);
    return undefined;
  }

  async catchUp() {
    const session = this.session;
    if (!session) return;
    const told = await get(`/api/desk/sessions/${session}?after=${this.last}`);
    if (session !== this.session) return;
    if (this.shown) this.shown.hidden = told.clear;
    for (const turn of told.turns) this.add(turn);
    this.suggest(await this.facts.refresh(told.tickets));
  }

  // What may be said next, as the draft and the caller's words stand now.
  suggest(known) {
    if (!known || !this.mine || String(known.next) === this.suggested) return;
    this.suggested = String(known.next);
    suggestions(this.next, known, (text) => this.guard(() => this.say(text)), (text) => this.put(text));
  }

  add(turn) {
    if (turn.seq <= this.last) return;
    this.last = turn.seq;
    const who = turn.agent && turn.agent !== this.me ? `${t("speaker.agent")} ${turn.agent}` : t(`speaker.${turn.speaker}`);
    this.said.append(
      el("li", { class: turn.speaker },
        el("p", { class: "who" }, `${who} ${moment(turn.at)}`), turn.card?.kind === "picture" ? picture(this.session, turn.card) : turn.text),
    );
    this.said.parentElement.scrollTop = this.said.parentElement.scrollHeight;
  }
}
