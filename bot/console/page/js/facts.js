// The right column: what is known of a caller, the draft, fitting entries, earlier tickets, notes.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get } from "./api.js";
import { DraftForm } from "./draft.js";

export class Facts {
  // `say(text)` puts words into the answer; `filed(ticket)` is told of a ticket; `changed(known)` of
  // what the server knows after the draft was changed.
  constructor({ guard, say, filed, changed }) {
    Object.assign(this, { guard, say, filed, changed });
    this.place = $("#facts");
    this.handoff = null;
  }

  clear() {
    this.handoff = null;
    this.draft = null;
    this.place.replaceChildren();
  }

  open(handoff, mine) {
    this.handoff = handoff;
    this.mine = mine;
    this.summary = el("pre", { class: "summary" }, handoff.summary || t("facts.none"));
    this.notes = el("ul", { class: "notes" });
    this.entries = el("ol", { class: "entries" });
    this.earlier = el("div", {});
    this.tickets = el("ol", { class: "plain" });
    this.draft = mine ? new DraftForm({ handoff, guard: this.guard, filed: this.filed }) : null;
    if (this.draft) this.draft.changed = () => this.guard(async () => this.changed(await this.refresh()), true);
    this.masked = mine ? null : el("dl", {});
    const part = (key, ...children) => el("section", {}, el("h2", {}, t(key)), ...children);
    this.place.replaceChildren(
      part("facts.summary", this.summary, this.notes),
      this.draft ? this.draft.hints : "",
      part("facts.draft", this.draft?.form ?? this.masked),
      part("facts.entries", this.entries),
      part("facts.tickets", this.tickets, this.earlier),
    );
  }

  // What the server knows of the case now; `next` goes back to whoever shows suggestions.
  async refresh(tickets) {
    const handoff = this.handoff;
    if (!handoff) return null;
    const told = await get(`/api/desk/handoffs/${handoff.id}/case`);
    if (this.handoff !== handoff) return null;
    this.summary.textContent = told.summary || t("facts.none");
    this.notes.replaceChildren(...told.notes.map((note) =>
      el("li", { class: note.kind }, el("b", {}, `${t(`note.${note.kind}`)} · ${note.by} ${moment(note.at)}`), ` ${note.text}`)));
    if (this.draft) this.draft.show(told);
    else this.show(told.draft);
    this.earlier.replaceChildren(...this.list("facts.number", told.earlier.number), ...this.list("facts.place", told.earlier.place));
    if (tickets) this.tickets.replaceChildren(...(tickets.length ? tickets.map(line) : [none()]));
    this.showEntries(told.entries);
    return told;
  }

  // Null: they were not found in time; what is there stays.
  showEntries(entries) {
    if (entries === null || this.entries.contains(document.activeElement)) return;
    this.entries.replaceChildren(...(entries.length ? entries.map((entry) => this.entry(entry)) : [none()]));
  }

  show(draft) {
    const told = (value) => (typeof value === "boolean" ? t(value ? "yes" : "no") : String(value));
    const rows = Object.entries(draft).filter(([, value]) => value !== null && value !== "" && typeof value !== "object");
    this.masked.replaceChildren(...rows.flatMap(([name, value]) => [el("dt", {}, t(`draft.${name}`)), el("dd", {}, told(value))]));
  }

  entry({ question, answer, source, as_of: asOf, unit, internal }) {
    const send = el("button", { type: "button" }, t("entry.use"));
    send.addEventListener("click", () => this.say(answer));
    return el("li", {}, el("details", {}, el("summary", {}, question),
      internal ? el("p", { class: "hint" }, t("entry.internal")) : "",
      el("p", {}, answer), el("p", { class: "hint" }, [source, unit, asOf].filter(Boolean).join(" · ")), this.mine && !internal ? send : ""));
  }

  list(key, tickets) {
    if (!tickets.length) return [];
    return [el("h3", {}, t(key)), el("ol", { class: "plain" }, ...tickets.map(line))];
  }
}

const none = () => el("li", { class: "hint" }, t("facts.none"));

function line(ticket) {
  return el("li", {}, el("span", { class: `light ${ticket.light ?? ""}` }, ticket.ticket_no), ` ${ticket.category} `,
    el("span", { class: "hint" }, t(`status.${ticket.status}`)));
}
