// Accounts of the desk, for an administrator.
import { $, el } from "/static/chat/js/dom.js";
import { t } from "/static/chat/js/strings.js";
import { get, post } from "./api.js";

export class Agents {
  constructor({ guard }) {
    const form = $("#agent-add");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      guard(async () => {
        const told = new FormData(form);
        const made = await post("/api/desk/agents", { ...Object.fromEntries(told), skills: told.getAll("skills") });
        $("#agent-made").textContent = t("agent.made", made);
        form.reset();
        await this.refresh();
      });
    });
  }

  async refresh() {
    const { agents } = await get("/api/desk/agents");
    $("#agent-rows").replaceChildren(...agents.map((agent) => el("tr", {},
      el("td", {}, agent.login), el("td", {}, agent.name), el("td", {}, t(`role.${agent.role}`)),
      el("td", {}, agent.skills.map((skill) => t(`skill.${skill}`)).join("、")),
      el("td", {}, t(agent.there ? "yes" : "no")))));
  }
}
