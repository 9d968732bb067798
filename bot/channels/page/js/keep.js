// What the browser keeps: the session's token and the caller's wishes for good, the utterances
// that the server has not confirmed for as long as the tab lives. Works without storage too.
function guarded(storage, key, fallback) {
  let value = fallback;
  try {
    value = JSON.parse(storage().getItem(key)) ?? fallback;
  } catch { /* no storage, or somebody else's value */ }
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        if (next === null) storage().removeItem(key);
        else storage().setItem(key, JSON.stringify(next));
      } catch { /* private mode, or full: it lives in memory */ }
    },
  };
}

const local = () => window.localStorage;
const tab = () => window.sessionStorage;

export const token = guarded(local, "hotline.token", null);
export const wishes = guarded(local, "hotline.wishes", {
  size: "normal", theme: "auto", read: false, autosend: true,
});

const box = guarded(tab, "hotline.outbox", []);

export const outbox = {
  all: () => box.get(),
  add: (say) => box.set([...box.get().filter((other) => other.id !== say.id), say]),
  drop: (id) => box.set(box.get().filter((say) => say.id !== id)),
  clear: () => box.set([]),
};

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
