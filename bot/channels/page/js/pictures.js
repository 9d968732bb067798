// Pictures that a caller sends and sees. The session's token goes as a header, never in an address.
import { el } from "./dom.js";
import { token } from "./keep.js";
import { has, t } from "./strings.js";

const PATH = "/api/chat/pictures";
const authorised = () => ({ Authorization: `Bearer ${token.get()}` });

export function picture({ picture: id }) {
  const image = el("img", { class: "picture", alt: t("picture.alt") });
  fetch(`${PATH}/${encodeURIComponent(id)}`, { headers: authorised() })
    .then((response) => (response.ok ? response.blob() : Promise.reject(new Error(response.status))))
    .then((blob) => { image.src = URL.createObjectURL(blob); })
    .catch(() => image.replaceWith(t("picture.alt")));
  return image;
}

// Sends the picture chosen; `complain(text)` tells what went wrong.
export function pictures(button, field, complain) {
  button.addEventListener("click", () => field.click());
  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    const body = new FormData();
    body.append("file", file);
    complain("");
    try {
      const response = await fetch(PATH, { method: "POST", headers: authorised(), body });
      if (response.ok) return;
      const { error } = await response.json();
      complain(t(has(`error.${error.code}`) ? `error.${error.code}` : "error.other"));
    } catch {
      complain(t("line.lost"));
    }
  });
}
