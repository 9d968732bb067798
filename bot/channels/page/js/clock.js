// Times as people read them, and clocks that run. `skew` is the server's clock less ours.
import { t } from "./strings.js";

let skew = 0;
const clocks = new Set();

export function setNow(serverNow) {
  skew = new Date(serverNow) - Date.now();
}

export function remaining(due) {
  return Math.round((new Date(due) - Date.now() - skew) / 1000);
}

export function span(seconds) {
  const whole = Math.abs(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours >= 48) return t("span.days", { days: Math.floor(hours / 24), hours: hours % 24 });
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

export function moment(iso) {
  const at = new Date(iso);
  const today = new Date(Date.now() + skew);
  const time = at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  const day = (date) => date.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
  return day(at) === day(today) ? time : `${day(at)} ${time}`;
}

// The light of a 15-minute transfer: amber from its tenth minute on, red from its end.
export function light(seconds) {
  if (seconds < 0) return "red";
  return seconds <= 300 ? "amber" : "green";
}

// Keeps `element` telling how long there is until `due`, for as long as it is on the page.
export function run(element, due, told = () => {}) {
  const clock = () => {
    const seconds = remaining(due);
    element.textContent = t(seconds >= 0 ? "card.remaining" : "card.overdue", { time: span(seconds) });
    told(seconds);
  };
  clock();
  clocks.add({ element, clock });
}

setInterval(() => {
  for (const entry of clocks) {
    if (entry.element.isConnected) entry.clock();
    else clocks.delete(entry);
  }
}, 1000);
