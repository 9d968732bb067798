// Next words under the conversation: F2, F3 and F4 send the first three; a click sends too.
import { el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";

const KEYS = ["F2", "F3", "F4"];

export function suggestions(place, { next, canned }, send, put) {
  const chips = next.slice(0, KEYS.length).map((text, index) => {
    const chip = el("button", { type: "button", class: "chip", title: text, dataset: { key: KEYS[index] } },
      el("kbd", {}, KEYS[index]), ` ${text}`);
    chip.addEventListener("click", () => send(text));
    return chip;
  });
  const list = el("select", { "aria-label": t("talk.canned") }, el("option", { value: "" }, t("talk.canned")),
    ...canned.map((text) => el("option", { value: text }, text)));
  list.addEventListener("change", () => {
    if (list.value) put(list.value);
    list.value = "";
  });
  place.replaceChildren(...chips, list);
}

// One key for each: suggestions, the next caller (F8), the draft (F9).
export function keys({ accept, draft }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const chip = document.querySelector(`.chip[data-key="${event.key}"]`);
    const act = chip ? () => chip.click() : { F8: accept, F9: draft }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
