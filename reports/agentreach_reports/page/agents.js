// All agents, with filters; and what a search finds.

function agentRow(number) {
  const agent = DATA.agents[number];
  const longest = agent.credentials.reduce((found, one) => (one.never ? one : found && found.never ? found : !found || (one.seconds || 0) > (found.seconds || 0) ? one : found), null);
  const top = highest(agent);
  return h("tr", {},
    h("th", { scope: "row" }, agentLink(number), h("span", { class: "facts" }, shortened(agent.address, 80))),
    h("td", {}, agent.kind, agent.role !== "agent" && h("span", { class: "facts" }, ROLES[agent.role])),
    h("td", {}, agent.owner || h("span", { class: "soft" }, "not declared")),
    h("td", {}, ladder(agent.ladder), h("span", { class: "facts" }, top ? `up to ${STEPS[top - 1]}` : "nothing")),
    h("td", {}, longest ? longest.lasts : h("span", { class: "soft" }, "none")),
    h("td", {}, severityCounts(counts(agent.findings))));
}

function agentTable(numbers) {
  const body = h("tbody", {});
  const head = ["Agent", "Kind", "Owner", "Privilege", "Longest credential", "Findings"];
  const table = h("table", { class: "agents" }, h("caption", { class: "hidden" }, "Agents in review order"), h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))), body);
  return wide("Table of agents", table, growingInto(body, numbers, agentRow));
}

const reviewOrder = () => {
  const ranked = DATA.first.map(([number]) => number);
  const known = new Set(ranked);
  return [...ranked, ...DATA.agents.map((_, index) => index).filter((index) => !known.has(index))];
};

const agentText = (agent) => `${agent.name} ${agent.address} ${agent.kind} ${agent.owner || ""} ${agent.platform} ${agent.identities.map((one) => `${one.name} ${one.address}`).join(" ")} ${DATA.files[agent.place[0]]}`.toLowerCase();

function agentsPage(query) {
  const state = { role: query.get("role") || "", step: query.get("step") || "", never: query.get("never") || "", unasked: query.get("unasked") || "", ownerless: query.get("ownerless") || "", q: query.get("q") || "" };
  const results = h("section", { "aria-label": "Agents" });
  const set = (key, value) => { state[key] = value; show(); };
  const box = (key, text) => h("label", { class: "tickbox" }, h("input", { type: "checkbox", checked: state[key] === "1", on: { change: (event) => set(key, event.target.checked ? "1" : "") } }), ` ${text}`);
  const roles = [...new Set(DATA.agents.map((one) => one.role))];
  const filters = h("form", { class: "filters", "aria-label": "Filters", on: { submit: (event) => event.preventDefault() } },
    h("label", { for: "agent-filter" }, "Containing ", h("input", { type: "search", id: "agent-filter", value: state.q, placeholder: "Name, owner, identity…", autocomplete: "off", spellcheck: "false", on: { input: (event) => set("q", event.target.value) } })),
    roles.length > 1 && h("label", { for: "by-role" }, "Role ", h("select", { id: "by-role", on: { change: (event) => set("role", event.target.value) } }, option("", "All", state.role), roles.map((role) => option(role, ROLES[role], state.role)))),
    h("label", { for: "by-step" }, "Standing, at least ", h("select", { id: "by-step", on: { change: (event) => set("step", event.target.value) } }, option("", "anything", state.step), STEPS.map((name, index) => option(String(index + 1), name, state.step)))),
    h("fieldset", {}, h("legend", {}, "Only with"), box("never", "a credential that never expires"), box("unasked", "unconfirmed changes"), box("ownerless", "no owner")));
  function show() {
    const wanted = terms(state.q);
    const found = reviewOrder().filter((number) => {
      const one = DATA.agents[number];
      return (!state.role || one.role === state.role) && (!state.step || highestStanding(one) >= Number(state.step))
        && (!state.never || one.credentials.some((credential) => credential.never))
        && (!state.unasked || one.tools.some((tool) => tool.mutating && tool.confirmation === false))
        && (!state.ownerless || !one.owner) && wanted.every((term) => agentText(one).includes(term));
    });
    const used = Object.entries(state).filter(([, value]) => value);
    history.replaceState(null, "", `#/agents${used.length ? `?${new URLSearchParams(used)}` : ""}`);
    const text = some(found.length, "entry", "entries");
    replace(results, h("p", { class: "result" }, text), found.length ? agentTable(found) : h("p", { class: "empty" }, DATA.agents.length ? "Nothing matches these filters." : "No agent is declared in the scanned code."));
    say(text);
  }
  show();
  return ["Agents", [h("h1", { tabindex: "-1" }, "Agents"), h("p", { class: "lead" }, DATA.about.looked_at), filters, results]];
}

function searchPage(query) {
  const asked = query.get("q") || "";
  const wanted = terms(asked);
  const agents = wanted.length ? reviewOrder().filter((number) => wanted.every((term) => agentText(DATA.agents[number]).includes(term))) : [];
  const match = matching(asked);
  const findings = wanted.length ? DATA.findings.map((_, index) => index).filter(match).sort((a, b) => DATA.findings[b].severity - DATA.findings[a].severity) : [];
  say(`${some(agents.length, "agent")}, ${some(findings.length, "finding")}`);
  return [`Search: ${asked}`, [
    h("h1", { tabindex: "-1" }, wanted.length ? `Search: ${shortened(asked, 120)}` : "Search"),
    h("h2", {}, some(agents.length, "agent")), agents.length > 0 && agentTable(agents),
    h("h2", {}, some(findings.length, "finding")), findings.length > 0 && growing(findings, (number) => findingFold(number)),
  ]];
}
