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
  await turnTo(may.callers ? "callers" : "tickets");
  await tickets.count();
  if (may.missed) await missed.count();
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

// Events may come in bursts: what they change is read once, soon after.
const changed = new Set();
let reading = null;

function heard(event) {
  if (event.type === "error" || event.type === "watching") return;
  if (event.type === "signed_in") {
    if (event.agent === desk?.talk.me) guard(() => get("/api/desk/me"), true); // elsewhere: this page is over
    return;
  }
  changed.add(event.type);
  reading ??= setTimeout(() => guard(read, true), 30);
}

async function read() {
  reading = null;
  const types = new Set(changed);
  changed.clear();
  const here = desk; // who signs out meanwhile leaves it behind
  if (!here) return;
  const all = types.has("gap");
  const { may } = here;
  if (may.callers && (all || types.has("handoff") || types.has("state"))) await here.state?.refresh();
  if (may.callers && (all || types.has("handoff"))) await here.talk.follow(await here.callers.refresh());
  if (all || ["turn", "ticket", "note", "attachment"].some((type) => types.has(type))) await here.talk.catchUp();
  if (may.missed && (all || types.has("missed"))) await ($("#missed").hidden ? here.missed.count() : here.missed.refresh());
  if (types.has("switch") && !$("#switches").hidden) await here.switches.refresh();
  if (all || types.has("ticket") || types.has("deadline")) {
    if ($("#tickets").hidden) await here.tickets.count();
    else await here.tickets.refresh();
    await here.view.refresh();
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
