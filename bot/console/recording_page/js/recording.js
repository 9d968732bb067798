// A call's recording: its sound, and its words, which light up as they are said.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get } from "/static/desk/js/api.js";

const session = new URLSearchParams(location.search).get("session") ?? "";
const base = `/api/desk/sessions/${encodeURIComponent(session)}/recording`;
const sound = $("#sound");

function refuse(text) {
  $("#said").textContent = text;
  $("#said").hidden = false;
}

// A sentence: each character has its share of the sentence's time.
function sentence(said) {
  const characters = [...said.text].map((character) => el("span", {}, character));
  const button = el("button", { type: "button" }, `${t(`speaker.${said.speaker}`)}: `, ...characters);
  button.addEventListener("click", () => {
    sound.currentTime = said.at;
    sound.play().catch(() => {}); // paused before it began: the controls show it
  });
  const light = (now) => {
    const share = (now - said.at) / said.seconds;
    const spoken = share < 0 ? 0 : share > 1.05 ? 0 : Math.ceil(Math.min(share, 1) * characters.length);
    characters.forEach((character, index) => character.classList.toggle("lit", index < spoken));
  };
  return { item: el("li", { class: said.speaker, dataset: { at: said.at } }, button), light };
}

async function show() {
  const { words } = await get(base);
  const sentences = words.toSorted((a, b) => a.at - b.at).map(sentence);
  $("#words").replaceChildren(...sentences.map(({ item }) => item));
  const answer = await fetch(`${base}.wav`, { credentials: "same-origin" });
  sound.src = URL.createObjectURL(await answer.blob());
  sound.addEventListener("loadedmetadata", () => { document.body.dataset.seconds = sound.duration.toFixed(1); });
  sound.addEventListener("timeupdate", () => sentences.forEach(({ light }) => light(sound.currentTime)));
}

show().catch((error) => {
  if (error.code === undefined) throw error;
  refuse(error.status === 404 ? t("none") : error.message);
});
