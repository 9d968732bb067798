// The chat page: joins the line, the turns, the microphone and the reader.
import { setNow } from "./clock.js";
import { $ } from "./dom.js";
import { HeardPanel } from "./heard.js";
import { newId, outbox, token, wishes } from "./keep.js";
import { pictures } from "./pictures.js";
import { Reader } from "./reader.js";
import { apply, settings } from "./settings.js";
import { Line } from "./socket.js";
import { has, t } from "./strings.js";
import { Talk } from "./talk.js";
import { Turns } from "./turns.js";

const LONGEST_TEXT = 2000;
const AUDIO_LIMIT = 3 * 1024 * 1024;
const SESSION_LOST = new Set(["session_forged", "session_expired"]);
const FINAL = new Set(["text_empty", "text_too_long", "frame_malformed"]);

apply();
const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/chat`;
const line = new Line(address, () => ({ type: "hello", session: token.get(), after: turns.last }));
const reader = new Reader(line);
const turns = new Turns({ say, read: (seq) => reader.toggle(seq), retry: resend });
const heard = new HeardPanel(({ id, text }) => say(text, { id, spoken: true }));
const talk = new Talk({ done: transcribe, complain: (key) => complain(t(key)), began: () => reader.hush() });
const field = $("#text");
let caughtUp = false; // what comes is new, and may be read aloud
let recordingSent = null; // the id of the recording that is being transcribed

function complain(text) {
  $("#said").textContent = text;
}

function say(text, { id = newId(), spoken = false } = {}) {
  const clean = text.trim();
  if (!clean) return complain(t("error.text_empty"));
  if (clean.length > LONGEST_TEXT) return complain(t("error.text_too_long"));
  complain("");
  reader.hush();
  const utterance = { id, text: clean, spoken };
  outbox.add(utterance);
  turns.wait(utterance);
  line.send({ type: "say", ...utterance });
  return true;
}

function resend(id) {
  for (const utterance of outbox.all()) {
    if (id === undefined || utterance.id === id) line.send({ type: "say", ...utterance });
  }
}

function settle(id) {
  outbox.drop(id);
  turns.confirm(id);
}

function transcribe({ mime, seconds, data }) {
  if (data.byteLength > AUDIO_LIMIT) return complain(t("error.audio_too_long"));
  complain("");
  recordingSent = newId();
  if (!line.send({ type: "audio", id: recordingSent, mime, seconds }, data)) {
    recordingSent = null;
    return complain(t("line.lost"));
  }
  return talk.busy(true);
}

const takes = {
  session({ token: text, listens, handler, now }) {
    if (token.get() !== text) {
      token.set(text);
      turns.clear();
    }
    setNow(now);
    $("#demonstration").hidden = listens !== "demonstration";
    who(handler, false);
  },
  turn(turn) {
    if (turn.id) outbox.drop(turn.id);
    const fresh = turns.show(turn);
    if (fresh && caughtUp && turn.speaker !== "caller" && turn.seq !== null && wishes.get().read) {
      reader.ask(turn.seq);
    }
  },
  done: ({ id }) => settle(id),
  typing({ on }) {
    $("#typing").hidden = !on || document.body.dataset.handler === "agent";
    if (on) caughtUp = true;
  },
  handler({ handler, place, wait }) {
    who(handler, document.body.dataset.handler !== handler);
    standing(handler === "waiting" ? place : null, wait);
  },
  call_back: ({ phone }) => turns.tell(t("callback.done", { phone })),
  heard(frame) {
    if (frame.id !== recordingSent) return;
    recordingSent = null;
    talk.busy(false);
    heard.show(frame);
  },
  speech: (frame, sound) => reader.play(frame, sound),
  error(error) {
    const key = `error.${error.code}`;
    complain(t(has(key) ? key : "error.other"));
    if (error.id === recordingSent) {
      recordingSent = null;
      talk.busy(false);
    } else if (FINAL.has(error.code) && error.id) settle(error.id);
    else if (error.id) turns.fail(error.id);
    if (error.seq) reader.next();
    if (SESSION_LOST.has(error.code)) turns.clear();
  },
};

function who(handler, tell) {
  const lost = document.body.dataset.handler === "agent" && handler === "waiting";
  document.body.dataset.handler = handler;
  $("#person").disabled = handler === "agent";
  if (tell && has(`handler.${handler}`)) turns.tell(t(lost ? "handler.lost" : `handler.${handler}`));
}

// The place and an honest wait: a range, "now", or that it cannot be told.
function standing(place, wait) {
  const [low, high] = wait ?? [];
  const key = !wait ? "unsure" : high <= 1 ? "soon" : "wait";
  const where = t(place > 1 ? "standing.before" : "standing.next", { before: place - 1 });
  $("#standing").textContent = place ? t(`standing.${key}`, { where, low, high }) : "";
  $("#standing").hidden = $("#call-back").hidden = !place;
}

line.addEventListener("frame", ({ detail: { frame, sound } }) => takes[frame.type]?.(frame, sound));
line.addEventListener("up", () => {
  $("#line").hidden = true;
  outbox.all().forEach((utterance) => turns.wait(utterance));
  resend();
});
line.addEventListener("down", ({ detail }) => {
  $("#line").textContent = t("line.lost");
  $("#line").hidden = false;
  $("#typing").hidden = true;
  if (recordingSent) {
    recordingSent = null;
    talk.busy(false);
    complain(t(detail.tooBig ? "error.frame_too_big" : "line.lost"));
  }
});

$("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (say(field.value)) field.value = "";
  fit();
  field.focus();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("#composer").requestSubmit();
});
field.addEventListener("input", fit);
$("#call-back").addEventListener("submit", (event) => {
  event.preventDefault();
  complain("");
  line.send({ type: "call_back", phone: $("#call-back-phone").value });
});
pictures($("#pick"), $("#picture"), complain);
$("#person").addEventListener("click", () => say(t("person.say")));
settings(() => {
  reader.hush();
  outbox.clear();
  token.set(null);
  turns.clear();
  line.again();
});

function fit() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

line.open();
