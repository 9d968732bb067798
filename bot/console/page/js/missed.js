// 漏接回拨: whom to call back; the number for a reason, what came of it.
import { $, el } from "/static/chat/js/dom.js";
import { moment } from "/static/chat/js/clock.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";

export class Missed {
  constructor({ guard }) {
    this.guard = guard;
  }

  // How many there are, beside the tab.
  late(number) {
    const count = $("#missed-count");
    count.textContent = number;
    count.hidden = number === 0;
  }

  async refresh() {
    const { missed } = await get("/api/desk/missed");
    this.late(missed.length);
    $("#missed-rows").replaceChildren(...missed.map((entry) => this.row(entry)));
    $("#no-missed").hidden = missed.length > 0;
  }

  row(entry) {
    const phone = el("span", {}, entry.phone);
    const button = (key, work, kind = "") => {
      const made = el("button", { type: "button", class: kind }, t(key));
      made.addEventListener("click", () => this.guard(work));
      return made;
    };
    const done = async (reached) => {
      const told = await ask(reached ? "missed.reached" : "missed.unreached", [{ name: "note", key: "missed.note", wide: true }]);
      if (!told) return;
      await post(`/api/desk/missed/${entry.id}`, { reached, note: told.note });
      await this.refresh();
    };
    const show = async () => {
      const told = await ask("missed.number", [{ name: "reason", key: "ticket.reveal.reason", required: true }]);
      if (told) phone.textContent = (await post(`/api/desk/missed/${entry.id}/number`, told)).phone;
    };
    return el("tr", {},
      el("td", {}, moment(entry.missed_at)), el("td", {}, t(`missed.why.${entry.why}`)),
      el("td", {}, t(`channel.${entry.channel}`)), el("td", {}, phone),
      el("td", { class: "lines" }, entry.summary), el("td", {}, String(entry.attempts)),
      el("td", {}, el("div", { class: "row" }, button("missed.number", show), button("missed.reached", () => done(true), "main"), button("missed.unreached", () => done(false)))));
  }
}
