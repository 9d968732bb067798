// Words for people, by key. A page's words stand in its strings.json alone.
const found = document.querySelector("meta[name=strings]")?.content ?? "/static/chat/strings.json";
const words = await (await fetch(found)).json();

export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const has = (key) => key in words;
