// The conversation on the screen: each turn once, in order, and what waits to be sent after it.
import { card } from "./card.js";
import { $, el } from "./dom.js";
import { moment } from "./clock.js";
import { picture } from "./pictures.js";
import { t } from "./strings.js";

export class Turns {
  // `say(text)` says a quick reply; `read(seq)` reads a turn aloud; `retry(id)` sends again.
  constructor({ say, read, retry }) {
    this.say = say;
    this.read = read;
    this.retry = retry;
    this.list = $("#turns");
    this.quick = $("#quick");
    this.clear();
  }

  clear() {
    this.last = 0;
    this.waiting = new Map(); // utterance id -> its element
    this.list.replaceChildren();
    this.offer([]);
  }

  show(turn) {
    if (turn.seq !== null && turn.seq <= this.last) return false;
    if (turn.seq !== null) this.last = turn.seq;
    this.confirm(turn.id);
    const item = this.item(turn);
    const first = this.waiting.values().next().value;
    if (first) first.before(item);
    else this.list.append(item);
    if (turn.speaker !== "caller") this.offer(turn.buttons ?? []);
    else this.offer([]);
    this.down();
    return true;
  }

  item(turn) {
    const item = el(
      "li",
      { class: `turn ${turn.speaker}`, dataset: { seq: turn.seq ?? "" } },
      el("p", { class: "who" }, `${t(`speaker.${turn.speaker}`)} ${turn.at ? moment(turn.at) : ""}`),
      el("p", { class: "what" }, turn.text),
    );
    if (turn.card?.kind === "picture") $(".what", item).replaceChildren(picture(turn.card));
    else if (turn.card) item.append(card(turn.card));
    if (turn.speaker !== "caller" && turn.seq !== null) item.append(this.tools(turn.seq));
    return item;
  }

  tools(seq) {
    const button = el("button", { type: "button", class: "quiet read" }, t("turn.read"));
    button.addEventListener("click", () => this.read(seq));
    return el("div", { class: "tools" }, button);
  }

  // An utterance that the server has not confirmed yet.
  wait(say) {
    if (this.waiting.has(say.id)) return;
    const item = el(
      "li",
      { class: "turn caller pending", dataset: { id: say.id } },
      el("p", { class: "who" }, t("speaker.caller")),
      el("p", { class: "what" }, say.text),
      el("div", { class: "tools" }, el("span", {}, t("turn.pending"))),
    );
    this.waiting.set(say.id, item);
    this.list.append(item);
    this.offer([]);
    this.down();
  }

  confirm(id) {
    this.waiting.get(id)?.remove();
    this.waiting.delete(id);
  }

  fail(id) {
    const tools = $(".tools", this.waiting.get(id) ?? document.createElement("li"));
    if (!tools) return;
    const again = el("button", { type: "button" }, t("turn.retry"));
    again.addEventListener("click", () => {
      tools.replaceChildren(el("span", {}, t("turn.pending")));
      this.retry(id);
    });
    tools.replaceChildren(el("span", { class: "error" }, t("turn.failed")), again);
  }

  tell(text) {
    this.list.append(el("li", { class: "event" }, text));
    this.down();
  }

  offer(buttons) {
    const made = buttons.map(({ title, say }) => {
      const button = el("button", { type: "button" }, title);
      button.addEventListener("click", () => this.say(say));
      return button;
    });
    this.quick.replaceChildren(...made);
    this.quick.hidden = made.length === 0;
  }

  down() {
    this.list.parentElement.scrollTop = this.list.parentElement.scrollHeight;
  }
}
