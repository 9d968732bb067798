// One ticket: what it says, what happened to it, and what can be done with it.
import { $, el } from "/static/chat/js/dom.js";
import { moment, run } from "/static/chat/js/clock.js";
import { has, t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { BY_SUPERVISOR, ORDERS, told } from "./orders.js";

export class TicketView {
  // `changed(ticketNo)` is told after every order.
  constructor({ guard, changed, supervises }) {
    this.supervises = supervises;
    this.guard = guard;
    this.changed = changed;
    this.place = $("#one");
    this.no = null;
    setInterval(() => guard(() => this.look(), true), 5_000);
  }

  async show(ticketNo) {
    this.no = ticketNo;
    this.draw(await get(`/api/desk/tickets/${ticketNo}`));
    await this.look();
  }

  async refresh() {
    if (!this.no || this.place.contains(document.activeElement)) return;
    const ticket = await get(`/api/desk/tickets/${this.no}`);
    const same = ["version", "light"].every((name) => ticket[name] === this.ticket[name]);
    if (ticket.ticket_no === this.no && !same) this.draw(ticket);
  }

  draw(ticket) {
    this.ticket = ticket;
    this.others = el("p", { class: "others", role: "status", hidden: true });
    const time = el("time", {});
    const lamp = el("span", { class: `light ${ticket.light ?? ""}` }, t(`light.${ticket.light ?? "none"}`));
    if (ticket.running_due_at) run(time, ticket.running_due_at);
    const { draft } = ticket;
    const identity = el("dl", {},
      el("dt", {}, t("ticket.name")), el("dd", {}, draft.name || "—"),
      el("dt", {}, t("ticket.phone")), el("dd", {}, draft.phone || "—"));
    this.place.replaceChildren(
      el("h2", {}, `${ticket.ticket_no} `, lamp, " ", time),
      this.others,
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
    const buttons = Object.keys(ORDERS)
      .filter((command) => ticket.commands.includes(command) && (this.supervises || !BY_SUPERVISOR.has(command)))
      .map((command) => this.button(ticket, command));
    forms.push(el("div", { class: "row orders" }, ...buttons));
    return forms;
  }

  button(ticket, command) {
    const button = el("button", { type: "button", dataset: { order: command } }, t(`event.${command}`));
    button.addEventListener("click", () => this.guard(async () => {
      const fields = await ORDERS[command](this.no);
      const asked = await ask(`event.${command}`, [...fields, { name: "reason", key: "ticket.order.reason", wide: true }]);
      if (!asked) return;
      await this.send(() => post(`/api/desk/tickets/${this.no}/orders`, { command, ...told(asked), version: ticket.version }));
    }));
    return button;
  }

  // Sends an order; where somebody was faster, shows what they changed instead.
  async send(order) {
    try {
      this.draw(await order());
    } catch (error) {
      if (error.code === "stale" || error.code === "not_in_table") {
        const before = this.ticket;
        await this.show(this.no);
        this.differ(before);
      }
      throw error;
    }
    this.changed(this.no);
  }

  differ(before) {
    const fresh = this.ticket.history.filter((event) => event.seq > before.version);
    if (!fresh.length) return;
    const rows = ["status", "lead_unit", "due_at", "supervised"].filter((name) => String(before[name]) !== String(this.ticket[name]))
      .map((name) => el("li", {}, t("differ.field", { field: t(`differ.${name}`), old: this.told(name, before), now: this.told(name, this.ticket) })));
    this.place.prepend(el("section", { class: "differ", role: "status" }, el("h2", {}, t("differ.title")), this.history(fresh), el("ul", {}, ...rows)));
  }

  told(name, ticket) {
    const value = ticket[name];
    if (name === "status") return t(`status.${value}`);
    if (name === "due_at") return moment(value);
    return typeof value === "boolean" ? t(value ? "yes" : "no") : value || "—";
  }

  // Who else looks at it: said again and again while it is shown.
  async look() {
    if (!this.no || $("#tickets").hidden) return;
    const { others } = await post(`/api/desk/tickets/${this.no}/lookers`);
    this.others.textContent = others.length ? t("ticket.others", { others: others.join("、") }) : "";
    this.others.hidden = !others.length;
  }

  form(name, fields, reasonKey, send) {
    const reason = el("input", { name: "reason", maxlength: "500" });
    const form = el("form", { dataset: { order: name } }, ...fields,
      el("label", {}, t(reasonKey), reason), el("button", { class: "main" }, t(`ticket.${name}`)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guard(() => this.send(() => send(reason.value)));
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
