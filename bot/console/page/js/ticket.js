// One ticket: what it says, what happened to it, and what can be done with it.
import { $, el } from "/static/chat/js/dom.js";
import { moment, run } from "/static/chat/js/clock.js";
import { has, t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

export class TicketView {
  // `changed(ticketNo)` is told after every order.
  constructor({ guard, changed, supervises }) {
    this.supervises = supervises;
    this.guard = guard;
    this.changed = changed;
    this.place = $("#one");
    this.no = null;
  }

  async show(ticketNo) {
    this.no = ticketNo;
    this.draw(await get(`/api/desk/tickets/${ticketNo}`));
  }

  async refresh() {
    if (!this.no || this.place.contains(document.activeElement)) return;
    await this.show(this.no);
  }

  draw(ticket) {
    const time = el("time", {});
    const lamp = el("span", { class: `light ${ticket.light ?? ""}` }, t(`light.${ticket.light ?? "none"}`));
    if (ticket.running_due_at) run(time, ticket.running_due_at);
    const { draft } = ticket;
    const identity = el("dl", {},
      el("dt", {}, t("ticket.name")), el("dd", {}, draft.name || "—"),
      el("dt", {}, t("ticket.phone")), el("dd", {}, draft.phone || "—"));
    this.place.replaceChildren(
      el("h2", {}, `${ticket.ticket_no} `, lamp, " ", time),
      this.facts(ticket),
      identity,
      this.reveal(identity),
      ...this.orders(ticket),
      el("h2", {}, t("ticket.history")),
      this.history(ticket.history),
    );
  }

  facts(ticket) {
    const rows = el("dl", {});
    const row = (key, value) => value && rows.append(el("dt", {}, t(`ticket.${key}`)), el("dd", {}, value));
    row("status", t(`status.${ticket.status}`));
    row("category", ticket.category);
    row("content", ticket.content);
    row("place", [ticket.district, ticket.street, ticket.address].filter(Boolean).join(" "));
    row("unit", [ticket.lead_unit, ...ticket.co_units].join("、"));
    row("urgency", t(`urgency.${ticket.urgency}`));
    row("accepted", moment(ticket.accepted_at));
    row("due", moment(ticket.due_at));
    return rows;
  }

  // Name and number stay masked until asked for, with a reason that goes on record.
  reveal(identity) {
    const reason = el("input", { name: "reason", required: true, maxlength: "500" });
    const form = el("form", {}, el("label", {}, t("ticket.reveal.reason"), reason),
      el("button", {}, t("ticket.reveal.go")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guard(async () => {
        const { name, phone } = await post(`/api/desk/tickets/${this.no}/identity`, { reason: reason.value });
        const [first, second] = identity.querySelectorAll("dd");
        first.textContent = name || "—";
        second.textContent = phone || "—";
        details.remove();
      });
    });
    const details = el("details", {}, el("summary", {}, t("ticket.reveal")), form);
    return details;
  }

  orders(ticket) {
    const forms = [];
    if (ticket.commands.includes("transfer")) {
      const unit = el("input", { name: "unit", required: true, list: "units", value: ticket.lead_unit, maxlength: "200" });
      forms.push(this.form("transfer", [el("label", {}, t("ticket.transfer.unit"), unit)], "ticket.transfer.reason",
        (reason) => post(`/api/desk/tickets/${this.no}/transfer`, { unit: unit.value, reason, version: ticket.version })));
    }
    for (const command of this.supervises ? ["supervise", "urge"] : ["urge"]) {
      if (!ticket.commands.includes(command)) continue;
      const form = this.form(command, [], "ticket.order.reason",
        (reason) => post(`/api/desk/tickets/${this.no}/orders`, { command, reason, version: ticket.version }));
      forms.push(el("details", {}, el("summary", {}, t(`ticket.${command}`)), form));
    }
    return forms;
  }

  form(name, fields, reasonKey, send) {
    const reason = el("input", { name: "reason", maxlength: "500" });
    const form = el("form", { dataset: { order: name } }, ...fields,
      el("label", {}, t(reasonKey), reason), el("button", { class: "main" }, t(`ticket.${name}`)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guard(async () => {
        try {
          this.draw(await send(reason.value));
        } catch (error) {
          if (error.code === "stale") await this.show(this.no);
          throw error;
        }
        this.changed(this.no);
      });
    });
    return form;
  }

  history(events) {
    const by = (login) => (has(`by.${login}`) ? t(`by.${login}`) : login);
    const what = (event) => (has(`event.${event}`) ? t(`event.${event}`) : event);
    return el("ol", { class: "history" }, ...events.map((event) =>
      el("li", {}, `${what(event.event)} · ${by(event.by)}${event.reason ? ` · ${event.reason}` : ""} `,
        el("span", { class: "hint" }, moment(event.at)))));
  }
}
