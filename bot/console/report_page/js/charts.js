// The charts of the report. ECharts is loaded as a plain script; its tooltips draw on the canvas,
// so that no style stands in the page.
import { $ } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";

const { echarts } = window;
const PLACES = "/static/report/districts.geojson";
const TOPICS = 10;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Charts {
  constructor({ chosen }) {
    this.chosen = chosen;
    this.made = new Map();
    addEventListener("resize", () => this.made.forEach((chart) => chart.resize()));
  }

  async districts(counts) {
    if (!echarts.getMap("districts")) {
      echarts.registerMap("districts", await (await fetch(PLACES)).json());
    }
    const names = echarts.getMap("districts").geoJSON.features.map((one) => one.properties.name);
    const data = names.map((name) => ({ name, value: counts[name] ?? 0 }));
    const label = { show: true, color: colour("--ink"), textBorderColor: colour("--paper"), textBorderWidth: 3, formatter: ({ name, value }) => `${name}\n${value || 0}` };
    this.#draw("map", {
      visualMap: {
        min: 0,
        max: Math.max(1, ...data.map(({ value }) => value)),
        calculable: true,
        orient: "horizontal",
        left: "center",
        bottom: 0,
        textStyle: { color: colour("--ink") },
        inRange: { color: [colour("--paper"), colour("--mine"), colour("--main")] },
      },
      series: [{
        type: "map",
        map: "districts",
        data,
        label,
        aspectScale: 1,
        top: 8,
        bottom: 56,
        itemStyle: { borderColor: colour("--edge") },
        emphasis: { label, itemStyle: { areaColor: colour("--warn") } },
        selectedMode: "single",
        select: { label, itemStyle: { areaColor: colour("--warn") } },
      }],
    }).on("click", ({ name }) => this.chosen(name));
  }

  topics(topics) {
    const summed = new Map();
    for (const { category, count } of topics) {
      const name = category.split("/").at(-1) || t("topics.unknown");
      summed.set(name, (summed.get(name) ?? 0) + count);
    }
    const rows = [...summed].sort((one, other) => other[1] - one[1]).slice(0, TOPICS).reverse();
    this.#draw("topics", {
      grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", axisLabel: { color: colour("--faint") }, splitLine: { lineStyle: { color: colour("--edge") } } },
      yAxis: { type: "category", data: rows.map(([name]) => name), axisLabel: { color: colour("--ink") } },
      series: [{
        type: "bar",
        data: rows.map(([, count]) => count),
        itemStyle: { color: colour("--main") },
        label: { show: true, position: "right", color: colour("--ink") },
      }],
    });
  }

  days(days) {
    this.#draw("days", {
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: Object.keys(days).map((day) => day.slice(5)), axisLabel: { color: colour("--ink") } },
      yAxis: { type: "value", axisLabel: { color: colour("--faint") }, splitLine: { lineStyle: { color: colour("--edge") } } },
      series: [{ type: "bar", data: Object.values(days), itemStyle: { color: colour("--main") } }],
    });
  }

  #draw(id, options) {
    const chart = this.made.get(id) ?? echarts.init($(`#${id}`), null, { renderer: "canvas" });
    this.made.set(id, chart);
    chart.off("click");
    chart.setOption({
      animation: false,
      aria: { enabled: true },
      tooltip: { renderMode: "richText", confine: true },
      ...options,
    }, true);
    return chart;
  }
}
