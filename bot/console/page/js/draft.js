// The draft beside a conversation: every field editable, missing ones marked, and filed as a ticket.
import { el } from "/static/chat/js/dom.js";
import { newId } from "/static/chat/js/keep.js";
import { t } from "/static/chat/js/strings.js";
import { post } from "./api.js";

const KINDS = ["民生诉求", "政务咨询", "意见建议"];
const LINES = ["kind", "category", "matter", "district", "street", "place", "time", "party", "name", "phone"];
const TRUTHS = ["anonymous", "confidential"];
const WIDE = new Set(["matter", "place"]);

export class DraftForm {
  // `filed(ticket)` is told of the ticket; `guard(work)` runs work and tells what went wrong.
  constructor({ handoff, guard, filed }) {
    Object.assign(this, { handoff, guard, filed, key: newId() });
    this.fields = new Map();
    this.hints = el("ul", { class: "hints", "aria-live": "polite" });
    this.proposal = el("p", { class: "hint" });
    const button = el("button", { class: "main" }, t("draft.file"));
    this.form = el("form", { class: "draft", "aria-label": t("facts.draft") },
      ...LINES.map((name) => this.line(name)),
      el("div", { class: "row truths" }, ...TRUTHS.map((name) => this.truth(name))),
      this.proposal, button);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      guard(() => this.file());
    });
  }

  line(name) {
    const id = `draft-${name}`;
    const field = name === "kind" ? el("select", { id }, el("option", { value: "" }, "—"), ...KINDS.map((kind) => el("option", {}, kind)))
      : name === "matter" ? el("textarea", { id, rows: "3", maxlength: "4000" })
        : el("input", { id, maxlength: "200", autocomplete: "off", list: name === "district" ? "districts" : null });
    field.addEventListener("change", () => this.guard(() => this.keep({ [name]: field.value })));
    this.fields.set(name, field);
    return el("div", { class: WIDE.has(name) ? "field wide" : "field" },
      el("label", { for: id }, t(`draft.${name}`)), field);
  }

  truth(name) {
    const field = el("input", { type: "checkbox", id: `draft-${name}` });
    field.addEventListener("change", () => this.guard(() => this.keep({ [name]: field.checked })));
    this.fields.set(name, field);
    return el("label", {}, field, " ", t(`draft.${name}`));
  }

  async keep(fields) {
    const { draft, missing } = await post(`/api/desk/handoffs/${this.handoff.id}/draft`, { fields });
    this.show({ draft, missing });
    this.changed?.();
  }

  show({ draft, missing, hints, proposal }) {
    for (const [name, field] of this.fields) {
      const lacks = missing.includes(name);
      field.closest(".field")?.classList.toggle("missing", lacks);
      if (field.type !== "checkbox") field.setAttribute("aria-invalid", String(lacks));
      if (field === document.activeElement) continue;
      if (field.type === "checkbox") field.checked = Boolean(draft[name]);
      else field.value = draft[name] ?? "";
    }
    if (hints) this.hints.replaceChildren(...hints.map((hint) => this.hint(hint)));
    if (proposal) {
      this.proposal.textContent = proposal.unit ? t("draft.proposal", { ...proposal, sure: Math.round(proposal.confidence * 100) }) : "";
    }
  }

  hint({ kind, field, value }) {
    const said = kind === "as_question" ? t("hint.as_question", { value })
      : t("hint.unsaid", { field: t(`draft.${field}`), value: field === "confidential" ? "" : value });
    const fill = el("button", { type: "button" }, t("hint.fill"));
    const fields = kind === "as_question" ? { kind: KINDS[0] } : { [field]: field === "confidential" ? true : value };
    fill.addEventListener("click", () => this.guard(() => this.keep(fields)));
    return el("li", { class: kind }, el("span", {}, said), fill);
  }

  async file() {
    const open = this.hints.children.length;
    if (open && !confirm(t("draft.sure", { count: open }))) return;
    const ticket = await post(`/api/desk/handoffs/${this.handoff.id}/ticket`, { key: this.key });
    this.key = newId();
    await this.filed(ticket);
  }

  focus() {
    const lacking = [...this.fields.values()].find((field) => field.closest(".missing"));
    (lacking ?? this.fields.get("matter")).focus();
  }
}
