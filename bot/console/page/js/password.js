// Changing one's own password.
import { $ } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { post } from "./api.js";

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
