// Light or dark, as wished; kept in this browser.
import { $ } from "/static/chat/js/dom.js";

const KEY = "hotline.desk.theme";
const NEXT = { "": "dark", dark: "light", light: "" };

export function theme() {
  apply(localStorage.getItem(KEY) ?? "");
  $("#theme").addEventListener("click", () => {
    const wish = NEXT[document.documentElement.dataset.theme ?? ""] ?? "";
    localStorage.setItem(KEY, wish);
    apply(wish);
  });
}

function apply(wish) {
  if (wish) document.documentElement.dataset.theme = wish;
  else delete document.documentElement.dataset.theme;
}
