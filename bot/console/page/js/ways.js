// What can be done with a caller besides talking: take, offer, pass on, invite, give back, write up.
import { el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";
import { ask } from "./ask.js";

const SKILLS = ["mandarin", "cantonese", "english", "enterprise", "crisis"];

export function ways(talk) {
  const { handoff } = talk;
  const at = (verb) => `/api/desk/handoffs/${handoff.id}/${verb}`;
  const button = (key, work, kind = "") => {
    const made = el("button", { type: "button", class: kind, dataset: { way: key } }, t(`way.${key}`));
    made.addEventListener("click", () => talk.guard(work));
    return made;
  };
  const again = async () => talk.follow(await talk.callers.refresh());
  const row = (...buttons) => el("div", { class: "row ways" }, ...buttons);
  if (handoff.status === "waiting") return row(button("accept", () => talk.callers.accept(handoff), "main"));
  if (handoff.offered_to === talk.me) {
    return row(
      button("take", async () => { await post(at("take")); await again(); }, "main"),
      button("decline", async () => { await post(at("decline")); await again(); }),
    );
  }
  if (talk.own) return own();
  if (talk.mine) return row(button("leave", async () => { await post(at("leave")); await again(); }));
  return talk.supervises ? supervisor() : null;

  function own() {
    return row(
      handoff.offered_to
        ? button("recall", async () => { await post(at("decline")); await again(); })
        : button("offer", async () => {
          const told = await ask("way.offer", [await colleague(), { name: "promised", key: "way.promised" }]);
          if (told) { await post(at("offer"), { to: told.who, promised: told.promised }); await again(); }
        }),
      button("skill", async () => {
        const options = SKILLS.filter((skill) => skill !== handoff.skill).map((skill) => [skill, t(`skill.${skill}`)]);
        const told = await ask("way.skill", [{ name: "skill", key: "agent.skills", options }, { name: "promised", key: "way.promised" }]);
        if (told) { await post(at("skill"), told); await again(); }
      }),
      button("invite", async () => {
        const told = await ask("way.invite", [await colleague()]);
        if (told) { await post(at("invite"), { guest: told.who }); await again(); }
      }),
      button("bot", () => release("bot")),
      button("queue", () => release("queue")),
      button("end", async () => {
        const told = await ask("way.end", [{ name: "text", key: "way.wrap_up", wide: true }]);
        if (!told) return;
        if (told.text) await post(`/api/desk/sessions/${handoff.session_id}/notes`, { kind: "wrap_up", text: told.text });
        await release("end");
      }),
    );
  }

  function supervisor() {
    return row(
      handoff.channel === "phone" ? button("listen", () => talk.listen()) : null,
      button("whisper", async () => {
        const told = await ask("way.whisper", [{ name: "text", key: "way.whisper.text", wide: true, required: true }]);
        if (told) { await post(`/api/desk/sessions/${handoff.session_id}/notes`, { kind: "whisper", text: told.text }); await talk.catchUp(); }
      }),
      button("takeover", async () => {
        const told = await ask("way.takeover", [{ name: "reason", key: "ticket.order.reason", required: true }]);
        if (told) { await post(at("takeover"), told); await again(); }
      }),
    );
  }

  async function colleague() {
    const { colleagues } = await get("/api/desk/colleagues");
    const options = colleagues.filter((one) => one.login !== talk.me)
      .map((one) => [one.login, `${one.name}（${t(`state.${one.state}`)}，${t("state.callers", { count: one.callers })}）`]);
    return { name: "who", key: "way.colleague", options, required: true };
  }

  async function release(to) {
    await post(at("release"), { to });
    await talk.leave();
    talk.released?.();
  }
}
