// The desk page: signs in, then joins queue, conversation, tickets and the live line.
import { $, el } from "/static/chat/js/dom.js";
import { has, t } from "/static/chat/js/strings.js";
import { Agents } from "./agents.js";
import { get, post, setToken } from "./api.js";
import { Callers } from "./callers.js";
import { Live } from "./live.js";
import { passwordDialog } from "./password.js";
import { Talk } from "./talk.js";
import { Tickets } from "./tickets.js";
import { TicketView } from "./ticket.js";

const login = $("#login");
const live = new Live(heard, (up) => { $("#line").hidden = up; });
let desk = null; // what is there once somebody has signed in

async function guard(work) {
  try {
    tell("");
    await work();
  } catch (error) {
    if (error.code === undefined) throw error;
    if (error.code === "unauthenticated" && desk) return leave(error.message);
    tell(error.message);
  }
  return undefined;
}

function tell(text) {
  $("#said").textContent = text;
  $("#said").hidden = !text;
}

async function enter(me) {
  setToken(me.csrf);
  login.hidden = true;
  login.reset();
  $("#tabs").hidden = $("#sign-out").hidden = $("#open-password").hidden = false;
  $("#me").textContent = `${me.name}（${t(`role.${me.role}`)}）`;
  $("[data-tab=agents]").hidden = me.role !== "admin";
  const callers = new Callers({ guard, open: (handoff) => desk.talk.show(handoff) });
  const talk = new Talk({ live, callers, guard, me: me.login });
  const view = new TicketView({ guard, supervises: ["supervisor", "admin"].includes(me.role), changed: () => desk.tickets.refresh() });
  const tickets = new Tickets({ guard, open: (no) => { tickets.choose(no); return view.show(no); } });
  desk = { callers, talk, view, tickets, agents: new Agents({ guard }) };
  const { units } = await get("/api/desk/units");
  $("#units").replaceChildren(...units.map((name) => el("option", { value: name })));
  live.open();
  await turnTo("callers");
  await tickets.count();
}

async function turnTo(tab) {
  for (const button of document.querySelectorAll("[data-tab]")) {
    const here = button.dataset.tab === tab;
    if (here) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    $(`#${button.dataset.tab}`).hidden = !here;
  }
  await desk[tab].refresh();
}

// Events may come in bursts: what they change is read once, soon after.
const changed = new Set();
let reading = null;

function heard(event) {
  if (event.type === "error" || event.type === "watching") return;
  changed.add(event.type);
  reading ??= setTimeout(() => guard(read), 30);
}

async function read() {
  reading = null;
  const types = new Set(changed);
  changed.clear();
  if (!desk) return;
  const all = types.has("gap");
  if (all || types.has("handoff")) await desk.talk.follow(await desk.callers.refresh());
  if (all || types.has("turn") || types.has("ticket")) await desk.talk.catchUp();
  if (all || types.has("ticket") || types.has("deadline")) {
    if ($("#tickets").hidden) await desk.tickets.count();
    else await desk.tickets.refresh();
    await desk.view.refresh();
  }
  if (all) await health();
}

async function health() {
  const { degraded } = await get("/health");
  const parts = degraded.map((part) => (has(`part.${part}`) ? t(`part.${part}`) : part)).join("、");
  $("#degraded").textContent = t("degraded", { parts });
  $("#degraded").hidden = degraded.length === 0;
}

function leave(text = "") {
  live.close();
  desk = null;
  location.hash = "";
  if (text) sessionStorage.setItem("hotline.told", text);
  location.reload();
}

login.addEventListener("submit", (event) => {
  event.preventDefault();
  guard(async () => enter(await post("/api/desk/login", Object.fromEntries(new FormData(login)))));
});
$("#sign-out").addEventListener("click", () => guard(async () => {
  await post("/api/desk/logout");
  leave();
}));
$("#tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]")?.dataset.tab;
  if (tab) guard(() => turnTo(tab));
});
passwordDialog(tell);
setInterval(() => desk && guard(health), 10_000);

try {
  await enter(await get("/api/desk/me"));
} catch (error) {
  if (error.code === undefined) throw error;
  if (error.code !== "unauthenticated") tell(error.message);
  login.hidden = false;
  tell(sessionStorage.getItem("hotline.told") ?? "");
  sessionStorage.removeItem("hotline.told");
  login.elements.login.focus();
}
