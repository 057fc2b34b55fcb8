// Findings: one as a fold, many with filters.

// What to write instead: lines that change, or lines to paste.
function suggestion([at, text, fixed]) {
  const kinds = { "-": "less", "+": "more" };
  return h("div", { class: "suggested" }, h("p", { class: "soft" }, "Instead, at ", place(at), fixed ? ", which agentreach fix writes:" : ":"),
    h("pre", { class: "code", tabindex: "0", role: "group", "aria-label": "What to write instead" }, text.split("\n").map((line) => h("span", { class: classes("line", kinds[line[0]]) }, line, "\n"))));
}

function findingBody(finding) {
  const check = DATA.checks[finding.check];
  return [
    finding.suppressed && h("p", { class: "note" }, `Suppressed at ${finding.suppressed[2]}: ${finding.suppressed[0]}${finding.suppressed[1] ? `, until ${finding.suppressed[1]}` : ""}`),
    evidence(finding.places, finding.more),
    (finding.do || check.do) && h("p", {}, h("strong", {}, "Do: "), finding.do || check.do),
    finding.suggested.map(suggestion),
    check.limits && h("p", { class: "soft" }, `What it must not be read as: ${check.limits}`),
    check.controls.length > 0 && h("p", { class: "soft cited" }, "Evidence relevant to ", check.controls.slice(0, 12).map(([framework, entry], index) =>
      [index > 0 && ", ", h("a", { href: `#/framework/${encodeURIComponent(framework)}?entry=${encodeURIComponent(entry)}` }, citation(framework, entry))]),
    check.controls.length > 12 && ` and ${check.controls.length - 12} more`),
    h("p", { class: "soft small" }, `${finding.confidence} confidence${finding.origin && ` · found by ${finding.origin}`} · fingerprint ${finding.fingerprint.slice(0, 16)}${finding.origin ? "" : ` · agentreach explain ${finding.check}`}`),
  ];
}

const citations = new Map(DATA.frameworks.flatMap((one) => one.entries.map((entry) => [`${one.id}/${entry.id}`, entry.cite])));
const citation = (framework, entry) => citations.get(`${framework}/${entry}`) || entry;

const FRESH = new Set(DATA.changes ? DATA.changes.new : []);

function findingFold(number, open = false) {
  const finding = DATA.findings[number];
  const fold = h("details", { class: classes("finding", `s${finding.severity}`, finding.suppressed && "suppressed"), id: `finding-${number}` },
    h("summary", {}, severity(finding.severity), " ", h("span", { class: "check" }, finding.check), " ",
      h("span", { class: "title" }, DATA.checks[finding.check].title, finding.suppressed && " (suppressed)"), FRESH.has(number) && [" ", h("span", { class: "fresh" }, "new")],
      h("span", { class: "message" }, finding.message),
      h("span", { class: "where" }, finding.places.length > 0 && place(finding.places[0]))));
  const fill = () => {
    if (fold.childElementCount > 1) return;
    fold.append(h("div", { class: "body" }, agentsOf(finding), findingBody(finding)));
  };
  fold.addEventListener("toggle", () => fold.open && fill());
  fold.fill = fill;
  if (open) { fill(); fold.open = true; }
  return fold;
}

function agentsOf(finding) {
  if (!finding.agents.length) return null;
  return h("p", { class: "of" }, finding.agents.slice(0, 6).map((one, index) => [index > 0 && ", ", agentLink(one)]),
    finding.agents.length > 6 && ` and ${finding.agents.length - 6} more`);
}

const haystacks = [];
function haystack(number) {
  if (haystacks[number] === undefined) {
    const one = DATA.findings[number];
    const names = one.agents.map((agent) => `${DATA.agents[agent].name} ${DATA.agents[agent].owner || ""}`).join(" ");
    haystacks[number] = [one.check, DATA.checks[one.check].name, DATA.checks[one.check].title, one.subject, one.message, names, ...one.places.map(placeText)].join("\n").toLowerCase();
  }
  return haystacks[number];
}

const terms = (query) => query.toLowerCase().split(/\s+/).filter(Boolean);

function matching(query) {
  const wanted = terms(query);
  return (number) => wanted.every((term) => haystack(number).includes(term));
}

function option(value, text, chosen) {
  return h("option", { value, selected: value === chosen }, text);
}

// Filters live in the address, so that a filtered page can be sent to somebody.
function findingsPage(query) {
  const state = { severity: query.get("severity") || "", check: query.get("check") || "", agent: query.get("agent") || "", q: query.get("q") || "", suppressed: query.get("suppressed") || "", fresh: query.get("fresh") || "" };
  const results = h("section", { "aria-label": "Findings" });
  const kinds = [...new Set(DATA.findings.map((one) => one.check))].sort();
  const chips = [4, 3, 2, 1].map((level) => h("button", { type: "button", class: `chip s${level}`, "aria-pressed": "false", on: { click: () => toggle(level) } }, SEVERITIES[level]));
  const hidden = DATA.findings.filter((one) => one.suppressed).length;
  const input = h("input", { type: "search", id: "filter", value: state.q, placeholder: "Agent, file, action, check…", autocomplete: "off", spellcheck: "false", on: { input: (event) => { state.q = event.target.value; show(); } } });
  const check = h("select", { id: "by-check", on: { change: (event) => { state.check = event.target.value; show(); } } },
    option("", "All checks", state.check), kinds.map((id) => option(id, `${id} ${DATA.checks[id].name}`, state.check)));
  const agent = h("select", { id: "by-agent", on: { change: (event) => { state.agent = event.target.value; show(); } } },
    option("", "All agents", state.agent), DATA.agents.map((one, index) => one.findings.length > 0 && option(String(index), shortened(one.name || one.address, 60), state.agent)));
  const filters = h("form", { class: "filters", "aria-label": "Filters", on: { submit: (event) => event.preventDefault() } },
    h("label", { for: "filter" }, "Containing ", input), h("label", { for: "by-check" }, "Check ", check), h("label", { for: "by-agent" }, "Agent ", agent),
    h("fieldset", {}, h("legend", {}, "Severity"), chips),
    DATA.changes && h("label", { class: "tickbox" }, h("input", { type: "checkbox", checked: state.fresh === "1", on: { change: (event) => { state.fresh = event.target.checked ? "1" : ""; show(); } } }), ` Only new ones (${FRESH.size})`),
    hidden > 0 && h("label", { class: "tickbox" }, h("input", { type: "checkbox", checked: state.suppressed === "1", on: { change: (event) => { state.suppressed = event.target.checked ? "1" : ""; show(); } } }), ` Suppressed ones too (${hidden})`));
  function toggle(level) {
    const chosen = new Set(state.severity.split(",").filter(Boolean));
    chosen.has(String(level)) ? chosen.delete(String(level)) : chosen.add(String(level));
    state.severity = [...chosen].sort().reverse().join(",");
    show();
  }
  function show() {
    const levels = state.severity.split(",").filter(Boolean).map(Number);
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(levels.includes(4 - index))));
    const match = matching(state.q);
    const own = state.agent && DATA.agents[state.agent] ? new Set(DATA.agents[state.agent].findings) : null;
    const found = [];
    DATA.findings.forEach((one, number) => {
      if ((one.suppressed && !state.suppressed) || (state.fresh && !FRESH.has(number))) return;
      if ((!levels.length || levels.includes(one.severity)) && (!state.check || one.check === state.check) && (!own || own.has(number)) && match(number)) found.push(number);
    });
    found.sort((a, b) => DATA.findings[b].severity - DATA.findings[a].severity || a - b);
    const used = Object.entries(state).filter(([, value]) => value);
    history.replaceState(null, "", `#/findings${used.length ? `?${new URLSearchParams(used)}` : ""}`);
    const text = some(found.length, "finding");
    replace(results, h("p", { class: "result" }, text), found.length ? growing(found, (number) => findingFold(number)) : h("p", { class: "empty" }, DATA.findings.length ? "Nothing matches these filters." : "Nothing was found."));
    say(text);
  }
  show();
  return ["Findings", [h("h1", { tabindex: "-1" }, "Findings"), filters, results]];
}
