// Call-backs of an agent: who is due, and what came of it.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post, setToken } from "/static/desk/js/api.js";

const GRADES = [5, 4, 3, 2, 1];

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

async function refresh() {
  const kind = $("#kind").value;
  const { call_backs: found } = await get(`/api/desk/call-backs${kind ? `?kind=${kind}` : ""}`);
  $("#list").replaceChildren(...found.map(entry));
  $("#none").hidden = found.length > 0;
}

async function came(task, told) {
  await post(`/api/desk/call-backs/${task.id}`, told);
  await refresh();
}

function entry(task) {
  const head = t("head", { no: task.ticket_no, category: task.category, district: task.district });
  const tried = [t("attempts", { number: task.attempts + 1 }), task.reworked ? t("reworked") : ""];
  const who = el("span", {}, t("who", { name: task.name, phone: task.phone }));
  return el(
    "li",
    { dataset: { id: task.id, kind: task.kind } },
    el("strong", {}, head),
    el("p", {}, task.content),
    el("p", {}, t("unit", { unit: task.unit })),
    el("p", {}, t("reply", { reply: task.reply })),
    el("p", { class: "row" }, who, el("button", { type: "button", onclick: () => guard(() => reveal(task, who)) }, t("number")), el("span", { class: "hint" }, tried.join(" "))),
    task.kind === "onsite" ? visit(task) : call(task),
  );
}

async function reveal(task, who) {
  const known = await post(`/api/desk/tickets/${task.ticket_no}/identity`, { reason: t("number.reason") });
  who.textContent = t("who", known);
}

function choice(name, label, none, required) {
  const options = GRADES.map((grade) => el("option", { value: grade }, t(`grade.${grade}`)));
  options.unshift(el("option", { value: "" }, t(none)));
  return el("label", {}, `${t(label)} `, el("select", { name, required }, ...options));
}

function call(task) {
  const comment = el("textarea", { name: "comment", maxlength: 500, "aria-label": t("comment"), placeholder: t("comment") });
  const form = el(
    "form",
    {},
    choice("grade", "grade", "grade.none", true),
    choice("service", "service", "service.none", false),
    comment,
    el("button", { class: "main" }, t("rated")),
    ...["unreached", "later", "declined"].map((what) =>
      el("button", { type: "button", dataset: { came: what }, onclick: () => guard(() => came(task, told(what))) }, t(what))),
    el("label", {}, el("input", { type: "checkbox", name: "forever" }), ` ${t("forever")}`),
  );
  const told = (what) => (what === "declined" ? { came: what, forever: form.forever.checked } : { came: what });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const rated = { came: "rated", grade: Number(form.grade.value), comment: comment.value };
    if (form.service.value) rated.service = Number(form.service.value);
    guard(() => came(task, rated));
  });
  return form;
}

function visit(task) {
  const finding = el("textarea", { name: "finding", required: true, maxlength: 1000, "aria-label": t("finding"), placeholder: t("finding") });
  const form = el("form", {}, finding, el("button", { class: "main" }, t("seen")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    guard(() => came(task, { came: "seen", finding: finding.value }));
  });
  return form;
}

$("#kind").addEventListener("change", () => guard(refresh));
$("#refresh").addEventListener("click", () => guard(refresh));
await guard(async () => {
  setToken((await get("/api/desk/me")).csrf);
  await refresh();
});
