// The tickets by remaining time, their lights changing as time goes.
import { $, el } from "/static/chat/js/dom.js";
import { run, setNow } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get } from "./api.js";

export class Tickets {
  // `open(ticketNo)` shows one.
  constructor({ open, guard }) {
    this.open = open;
    this.guard = guard;
    this.chosen = null;
    this.filter = $("#filter");
    this.filter.addEventListener("change", () => guard(() => this.refresh()));
    setInterval(() => $("#tickets").hidden || guard(() => this.refresh(), true), 15_000);
  }

  async refresh() {
    const { show, light } = Object.fromEntries(new FormData(this.filter));
    const wish = new URLSearchParams({ limit: "300" });
    if (show !== "all") wish.set(show, "1");
    if (light) wish.set("light", light);
    const { now, tickets } = await get(`/api/desk/tickets?${wish}`);
    setNow(now);
    $("#rows").replaceChildren(...tickets.map((ticket) => this.row(ticket)));
    $("#no-rows").hidden = tickets.length > 0;
    $("#totals").textContent = t("filter.total", { count: tickets.length });
    await this.count();
  }

  // The number of tickets past their time, beside the tab.
  async count() {
    const { tickets } = await get("/api/desk/tickets?open=1&light=red&limit=500");
    const count = $("#red-count");
    count.textContent = tickets.length;
    count.hidden = tickets.length === 0;
  }

  row(ticket) {
    const lamp = el("span", { class: `light ${ticket.light ?? ""}` }, t(`light.${ticket.light ?? "none"}`));
    const time = el("time", {});
    const open = el("button", { type: "button" }, ticket.ticket_no);
    open.addEventListener("click", () => this.guard(() => this.open(ticket.ticket_no)));
    const place = [ticket.district, ticket.street, ticket.address].filter(Boolean).join(" ");
    const row = el("tr", { dataset: { no: ticket.ticket_no } },
      el("td", {}, lamp), el("td", {}, time), el("td", {}, open), el("td", {}, ticket.category),
      el("td", {}, place), el("td", {}, ticket.lead_unit), el("td", {}, t(`status.${ticket.status}`)));
    if (ticket.running_due_at) run(time, ticket.running_due_at);
    if (this.chosen === ticket.ticket_no) row.classList.add("chosen");
    return row;
  }

  choose(ticketNo) {
    this.chosen = ticketNo;
    for (const row of $("#rows").children) row.classList.toggle("chosen", row.dataset.no === ticketNo);
  }
}
