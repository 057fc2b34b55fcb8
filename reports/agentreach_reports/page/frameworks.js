// Evidence by framework entry: found, nothing found, not assessed, not assessable from code. Never "compliant".

const STATES = { "evidence-found": "evidence found", "nothing-found": "nothing found", "not-assessed": "not assessed", "beyond-code": "not assessable from code" };

const stateOf = (entry) => h("span", { class: `state ${entry.state}` }, STATES[entry.state]);

function tally(framework) {
  const found = Object.fromEntries(Object.keys(STATES).map((state) => [state, 0]));
  for (const entry of framework.entries) found[entry.state] += 1;
  return found;
}

function tallyBar(found) {
  const total = Object.values(found).reduce((sum, one) => sum + one, 0) || 1;
  const told = Object.entries(found).filter(([, count]) => count).map(([state, count]) => `${count} ${STATES[state]}`).join(", ");
  return h("span", { class: "tally", role: "img", "aria-label": told, title: told },
    Object.entries(found).map(([state, count]) => count > 0 && h("span", { class: state, style: { "flex-grow": String(count / total) } })));
}

function frameworksPage() {
  return ["Frameworks", [
    h("h1", { tabindex: "-1" }, "Evidence by framework"), h("p", { class: "lead" }, DATA.about.preamble),
    wide("Table of frameworks", h("table", { class: "frameworks" }, h("caption", { class: "hidden" }, "Frameworks"),
      h("thead", {}, h("tr", {}, ["Framework", "Entries", ...Object.values(STATES)].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, DATA.frameworks.map((one) => {
        const found = tally(one);
        return h("tr", {}, h("th", { scope: "row" }, h("a", { href: `#/framework/${encodeURIComponent(one.id)}` }, one.name), h("span", { class: "facts" }, `version ${one.version}`)),
          h("td", {}, tallyBar(found)), Object.values(found).map((count) => h("td", { class: "digits" }, count)));
      })))),
  ]];
}

function entryFold(entry, open) {
  const checks = [...new Set(entry.links.map(([check]) => check))];
  const fold = h("details", { class: classes("entry", entry.state), id: `entry-${entry.id}` },
    h("summary", {}, stateOf(entry), " ", h("span", { class: "cite" }, entry.cite), " ", h("span", { class: "title" }, entry.title)));
  const fill = () => {
    if (fold.childElementCount > 1) return;
    const all = DATA.findings.map((_, index) => index).filter((index) => !DATA.findings[index].suppressed && checks.includes(DATA.findings[index].check)).sort((a, b) => DATA.findings[b].severity - DATA.findings[a].severity);
    const limits = (index) => entry.limited.includes(DATA.findings[index].check);
    const found = all.filter((index) => !limits(index)), limiting = all.filter(limits);
    fold.append(h("div", { class: "body" }, entry.summary && entry.summary !== entry.title && h("p", {}, entry.summary), h("p", { class: "soft" }, `${entry.why.charAt(0).toUpperCase()}${entry.why.slice(1)}.`),
      entry.links.length > 0 && h("details", { class: "checks" }, h("summary", {}, `${some(checks.length, "check")} of this run map to it`), h("ul", {}, entry.links.map(([check, relation, basis]) => h("li", {}, `${check}: ${relation} (${basis})`)))),
      h("div", { class: "attest" }, h("strong", {}, "What people still have to attest"), h("ul", {}, entry.attest.map((text) => h("li", {}, text)))),
      found.length > 0 && [h("h2", { class: "calm" }, `Evidence relevant to ${entry.cite}`), growing(found, (number) => findingFold(number), 20)],
      limiting.length > 0 && [h("h2", { class: "calm" }, `What limits ${entry.cite}: no evidence of the entry itself`), growing(limiting, (number) => findingFold(number), 20)]));
  };
  fold.addEventListener("toggle", () => fold.open && fill());
  fold.fill = fill;
  if (open) { fill(); fold.open = true; }
  return fold;
}

function frameworkPage(id, query) {
  const framework = DATA.frameworks.find((one) => one.id === id);
  if (!framework) return missing();
  const asked = query.get("entry");
  const found = tally(framework);
  let chosen = query.get("state") || "";
  const list = h("div", {});
  const chips = Object.entries(STATES).map(([state, text]) => h("button", { type: "button", class: `chip ${state}`, "aria-pressed": String(chosen === state), on: { click: () => { chosen = chosen === state ? "" : state; show(); } } }, `${text} ${found[state]}`));
  function show() {
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(Object.keys(STATES)[index] === chosen)));
    const entries = framework.entries.filter((entry) => !chosen || entry.state === chosen);
    replace(list, growing(entries, (entry) => entryFold(entry, entry.id === asked), asked ? 1000 : 80));
    say(some(entries.length, "entry", "entries"));
  }
  show();
  const page = [
    h("p", { class: "crumbs" }, h("a", { href: "#/frameworks" }, "Frameworks")),
    h("h1", { tabindex: "-1" }, framework.name), h("p", { class: "soft" }, `Version ${framework.version}, ${framework.publisher}; ${framework.status}. ${framework.url}`),
    h("p", {}, tallyBar(found)), h("fieldset", { class: "filters states" }, h("legend", {}, "State"), chips), list,
  ];
  if (asked) requestAnimationFrame(() => { const entry = document.getElementById(`entry-${asked}`); if (entry) { entry.scrollIntoView({ block: "start" }); entry.firstChild.focus({ preventScroll: true }); } });
  return [framework.name, page];
}
