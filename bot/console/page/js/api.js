// The desk's API: JSON both ways, the session's token with every change, words for every error.
import { has, t } from "/static/chat/js/strings.js";

let csrf = "";

export class Refused extends Error {
  constructor(code, status) {
    super(t(has(`error.${code}`) ? `error.${code}` : "error.other"));
    this.code = code;
    this.status = status;
  }
}

export function setToken(token) {
  csrf = token;
}

export async function get(path) {
  return answer(await reach(path, {}));
}

export async function post(path, told = {}) {
  return answer(await reach(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(told),
  }));
}

export async function upload(path, file) {
  const body = new FormData();
  body.append("file", file);
  return answer(await reach(path, { method: "POST", headers: { "X-CSRF-Token": csrf }, body }));
}

async function reach(path, options) {
  try {
    return await fetch(path, { ...options, credentials: "same-origin", signal: AbortSignal.timeout(15_000) });
  } catch {
    throw new Refused("unavailable", 0);
  }
}

async function answer(response) {
  const told = await response.json().catch(() => null); // cut off on the way
  if (response.ok && told) return told;
  throw new Refused(told?.error?.code ?? (response.ok ? "unavailable" : "other"), response.status);
}
