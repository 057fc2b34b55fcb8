// Credentials on a time axis from minutes to never, in logarithmic steps.

const AXIS = [[60, "1 min"], [3600, "1 hour"], [86400, "1 day"], [30 * 86400, "30 days"], [365 * 86400, "1 year"]];
const SHORTEST = 30, LONGEST = 10 * 365 * 86400, NEVER = 96;

function position(seconds) {
  const bounded = Math.min(Math.max(seconds, SHORTEST), LONGEST);
  return ((Math.log(bounded) - Math.log(SHORTEST)) / (Math.log(LONGEST) - Math.log(SHORTEST))) * 86 + 2;
}

// 0 fine, 1 note, 2 warn, 3 high, by the thresholds of its kind.
function lifetimeLevel(one) {
  if (one.never) return one.limits ? 3 : 0;
  if (one.seconds === null || !one.limits) return 0;
  const [note, warn, high] = one.limits;
  const found = one.seconds >= high && high > warn ? 3 : one.seconds > warn ? 2 : one.seconds > note ? 1 : 0;
  return one.defaulted && found < 3 ? 0 : found;
}

function lifetimeRow(one) {
  const known = one.never || one.seconds !== null;
  const at = one.never ? NEVER : known ? position(one.seconds) : 0;
  const level = lifetimeLevel(one);
  const facts = [
    one.defaulted && "the service's default", one.rotated === false && "not rotated", one.rotated === true && "rotated",
    one.renewable === true && "renewable without a human", one.stored && `stored in ${one.stored}`, one.holder && `held by ${one.holder}`,
  ].filter(Boolean);
  return h("tr", {},
    h("th", { scope: "row" }, h("span", { class: "kind" }, one.kind), " ", h("span", { class: "soft" }, shortened(one.address, 90)),
      h("span", { class: "facts" }, facts.join(", "), facts.length > 0 && " · ", place(one.place))),
    h("td", { class: "track" },
      h("span", { class: "rule", "aria-hidden": "true" }, AXIS.map(([seconds]) => tick(position(seconds))), tick(NEVER)),
      known && h("span", { class: `stretch v${level}`, "aria-hidden": "true", style: { width: `${at}%` } }),
      known && h("span", { class: `pin v${level}`, "aria-hidden": "true", style: { left: `${at}%` } }),
      h("span", { class: classes("lasts", !known && "open", at > 60 && "before"), style: known ? (at > 60 ? { right: `${100 - at}%` } : { left: `${at}%` }) : {} },
        one.lasts, level > 1 && one.source && h("span", { class: "hidden" }, `, long by ${one.source}`))));
}

const tick = (at) => h("span", { class: "tick", style: { left: `${at}%` } });

function lifetimes(credentials) {
  const order = (one) => (one.never ? Infinity : one.seconds === null ? 1e15 : one.seconds);
  const rows = [...credentials].sort((a, b) => (order(b) === order(a) ? 0 : order(b) - order(a)));
  const marks = [...AXIS.map(([seconds, name]) => [position(seconds), name]), [NEVER, "never"]];
  const head = h("tr", {}, h("th", { scope: "col" }, "Credential"),
    h("th", { scope: "col", class: "track" }, h("span", { class: "hidden" }, "How long it lives"),
      h("span", { class: "scale", "aria-hidden": "true" }, marks.map(([at, name]) => h("span", { style: { left: `${at}%` } }, name)))));
  const body = h("tbody", {});
  const table = h("table", { class: "lifetimes" }, h("caption", { class: "hidden" }, "Credentials by lifetime, longest first"), h("thead", {}, head), body);
  return [table, growingInto(body, rows, lifetimeRow, 40)];
}
