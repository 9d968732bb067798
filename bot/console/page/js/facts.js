// What is known of a caller: the summary at hand-over, the draft as far as filled, tickets.
import { $, el } from "/static/chat/js/dom.js";
import { has, t } from "/static/chat/js/strings.js";

export function facts(handoff, tickets) {
  const rows = Object.entries(handoff.draft ?? {})
    .filter(([name, value]) => has(`draft.${name}`) && value !== "" && value !== null)
    .flatMap(([name, value]) => [el("dt", {}, t(`draft.${name}`)), el("dd", {}, told(value))]);
  const list = tickets.map((ticket) =>
    el("li", {}, `${ticket.ticket_no} ${ticket.category} `, el("span", {}, t(`status.${ticket.status}`))));
  $("#facts").replaceChildren(
    el("h2", {}, t("facts.summary")),
    el("pre", {}, handoff.summary || t("facts.none")),
    el("h2", {}, t("facts.draft")),
    rows.length ? el("dl", {}, ...rows) : el("p", { class: "hint" }, t("facts.none")),
    el("h2", {}, t("facts.tickets")),
    list.length ? el("ol", {}, ...list) : el("p", { class: "hint" }, t("facts.none")),
  );
}

function told(value) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
