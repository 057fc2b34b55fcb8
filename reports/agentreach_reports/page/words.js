// The data of the page, and the small things every page shows: steps, severities, places, code.

const DATA = JSON.parse(document.getElementById("data").textContent);
const STEPS = ["observe", "read-data", "write-data", "execute", "deploy", "secrets", "identity", "admin"];
const STEP_MEANS = [
  "list and describe", "read data", "write data", "run code or change workloads", "change images, code, pipelines",
  "read secret values, mint tokens", "grant, pass or assume more rights", "anything",
];
const SEVERITIES = ["", "low", "medium", "high", "critical"];
const HELD = ["not held", "behind a gate", "perhaps behind a gate", "standing"];
const ROLES = { agent: "agent", tool: "tool", host: "host", undeclared: "undeclared agent" };

const some = (count, noun, plural) => `${count.toLocaleString("en")} ${count === 1 ? noun : plural || noun + "s"}`;
const yes = (value, words = ["yes", "no", "unknown"]) => (value === true ? words[0] : value === false ? words[1] : words[2]);

const severity = (number) =>
  number ? h("span", { class: `severity s${number}` }, SEVERITIES[number]) : h("span", { class: "severity s0" }, "none");

const step = (number) => h("span", { class: `step p${number}`, title: STEP_MEANS[number - 1] }, STEPS[number - 1]);

const standing = (value) =>
  h("span", { class: `held ${yes(value, ["standing", "gated", "unsure"])}` }, yes(value, ["standing", "gated", "gate unknown"]));

const placeText = ([file, line]) => `${DATA.files[file]}:${line}`;
const place = (at) => h("code", { class: "place" }, placeText(at));

// In tables the last two parts of a path say enough; the whole stands in the title.
function shortPlace(at) {
  const parts = DATA.files[at[0]].split("/");
  const short = parts.length > 2 ? `…/${parts.slice(-2).join("/")}` : parts.join("/");
  return h("code", { class: "place", title: placeText(at) }, `${shortened(short, 44)}:${at[1]}`);
}

// Eight cells from observe to admin: filled when standing, hollow behind a gate, hatched when that is unknown.
function ladder(held) {
  const told = held.map((level, index) => (level ? `${STEPS[index]} ${HELD[level]}` : "")).filter(Boolean);
  return h("span", { class: "ladder", role: "img", "aria-label": told.join(", ") || "nothing held", title: told.join("\n") },
    held.map((level, index) => h("span", { class: `cell p${index + 1} l${level}` })));
}

// The ladder of an agent, its highest rung in words, and its findings by severity.
const glance = (agent) => [ladder(agent.ladder), highest(agent) > 0 && h("span", {}, `up to ${STEPS[highest(agent) - 1]}`), severityCounts(counts(agent.findings), true)];

// Why an agent is where it is in the ranking: the worst finding.
function why(reason) {
  const [, worst, rest] = /^(critical|high|medium|low): (.*)$/s.exec(reason) || [null, "", reason];
  return h("p", { class: "why" }, worst && [severity(SEVERITIES.indexOf(worst)), " "], rest);
}

const highest = (agent) => agent.ladder.reduce((found, level, index) => (level ? index + 1 : found), 0);
const highestStanding = (agent) => agent.ladder.reduce((found, level, index) => (level >= 2 ? index + 1 : found), 0);

const agentLink = (number) => {
  const agent = DATA.agents[number];
  return h("a", { href: `#/agent/${number}`, class: "name", title: agent.address }, shortened(agent.name || agent.address, 80));
};

// Lines of code with their numbers; what the evidence points at is marked.
function code(number) {
  const lines = DATA.excerpts[number];
  if (!lines || !lines.length) return null;
  const single = lines.filter(([, , start, end]) => end > start).length === 1;
  return h("pre", { class: "code", tabindex: "0", role: "group", "aria-label": `Code, lines ${lines[0][0]} to ${lines[lines.length - 1][0]}` },
    lines.map(([line, text, start, end]) => h("span", { class: classes("line", end > start && "on") },
      h("span", { class: "number", "aria-hidden": "true" }, line),
      h("span", { class: "text" }, single && end > start ? [text.slice(0, start), h("mark", {}, text.slice(start, end)), text.slice(end)] : text, "\n"))));
}

// Evidence: each place with what it shows; the code of the first is open, that of the others a click away.
function evidence(places, more = 0, open = 1) {
  return h("ol", { class: "evidence" },
    places.map((one, index) => h("li", {}, place(one), " ", one[3],
      index < open ? code(one[4]) : h("details", { class: "peek" }, h("summary", {}, "code"), code(one[4])))),
    more > 0 && h("li", {}, `and ${some(more, "more place")}`));
}

function counts(numbers) {
  const found = [0, 0, 0, 0, 0];
  for (const number of numbers) if (!DATA.findings[number].suppressed) found[DATA.findings[number].severity] += 1;
  return found;
}

// Counts by severity; `told` says in words what the colours mean, where there is room.
function severityCounts(found, told = false) {
  const shown = [4, 3, 2, 1].filter((level) => found[level]);
  if (!shown.length) return h("span", { class: "soft" }, "no findings");
  return h("span", { class: "counts" }, shown.map((level) =>
    h("span", { class: `count s${level}`, title: `${found[level]} ${SEVERITIES[level]}` }, found[level], h("span", { class: !told && "hidden" }, ` ${SEVERITIES[level]} `))));
}

function say(text) {
  document.getElementById("status").textContent = text;
}
