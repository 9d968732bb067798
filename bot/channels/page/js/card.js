// The card of a ticket: its number, its clock, and what was noted.
import { light, moment, run } from "./clock.js";
import { el } from "./dom.js";
import { t } from "./strings.js";

const FIELDS = ["status", "category", "content", "address", "unit"];

export function card(facts) {
  const number = facts.ticket_no ?? "";
  const rows = el("dl");
  const row = (key, ...value) => rows.append(el("dt", {}, t(`card.${key}`)), el("dd", {}, ...value));
  for (const key of FIELDS) if (facts[key]) row(key, String(facts[key]));
  if (facts.transferred_at) row("transfer", t("card.transferred"));
  else if (facts.transfer_due_at) row("transfer", ...transferClock(facts.transfer_due_at));
  if (facts.due_at) row("due", moment(facts.due_at));
  return el(
    "section",
    { class: "card", "aria-label": `${t("card.ticket")} ${number}` },
    el("h3", {}, t("card.ticket_no")),
    el("p", { class: "number" }, number),
    rows,
    copyButton(number),
  );
}

// Screen readers are not told each second: the time is silent, the light's word is there to read.
function transferClock(due) {
  const lamp = el("span", { class: "light" });
  const time = el("time", { datetime: due });
  run(time, due, (seconds) => {
    const colour = light(seconds);
    if (lamp.classList.contains(colour)) return;
    lamp.className = `light ${colour}`;
    lamp.textContent = t(`card.light.${colour}`);
  });
  return [lamp, " ", el("span", { "aria-live": "off" }, time)];
}

function copyButton(number) {
  if (!navigator.clipboard || !number) return null;
  const button = el("button", { type: "button", class: "quiet" }, t("card.copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(number);
    button.textContent = t("card.copied");
  });
  return button;
}
