// The caller's wishes: size of the text, light or dark, reading aloud, sending by itself.
import { $ } from "./dom.js";
import { wishes } from "./keep.js";

export function apply() {
  const { size, theme } = wishes.get();
  document.documentElement.dataset.size = size;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function settings(forget) {
  const dialog = $("#settings");
  const form = $("form", dialog);
  $("#open-settings").addEventListener("click", () => {
    const { size, theme, read, autosend } = wishes.get();
    form.elements.size.value = size;
    form.elements.theme.value = theme;
    form.elements.read.checked = read;
    form.elements.autosend.checked = autosend;
    dialog.showModal();
  });
  form.addEventListener("change", () => {
    wishes.set({
      size: form.elements.size.value,
      theme: form.elements.theme.value,
      read: form.elements.read.checked,
      autosend: form.elements.autosend.checked,
    });
    apply();
  });
  $("#forget").addEventListener("click", () => {
    dialog.close();
    forget();
  });
}
