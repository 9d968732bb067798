// Pictures in a conversation.
import { el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { upload } from "./api.js";

export function picture(session, card) {
  const source = `/api/desk/sessions/${session}/pictures/${card.picture}`;
  return el("a", { href: source, target: "_blank", rel: "noopener" }, el("img", { src: source, alt: t("picture.alt"), class: "picture" }));
}

export function sendPicture(session, file) {
  return upload(`/api/desk/sessions/${session}/pictures`, file);
}
