// The monthly report: asks for a month, draws sums, charts and tables.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get } from "/static/desk/js/api.js";
import { Charts } from "./charts.js";

const charts = new Charts({ chosen: (district) => topicsOf(district) });
let report = null;

const share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)}%` : t("nothing"));

function sums(city) {
  const rows = [
    ["received", city.received.toLocaleString("zh-CN")],
    ["transferred", share(city.transferred_in_time, city.received)],
    ["closed", share(city.closed_in_time, city.closed)],
    ["satisfied", share(city.satisfied, city.rated)],
    ["returned", city.returned.toLocaleString("zh-CN")],
    ["reworked", `${city.reworked.toLocaleString("zh-CN")}（${share(city.reworked, city.closed)}）`],
  ];
  $("#sums").replaceChildren(
    ...rows.map(([name, value]) => el("li", { dataset: { sum: name } }, t(`sum.${name}`), el("strong", {}, value))),
  );
}

function cell(value, isShare) {
  if (value === null) return el("td", {}, t("nothing"));
  if (typeof value !== "number") return el("td", {}, value);
  const shown = isShare ? `${(100 * value).toFixed(1)}%` : value.toLocaleString("zh-CN");
  return el("td", { class: "number" }, shown);
}

function table({ name, headings, rows, shares }) {
  const body = rows.map((row) => el("tr", {}, ...row.map((value, column) => cell(value, shares.includes(column)))));
  const head = el("tr", {}, ...headings.map((heading) => el("th", { scope: "col" }, heading)));
  const content = rows.length
    ? el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
      el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)))
    : el("p", { class: "hint" }, t("rows.none"));
  return el("section", {}, el("h2", {}, name), content);
}

async function bursts() {
  const { hours, bursts: found } = await get("/api/desk/bursts");
  const told = found.slice(0, 5).map(({ district, category, count, usual }) =>
    t("burst", { district, category: category.split("/").at(-1), count, usual: usual.toFixed(1) }));
  $("#bursts").textContent = t("bursts", { hours, what: told.join("；") });
  $("#bursts").hidden = told.length === 0;
}

function topicsOf(district) {
  const found = district ? report.of_district[district] ?? [] : report.topics;
  $("#topics-title").textContent = district ? t("topics.of", { district }) : t("topics");
  $("#all").hidden = !district;
  charts.topics(found);
}

function tell(text, waiting = false) {
  $("#said").textContent = text;
  $("#said").hidden = !text;
  $("#said").classList.toggle("bad", !waiting);
}

async function show(month) {
  tell(t("counting"), true);
  try {
    report = await get(`/api/desk/reports/${month}`);
  } catch (error) {
    if (error.code === undefined) throw error;
    tell(error.message);
    return;
  }
  tell("");
  for (const form of ["xlsx", "pdf"]) {
    $(`#${form}`).href = `/api/desk/reports/${month}/file?form=${form}`;
    $(`#${form}`).hidden = false;
  }
  sums(report.city);
  await bursts();
  await charts.districts(report.districts);
  charts.days(report.days);
  topicsOf(null);
  $("#tables").replaceChildren(...report.tables.map(table));
  document.body.dataset.month = report.month;
}

const field = $("#choice [name=month]");
field.value = new URLSearchParams(location.search).get("month")
  ?? new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 7);
$("#choice").addEventListener("submit", (event) => {
  event.preventDefault();
  show(field.value);
});
$("#all").addEventListener("click", () => topicsOf(null));
// The charts are painted in the colours of their moment.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(field.value));

await show(field.value);
