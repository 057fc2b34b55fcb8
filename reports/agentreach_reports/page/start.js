// What to review first.

const QUESTIONS = ["Which identities does it inherit?", "Which credentials can it retain?", "What can it reach without approval?"];
const SHORT = ["Identities", "Credentials", "Reach"];

function headline(agents) {
  const risky = agents.filter((one) => highestStanding(one) >= 5);
  if (!agents.length) return "No agent is declared in the scanned code.";
  const who = (those) => (agents.length === 1 ? "The agent" : `${those.length} of ${agents.length.toLocaleString("en")} agents`);
  if (risky.length) return `${who(risky)} can deploy, read secrets or change rights without asking anyone.`;
  const writing = agents.filter((one) => highestStanding(one) >= 3);
  if (writing.length) return `${who(writing)} can change data or run code without asking anyone.`;
  return agents.length === 1 ? "The agent holds nothing above reading without a gate." : `None of ${agents.length} agents holds more than reading without a gate.`;
}

function tile(number, text, href, tone) {
  return h("li", {}, h("a", { href, class: classes("tile", tone) }, h("strong", {}, number.toLocaleString("en")), h("span", {}, text)));
}

function tiles(agents) {
  const open = DATA.findings.filter((one) => !one.suppressed);
  const worst = open.filter((one) => one.severity >= 3).length;
  const endless = agents.filter((one) => one.credentials.some((credential) => credential.never)).length;
  const unasked = agents.filter((one) => one.tools.some((tool) => tool.mutating && tool.confirmation === false)).length;
  const secrets = agents.filter((one) => one.ladder[5] >= 2 || one.ladder[7] >= 2).length;
  const gaps = Object.values(DATA.gaps).reduce((sum, rows) => sum + rows.length, 0);
  return h("ul", { class: "tiles" },
    tile(agents.length, agents.length === 1 ? "agent" : "agents", "#/agents"),
    tile(secrets, "may read secrets, standing", "#/agents?step=6", secrets && "hot"),
    tile(endless, endless === 1 ? "keeps a credential that never expires" : "keep a credential that never expires", "#/agents?never=1", endless && "warm"),
    tile(unasked, unasked === 1 ? "changes things without confirmation" : "change things without confirmation", "#/agents?unasked=1", unasked && "warm"),
    tile(worst, worst === 1 ? "critical or high finding" : "critical and high findings", "#/findings?severity=4,3", worst && "hot"),
    tile(gaps, gaps === 1 ? "place not analysed or unknown" : "places not analysed or unknown", "#/gaps"));
}

function firstCard([number, reason], index) {
  const agent = DATA.agents[number];
  return h("li", { class: "first" },
    h("span", { class: "rank", "aria-hidden": "true" }, index + 1),
    h("div", { class: "about" },
      h("h3", {}, agentLink(number), " ", h("span", { class: "soft" }, agent.kind)),
      h("p", { class: "meta" }, glance(agent), " ",
        h("span", { class: "soft" }, agent.owner ? `owner ${agent.owner}` : "no owner declared", agent.bounded ? ", bounded" : "")),
      why(reason),
      h("dl", { class: "answers" }, agent.questions.map(([answer, , worst], question) => [
        h("dt", {}, SHORT[question], " ", worst > 0 && severity(worst)), h("dd", {}, answer)]))));
}

// What has no finding needs one line, not a card.
function calmRow([number]) {
  const agent = DATA.agents[number];
  return h("li", {}, agentLink(number), ladder(agent.ladder), h("span", { class: "soft" }, agent.kind, agent.owner ? `, owner ${agent.owner}` : ", no owner declared", agent.bounded ? ", bounded" : ""));
}

// What differs from the report that this one is compared with.
function since(changes) {
  if (!changes) return null;
  const { new: fresh, gone, unchanged } = changes;
  return h("section", { "aria-labelledby": "since" }, h("h2", { id: "since" }, "Since the earlier report"),
    h("p", {}, fresh.length ? h("a", { href: "#/findings?fresh=1" }, some(fresh.length, "new finding")) : "No new finding", `, ${gone.length.toLocaleString("en")} gone, ${unchanged.toLocaleString("en")} unchanged.`),
    gone.length > 0 && h("details", {}, h("summary", {}, "What is gone"),
      growing(gone, ([severe, check, message]) => h("li", {}, severity(SEVERITIES.indexOf(severe)), " ", h("strong", {}, check), ` ${message}`), 50, h("ul", { class: "plain" }))));
}

function startPage() {
  const agents = DATA.agents.filter((one) => one.role === "agent");
  const urgent = DATA.first.filter(([number]) => DATA.agents[number].findings.length > 0), calm = DATA.first.filter(([number]) => !DATA.agents[number].findings.length);
  const gaps = [...DATA.gaps.broken.map((one) => `${placeText(one)}: ${one[3]}`), ...DATA.gaps.failed.map((one) => `${one[0]}: ${one[2]}`)];
  return ["Start", [
    h("h1", { tabindex: "-1" }, headline(agents)),
    h("p", { class: "lead" }, DATA.about.scanned),
    gaps.length > 0 && h("div", { class: "alarm", role: "note" }, h("strong", {}, "Not everything was analysed. "), gaps.slice(0, 3).join("; "), gaps.length > 3 ? ` and ${gaps.length - 3} more. ` : ". ", h("a", { href: "#/gaps" }, "What is missing")),
    tiles(agents),
    since(DATA.changes),
    DATA.first.length > 0 && h("section", { "aria-labelledby": "first" }, h("h2", { id: "first" }, "Review first"),
      h("ol", { class: "ranking" }, urgent.slice(0, 8).map(firstCard)),
      urgent.length > 8 && h("p", {}, h("a", { href: "#/agents" }, `All ${DATA.first.length} in order`)),
      calm.length > 0 && [h("h3", { class: "calm" }, urgent.length ? "Nothing found about these" : "Nothing found"), h("ul", { class: "calm" }, calm.slice(0, 12).map(calmRow)),
        calm.length > 12 && h("p", {}, h("a", { href: "#/agents" }, `and ${calm.length - 12} more`))]),
    h("section", { "aria-labelledby": "ladder" }, h("h2", { id: "ladder" }, "How to read the ladder"),
      h("p", { class: "soft" }, "Every right is placed on one ladder for all clouds. A filled cell is held all the time, a hollow one only behind a gate that fails closed, a hatched one when that is not known from the code."),
      h("ol", { class: "rungs" }, STEPS.map((name, index) => h("li", {}, step(index + 1), " ", STEP_MEANS[index])))),
  ]];
}
