// The tickets by remaining time, their lights changing as time goes.
import { $, el } from "/static/chat/js/dom.js";
import { run, setNow } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

export class Tickets {
  // `open(ticketNo)` shows one.
  constructor({ open, guard, tell, works }) {
    Object.assign(this, { open, guard, tell, works, picked: new Set() });
    $("#bulk").hidden = !works;
    $("#bulk").addEventListener("submit", (event) => {
      event.preventDefault();
      guard(() => this.transfer(new FormData(event.target).get("unit")));
    });
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
  }

  // The number of tickets past their time, beside the tab.
  late(number) {
    const count = $("#red-count");
    count.textContent = number;
    count.hidden = number === 0;
  }

  row(ticket) {
    const lamp = el("span", { class: `light ${ticket.light ?? ""}` }, t(`light.${ticket.light ?? "none"}`));
    const time = el("time", {});
    const open = el("button", { type: "button" }, ticket.ticket_no);
    open.addEventListener("click", () => this.guard(() => this.open(ticket.ticket_no)));
    const place = [ticket.district, ticket.street, ticket.address].filter(Boolean).join(" ");
    const pick = el("input", { type: "checkbox", "aria-label": t("bulk.pick", ticket), checked: this.picked.has(ticket.ticket_no) });
    pick.addEventListener("change", () => {
      if (pick.checked) this.picked.add(ticket.ticket_no);
      else this.picked.delete(ticket.ticket_no);
    });
    const row = el("tr", { dataset: { no: ticket.ticket_no } },
      el("td", {}, this.works ? pick : null, " ", lamp), el("td", {}, time), el("td", {}, open), el("td", {}, ticket.category),
      el("td", {}, place), el("td", {}, ticket.lead_unit), el("td", {}, t(`status.${ticket.status}`)));
    if (ticket.running_due_at) run(time, ticket.running_due_at);
    if (this.chosen === ticket.ticket_no) row.classList.add("chosen");
    return row;
  }

  // 批量转派: each by itself; what could not be transferred stays picked, and is told.
  async transfer(unit) {
    if (!this.picked.size) return this.tell(t("bulk.none"));
    const { tickets } = await post("/api/desk/transfers", { tickets: [...this.picked], unit });
    const failed = Object.entries(tickets).filter(([, came]) => !came.transferred).map(([no]) => no);
    this.picked = new Set(failed);
    await this.refresh();
    return this.tell(t(failed.length ? "bulk.some" : "bulk.done", { count: Object.keys(tickets).length - failed.length, failed: failed.join("、") }), !failed.length);
  }

  choose(ticketNo) {
    this.chosen = ticketNo;
    for (const row of $("#rows").children) row.classList.toggle("chosen", row.dataset.no === ticketNo);
  }
}
