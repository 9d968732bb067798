// The desk page: signs in, then joins queue, conversation, tickets and the live line.
import { $, el } from "/static/chat/js/dom.js";
import { has, t } from "/static/chat/js/strings.js";
import { Agents } from "./agents.js";
import { get, post, setToken } from "./api.js";
import { Callers } from "./callers.js";
import { Floor } from "./floor.js";
import { Live } from "./live.js";
import { Missed } from "./missed.js";
import { passwordDialog, secondFactor } from "./password.js";
import { Audit, Quality } from "./quality.js";
import { OwnState } from "./state.js";
import { keys } from "./suggestions.js";
import { Switches } from "./switches.js";
import { Talk } from "./talk.js";
import { theme } from "./theme.js";
import { Tickets } from "./tickets.js";
import { TicketView } from "./ticket.js";

const login = $("#login");
const live = new Live(heard, (up) => { $("#line").hidden = up; });
let desk = null; // what is there once somebody has signed in

// Runs work and tells what went wrong; quiet work leaves what was told before.
async function guard(work, quiet = false) {
  try {
    if (!quiet) tell("");
    await work();
  } catch (error) {
    if (error.code === undefined) throw error;
    if (error.code === "unauthenticated" && desk) return leave(error.message);
    tell(error.message);
  }
  return undefined;
}

function tell(text, good = false) {
  $("#said").textContent = text;
  $("#said").hidden = !text;
  $("#said").classList.toggle("good", good);
}

// What a page asks for by itself, and nobody waits for, is told as well when it fails.
addEventListener("unhandledrejection", (event) => {
  if (event.reason?.code === undefined) return;
  event.preventDefault();
  tell(event.reason.message);
});

// What a second editor sent back waits on the editors' page; the way there says so.
async function sentBack(edits) {
  const { sent_back: back } = edits ? await get("/api/desk/knowledge/proposals") : { sent_back: [] };
  $("a[href='/desk/knowledge']").textContent = t(back.length ? "tab.knowledge.back" : "tab.knowledge", { count: back.length });
}

async function enter(me) {
  setToken(me.csrf);
  login.hidden = true;
  login.reset();
  $("#tabs").hidden = $("#sign-out").hidden = $("#open-password").hidden = false;
  $("#open-factor").hidden = me.factor;
  $("#me").textContent = `${me.name}（${t(`role.${me.role}`)}）`;
  const supervises = ["supervisor", "admin"].includes(me.role);
  const may = { callers: takes(me), missed: takes(me), tickets: true, floor: supervises, switches: supervises,
    quality: supervises || me.role === "auditor", audit: supervises || me.role === "auditor", agents: me.role === "admin" };
  for (const [tab, allowed] of Object.entries(may)) $(`[data-tab=${tab}]`).hidden = !allowed;
  const callers = new Callers({ guard, me: me.login, open: (handoff) => desk.talk.show(handoff) });
  const talk = new Talk({ live, callers, guard, me, supervises, tell });
  const view = new TicketView({ guard, supervises, changed: () => desk.tickets.refresh(), live, me: me.login });
  const tickets = new Tickets({ guard, tell, works: takes(me), open: (no) => { tickets.choose(no); return view.show(no); } });
  const state = takes(me) ? new OwnState({ guard, me: me.login }) : null;
  talk.released = () => state?.refresh();
  const floor = new Floor({ guard, open: async (handoff) => { await turnTo("callers"); await talk.show(handoff); } });
  const missed = new Missed({ guard });
  desk = { callers, talk, view, tickets, state, floor, may, missed, switches: new Switches({ guard }),
    quality: new Quality({ guard }), audit: new Audit({ guard }), agents: new Agents({ guard }) };
  if (me.factor_required && !me.factor) {
    tell(t("error.second_factor_missing"));
    if (!(await setFactor())) return leave(t("error.second_factor_missing"));
  }
  const { units, districts } = await get("/api/desk/units");
  $("#units").replaceChildren(...units.map((name) => el("option", { value: name })));
  $("#districts").replaceChildren(...districts.map((name) => el("option", { value: name })));
  live.open();
  sentBack(["editor", "admin"].includes(me.role));
  await turnTo(may.callers ? "callers" : "tickets");
}

function takes(me) {
  return ["agent", "supervisor", "admin"].includes(me.role);
}

async function turnTo(tab) {
  for (const button of document.querySelectorAll("[data-tab]")) {
    const here = button.dataset.tab === tab;
    if (here) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    $(`#${button.dataset.tab}`).hidden = !here;
  }
  await desk?.[tab].refresh();
}

// Most events bring with them what they change, and nothing has to be read. Of a conversation on the
// screen and of an open list the rest is read once, soon after.
const waits = { tickets: 3_000 }; // in ms; a list of tickets may change all the time
const reading = new Set();

function heard(event) {
  if (!desk) return;
  const { talk, callers, state, tickets, missed, may, view } = desk;
  if (event.type === "gap") return soon("all", event.first ? 0 : Math.random() * 1_000); // everybody's page has it
  if (event.type === "signed_in") return guard(() => get("/api/desk/me"), true); // elsewhere: this page is over
  if (event.type === "state") return state?.show(event.state);
  if (event.type === "counts") {
    tickets.late(event.red);
    if (may.missed) missed.late(event.missed);
    return $("#missed").hidden || soon("missed");
  }
  if (event.session_id && event.type !== "handoff") { // of a conversation that we watch
    if (event.session_id === talk.session) return guard(() => talk.heard(event), true);
    return event.speaker === "caller" && callers.told(event.session_id);
  }
  if (event.type === "handoff" && "row" in event) {
    callers.take(event);
    return soon("queue", 0);
  }
  if (event.type === "switch") return $("#switches").hidden || soon("switches");
  if (event.type === "ticket" || event.type === "deadline") {
    if (event.ticket_no === view.no) soon("view");
    return $("#tickets").hidden || soon("tickets");
  }
  return undefined;
}

function soon(what, wait = waits[what] ?? 100) {
  if (reading.has(what)) return;
  reading.add(what);
  setTimeout(() => guard(() => read(what), true), wait);
}

async function read(what) {
  reading.delete(what);
  const here = desk; // who signs out meanwhile leaves it behind
  if (!here) return;
  const { may, talk, callers } = here;
  const open = (tab) => !$(`#${tab}`).hidden;
  if (what === "queue") await talk.follow(callers.show());
  if (what === "all") {
    if (may.callers) {
      await here.state?.refresh();
      await talk.follow(await callers.refresh());
    }
    await talk.catchUp();
    await health();
  }
  for (const tab of ["missed", "switches", "tickets"]) {
    if (may[tab] && open(tab) && (what === tab || what === "all")) await here[tab].refresh();
  }
  if (what === "view" || what === "all") await here.view.refresh();
  live.keep(new Set([...callers.mine.map((one) => one.session_id), ...(talk.session ? [talk.session] : [])]));
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
  guard(async () => {
    try {
      await enter(await post("/api/desk/login", Object.fromEntries(new FormData(login))));
    } catch (error) {
      if (error.code !== "second_factor") throw error;
      $("#code").hidden = false;
      login.elements.code.focus();
    }
  });
});
async function setFactor() {
  if (!(await secondFactor())) return false;
  $("#open-factor").hidden = true;
  tell(t("factor.done"), true);
  return true;
}
$("#open-factor").addEventListener("click", () => guard(setFactor));
$("#sign-out").addEventListener("click", () => guard(async () => {
  await post("/api/desk/logout");
  leave();
}));
$("#tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]")?.dataset.tab;
  if (tab) guard(() => turnTo(tab));
});
passwordDialog(tell);
theme();
keys({ accept: () => desk && guard(() => desk.callers.next()), draft: () => desk?.talk.facts.draft?.focus() });
setInterval(() => desk && guard(health, true), 10_000);

try {
  await enter(await get("/api/desk/me"));
} catch (error) {
  if (error.code === undefined) throw error;
  if (error.code !== "unauthenticated") tell(error.message);
  login.hidden = false;
  get("/api/desk/ways").then(({ oidc }) => { $("#sign-on").hidden = !oidc; }, () => {}); // a password does without
  const refused = new URLSearchParams(location.search).get("refused");
  if (refused) history.replaceState(null, "", location.pathname);
  tell(refused ? t(has(`error.${refused}`) ? `error.${refused}` : "error.other") : sessionStorage.getItem("hotline.told") ?? "");
  sessionStorage.removeItem("hotline.told");
  login.elements.login.focus();
}
