// Changing one's own password, and setting the second factor.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { post } from "./api.js";
import { ask } from "./ask.js";

export function passwordDialog(tell) {
  const dialog = $("#password");
  const form = $("form", dialog);
  $("#open-password").addEventListener("click", () => dialog.showModal());
  $("#password-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => form.reset());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await post("/api/desk/password", Object.fromEntries(new FormData(form)));
    } catch (error) {
      if (error.code === undefined) throw error;
      $(".error", form).textContent = error.message;
      return;
    }
    dialog.close();
    tell(t("password.done"));
  });
}

// The key for an authenticator, and the first code from it. True once it is set.
export async function secondFactor() {
  const { secret, address } = await post("/api/desk/second-factor");
  const told = await ask("factor.open", [{ name: "code", key: "factor.code", required: true, most: 6 }],
    [el("p", {}, t("factor.hint")),
      el("p", {}, el("img", { class: "code", src: "/api/desk/second-factor.svg", alt: t("factor.picture"), width: "180", height: "180" })), el("p", {}, el("a", { href: address }, t("factor.link"))),
      el("p", { class: "secret" }, secret.replace(/(.{4})/g, "$1 ").trim())]);
  if (!told) return false;
  await post("/api/desk/second-factor/confirm", told);
  return true;
}
