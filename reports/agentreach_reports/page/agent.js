// One agent: three questions, its picture, what it may do, what it may keep, what was found.

function facts(agent) {
  const place_ = h("span", {}, "declared at ", place(agent.place));
  const environment = agent.environments.length > 0 ? `environment ${agent.environments.join(", ")}` : agent.production && "production";
  const told = [agent.kind, agent.role !== "agent" && ROLES[agent.role], `${agent.confidence} confidence`, agent.owner ? `owner ${agent.owner}` : "no owner declared in the scanned code",
    agent.bounded && "bounded", environment, agent.account && `account ${agent.account}`, place_].filter(Boolean);
  return h("ul", { class: "inline" }, told.map((one) => h("li", {}, one)));
}

const COUNTED = [["identity", "identities"], ["credential"], ["grant"]];

function questions(agent) {
  return h("div", { class: "questions" }, agent.questions.map(([answer, count, worst, found], index) =>
    h("div", { class: classes("question", `s${worst}`) },
      h("h2", {}, QUESTIONS[index]), h("p", {}, answer),
      h("p", { class: "meta" }, severity(worst), " ", h("span", { class: "soft" }, `${some(found, "finding")} · ${some(count, ...COUNTED[index])}`)))));
}

function mapRow(names, [action, number, resources, held_, gates, needed, verdict, identity, at]) {
  const shown = resources.slice(0, 3);
  return h("tr", {},
    h("th", { scope: "row" }, h("code", {}, shortened(action, 80)), verdict === "possible" && h("span", { class: "facts" }, "possibly")),
    h("td", {}, step(number)), h("td", {}, standing(held_), gates.length > 0 && h("span", { class: "facts" }, gates.join(", "))),
    h("td", { class: "word" }, yes(needed)), h("td", { class: "resources" }, shown.map((one) => h("code", {}, one)), resources.length > 3 && h("span", { class: "facts" }, `and ${resources.length - 3} more`)),
    h("td", { class: "as", title: identity }, shortened(names.get(identity) || identity, 44)), h("td", {}, shortPlace(at)));
}

function privilegeMap(agent) {
  const present = [...new Set(agent.map.map((row) => row[1]))].sort((a, b) => b - a);
  const chosen = { step: 0, query: "" };
  const holder = h("div", {});
  const names = new Map(agent.identities.map((one) => [one.address, one.name]));
  const chips = present.map((number) => h("button", { type: "button", class: `chip p${number}`, "aria-pressed": "false", on: { click: () => { chosen.step = chosen.step === number ? 0 : number; show(); } } }, STEPS[number - 1]));
  const input = h("input", { type: "search", id: "map-filter", placeholder: "Action or resource", autocomplete: "off", spellcheck: "false", on: { input: (event) => { chosen.query = event.target.value; show(); } } });
  function show() {
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(present[index] === chosen.step)));
    const wanted = terms(chosen.query);
    const rows = agent.map.filter((row) => (!chosen.step || row[1] === chosen.step) && wanted.every((term) => `${row[0]} ${row[2].join(" ")} ${row[7]}`.toLowerCase().includes(term)));
    const body = h("tbody", {});
    const head = ["Action", "Privilege step", "Held", "Needed", "Resources", "As", "Line"];
    const table = h("table", { class: "map" }, h("caption", { class: "hidden" }, "Action to privilege step"), h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))), body);
    replace(holder, wide(`Table of what ${agent.name || agent.address} may do`, table), growingInto(body, rows, (row) => mapRow(names, row), 60));
    if (!rows.length) replace(holder, h("p", { class: "empty" }, "Nothing matches."));
  }
  show();
  return [agent.map.length > 8 && h("form", { class: "filters", "aria-label": "Filter the table", on: { submit: (event) => event.preventDefault() } },
    h("label", { for: "map-filter" }, "Containing ", input), h("fieldset", {}, h("legend", {}, "Step"), chips)), holder];
}

function toolRow(tool) {
  const unsure = tool.operations.filter(([, mutating, confirmation]) => mutating && confirmation === false);
  return h("tr", {}, h("th", { scope: "row" }, shortened(tool.name, 60), h("span", { class: "facts" }, shortPlace(tool.place))),
    h("td", {}, tool.executor), h("td", {}, tool.acts_as.length ? tool.acts_as.map((one) => shortened(one, 60)).join(", ") : h("span", { class: "soft" }, "not declared")),
    h("td", {}, yes(tool.mutating)), h("td", {}, yes(tool.confirmation, ["required", "not required", "unknown"]),
      unsure.length > 0 && h("span", { class: "facts" }, unsure.slice(0, 4).map(([name]) => name).join(", "), unsure.length > 4 && ` and ${unsure.length - 4} more`)));
}

function toolTable(agent) {
  const head = ["Tool", "Executor", "Acts as", "Changes things", "Confirmation"];
  return wide(`Table of the tools of ${agent.name || agent.address}`, h("table", {}, h("caption", { class: "hidden" }, "Tools"), h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, agent.tools.slice(0, 200).map(toolRow))));
}

function proposal(one) {
  return h("details", { class: "proposal" }, h("summary", {}, one.title, one.remark && ` (${one.remark})`),
    h("p", { class: "soft" }, "In the code: ", place(one.place)),
    one.dropped.length > 0 && h("p", { class: "soft" }, `Leaves out ${one.dropped.slice(0, 12).join(", ")}${one.dropped.length > 12 ? ` and ${one.dropped.length - 12} more` : ""}.`),
    one.statement && h("pre", { class: "code", tabindex: "0" }, one.statement));
}

const part = (id, title, ...children) => h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), children);

function agentBody(number) {
  const agent = DATA.agents[number];
  const shown = [...agent.findings].sort((a, b) => Boolean(DATA.findings[a].suppressed) - Boolean(DATA.findings[b].suppressed) || DATA.findings[b].severity - DATA.findings[a].severity || a - b);
  return [
    h("p", { class: "meta" }, glance(agent)),
    facts(agent), why(agent.why), questions(agent),
    part("chain", "Identity chain", agent.picture.nodes.length > 1 ? chainPicture(agent.picture, ROLES[agent.role], `Identity chain of ${agent.name || agent.address}`) : h("p", { class: "empty" }, "No identity, tool or system is declared for it in the scanned code.")),
    part("may", "What it may do", agent.map.length ? privilegeMap(agent) : h("p", { class: "empty" }, "Nothing declared lets it do anything."), agent.doubts.length > 0 && h("ul", { class: "plain" }, agent.doubts.map((one) => h("li", {}, one))), agent.proposals.map(proposal)),
    agent.tools.length > 0 && part("tools", "Tools", toolTable(agent)),
    part("keeps", "Credentials it can retain", agent.credentials.length ? lifetimes(agent.credentials) : h("p", { class: "empty" }, "No credential that it could keep is declared in the scanned code.")),
    part("found", "Findings", shown.length ? growing(shown, (one) => findingFold(one)) : h("p", { class: "empty" }, "No check found anything about it.")),
    agent.unknown.length > 0 && part("open", "Known only at deploy time", h("p", { class: "soft" }, "These may hide more reach; they are never counted as clean."), h("ul", { class: "plain" }, agent.unknown.map((one) => h("li", {}, place(one), ` ${one[3]}`)))),
    agent.because.length > 0 && part("because", agent.role === "agent" ? "Why it counts as an agent" : "Why it is listed", evidence(agent.because)),
  ];
}

function agentPage(number) {
  const agent = DATA.agents[number];
  if (!agent) return missing();
  const order = reviewOrder();
  const rank = order.indexOf(number);
  const step_ = (index, text) => (order[index] === undefined ? null : h("a", { href: `#/agent/${order[index]}` }, text));
  return [agent.name || agent.address, [
    h("p", { class: "crumbs" }, h("a", { href: "#/agents" }, "Agents"), h("span", { class: "paging" }, step_(rank - 1, "← previous"), step_(rank + 1, "next →"))),
    h("h1", { tabindex: "-1" }, shortened(agent.name || agent.address, 160)),
    agent.name !== agent.address && h("p", { class: "address" }, h("code", {}, agent.address), agent.root !== "." && h("span", { class: "soft" }, ` in ${agent.root}`)),
    agentBody(number),
  ]];
}
