// A small dialogue that asks for a few values; null when it was closed.
import { el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";

let count = 0;

export function ask(titleKey, fields, above = []) {
  const title = `ask-${count += 1}`;
  const error = el("p", { class: "error", role: "alert" });
  const form = el("form", { method: "dialog", class: "login" }, el("h2", { id: title }, t(titleKey)), ...above,
    ...fields.map((field) => el("label", {}, t(field.key), input(field))), error,
    el("div", { class: "row" }, el("button", { class: "main", value: "go" }, t("ask.go")),
      el("button", { type: "button", class: "close" }, t("password.close"))));
  const dialog = el("dialog", { "aria-labelledby": title }, form);
  document.body.append(dialog);
  form.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.showModal();
  return new Promise((told) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      told(dialog.returnValue === "go" ? Object.fromEntries(new FormData(form)) : null);
    });
  });
}

function input({ name, options, wide, required, type = "text", value = "", most = 200 }) {
  if (options) {
    return el("select", { name, required }, ...options.map(([of, text]) => el("option", { value: of }, text)));
  }
  if (wide) return el("textarea", { name, rows: "3", maxlength: "500", required });
  return el("input", { name, type, value, required, maxlength: String(most) });
}
