// The editors' page of the knowledge base.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post, setToken } from "/static/desk/js/api.js";

const AT = "/api/desk/knowledge";
const edit = $("#edit");
const audio = new Audio();
let login = "";

async function guard(work) {
  $("#said").hidden = true;
  try {
    await work();
  } catch (error) {
    if (error.code === undefined) throw error;
    $("#said").textContent = error.message;
    $("#said").hidden = false;
  }
}

function press(label, work, data = {}) {
  return el("button", { type: "button", dataset: data, onclick: () => guard(work) }, t(label));
}

async function trials() {
  const { trials: last } = await get(`${AT}/trials`);
  const named = (entry) => entry ?? t("trials.nothing");
  $("#trials").replaceChildren(...last.map((one) => el("li", {},
    t(one.entry === one.now.entry ? "trials.row" : "trials.changed", { ...one, at: day(one.at), was: named(one.entry), is: named(one.now.entry) }))));
}

function opener(entry, label) {
  return el("button", { type: "button", dataset: { entry }, onclick: () => guard(() => open(entry)) }, label);
}

async function search() {
  const asked = new URLSearchParams(new FormData($("#search")));
  const found = await get(`${AT}/search?${asked}`);
  const said = [t(`kind.${found.kind}`, found), found.ask ? t("ask", found) : "", found.trouble ?? ""];
  $("#finding").textContent = said.join(" ");
  $("#matches").replaceChildren(...found.matches.map((match) => el("li", {}, opener(match.entry, t("match", match)))));
  await trials();
}

async function open(id) {
  const entry = await get(`${AT}/entries/${encodeURIComponent(id)}`);
  edit.file.value = entry.file;
  edit.yaml.value = entry.yaml;
  show(entry.answer, entry.spoken);
  edit.yaml.focus();
}

function show(answer, spoken) {
  $("#preview").textContent = answer;
  $("#spoken").textContent = spoken.join("");
}

async function publish() {
  await tell(await post(`${AT}/publish`, Object.fromEntries(new FormData(edit))));
}

async function propose() {
  if (!edit.reportValidity()) return;
  await tell(await post(`${AT}/proposals`, Object.fromEntries(new FormData(edit))));
  await proposals();
}

async function proposals() {
  const { proposals: waiting, sent_back: back } = await get(`${AT}/proposals`);
  $("#no-proposals").hidden = waiting.length > 0;
  $("#proposals").replaceChildren(...waiting.map((one) => el("li", {},
    t("proposals.row", { ...one, at: day(one.at) }), " ",
    press("proposals.open", () => look(one)), " ",
    press("proposals.accept", () => judge(one, true), { accept: one.number }), " ",
    one.who === login ? press("proposals.withdraw", () => judge(one, false)) : returner(one))));
  $("#sent-back").hidden = $("#sent-back-mark").hidden = back.length === 0;
  $("#sent-back-mark a").textContent = t("sent_back.mark", { count: back.length });
  $("#returned").replaceChildren(...back.map((one) => el("li", {},
    t("sent_back.row", { ...one, by: one.back?.who ?? "", at: day(one.back?.at ?? one.at), because: one.back?.why ?? "" }), " ",
    press("proposals.open", () => look(one)), " ",
    press("sent_back.aside", () => aside(one), { aside: one.number }))));
}

function returner(one) {
  const why = el("input", { name: "why", required: true, maxlength: 500, placeholder: t("proposals.because"), "aria-label": t("proposals.because") });
  return el("form", { class: "back", dataset: { return: one.number }, onsubmit: (event) => {
    event.preventDefault();
    guard(() => judge(one, false, why.value));
  } }, why, " ", el("button", {}, t("proposals.back")));
}

async function aside({ number }) {
  await post(`${AT}/proposals/${number}/aside`);
  await proposals();
}

function look({ file, yaml, why }) {
  Object.assign(edit.file, { value: file });
  Object.assign(edit.yaml, { value: yaml });
  Object.assign(edit.why, { value: why });
  show("", []);
  edit.yaml.focus();
}

async function judge({ number }, accepted, why = "") {
  await tell(await post(`${AT}/proposals/${number}`, { accepted, why }));
  await proposals();
}

const day = (at) => at.slice(0, 16).replace("T", " ");

async function tell({ edition, proposal, problems = [] }) {
  $("#problems").replaceChildren(...problems.map((problem) => el("li", {}, problem)));
  $("#published").textContent = edition ? t("published", edition) : proposal ? t("proposed") : "";
  if (!edition) return;
  const [id] = edition.entries;
  const still = id && edit.yaml.value.startsWith(`id: ${id}\n`);
  if (still) await open(id).catch(() => show("", []));
  await Promise.all([history(), stale()]);
}

async function listen() {
  audio.src = `${AT}/spoken?text=${encodeURIComponent($("#spoken").textContent)}`;
  await audio.play().catch(() => { throw Object.assign(new Error(t("error.unavailable")), { code: "unavailable" }); });
}

async function gaps() {
  const { gaps: found, weeks } = await get(`${AT}/unanswered?week=${$("#week").value}`);
  const known = new Set([...$("#week").options].map((option) => option.value));
  $("#week").append(...weeks.filter((week) => !known.has(week)).map((week) => el("option", { value: week }, t("gaps.weekly", { week }))));
  $("#no-gaps").hidden = found.length > 0;
  $("#gaps").replaceChildren(...found.map((gap) => {
    const districts = gap.districts.map(([name, count]) => `${name} ${count}`).join("、");
    const answers = gap.answered_by ? [opener(gap.answered_by, t("gaps.answered"))] : [];
    const judged = gap.entries.map(([id, count]) => opener(id, t("gaps.unhelpful", { count })));
    return el("li", {}, t("gaps.row", { ...gap, districts }), " ", press("gaps.draft", () => draft(gap)), " ", ...answers, ...judged);
  }));
}

function draft(gap) {
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  const others = gap.examples.filter((text) => text !== gap.question);
  const variants = [...new Set(others)];
  const quoted = (text) => JSON.stringify(text);
  edit.yaml.value = [
    `id: draft-${today}`,
    `question: ${quoted(gap.question)}`,
    ...(variants.length ? ["variants:", ...variants.map((text) => `- ${quoted(text)}`)] : ["variants: []"]),
    `answer: ${quoted(t("draft.answer"))}`,
    "spoken:", `- ${quoted(t("draft.spoken"))}`,
    `unit: ${quoted(t("draft.unit"))}`,
    `area: ${t("draft.area")}`,
    "source:", `- document: ${quoted(t("draft.document"))}`, `  place: ${quoted(t("draft.place"))}`,
    `as_of: "${today}"`, "",
  ].join("\n");
  show("", []);
  edit.yaml.focus();
}

async function stale() {
  const { entries, files } = await get(`${AT}/stale`);
  const chosen = edit.file.value;
  edit.file.replaceChildren(...files.map((name) => el("option", { value: name }, name)));
  if (files.includes(chosen)) edit.file.value = chosen;
  $("#stale").replaceChildren(...entries.map((row) => el("li", {},
    opener(row.entry, t(row.served ? "stale.row" : "stale.expired", row)))));
}

async function verdicts() {
  const { entries } = await get(`${AT}/verdicts`);
  $("#no-verdicts").hidden = entries.length > 0;
  $("#verdicts").replaceChildren(...entries.map((row) => el("li", {}, opener(row.entry, t("verdicts.row", row)))));
}

async function history() {
  const { editions } = await get(`${AT}/history`);
  $("#history").replaceChildren(...editions.map((edition) => el("li", {},
    t("history.row", { ...edition, at: day(edition.at), who: [edition.who, edition.accepted_by].filter(Boolean).join("、") }), " ",
    press("history.show", () => differences(edition.number), { show: edition.number }), " ",
    press("history.back", () => back(edition.number), { back: edition.number }))));
}

async function differences(number) {
  const { lines } = await get(`${AT}/history/${number}`);
  $("#differences").textContent = lines.join("\n");
  $("#differences").hidden = false;
}

async function back(number) {
  await tell(await post(`${AT}/rollback`, { edition: number, why: t("history.back.why", { number }) }));
}

for (const [form, work] of [["#search", search], ["#edit", publish]]) {
  $(form).addEventListener("submit", (event) => {
    event.preventDefault();
    guard(work);
  });
}
$("#week").addEventListener("change", () => guard(gaps));
$("#propose").addEventListener("click", () => guard(propose));
$("#listen").addEventListener("click", () => guard(listen));
await guard(async () => {
  const me = await get("/api/desk/me");
  setToken(me.csrf);
  login = me.login;
  await Promise.all([stale(), history(), gaps(), verdicts(), proposals(), trials()]);
});
