// What the scan did not see: silence is never mistaken for clean.

function gapList(id, title, meaning, rows) {
  if (!rows.length) return null;
  return part(id, `${title} (${rows.length.toLocaleString("en")})`, h("p", { class: "soft" }, meaning), growing(rows, ([where, text]) => h("li", {}, h("code", { class: "place" }, where), ` ${text}`), 100, h("ul", { class: "plain" })));
}

function gapsPage() {
  const { broken, failed, skipped, unknown, unmodelled } = DATA.gaps;
  const line = ([path, number, reason]) => [number ? `${path}:${number}` : path, reason];
  const at = (one) => [placeText(one), one[3]];
  const nothing = !(broken.length || failed.length || skipped.length || unknown.length || unmodelled.length);
  return ["Not analysed", [
    h("h1", { tabindex: "-1" }, "What was not analysed"), h("p", { class: "lead" }, DATA.about.looked_at),
    nothing && h("p", { class: "empty" }, "Everything that was recognised as infrastructure code was analysed, and every value that matters is known."),
    gapList("broken", "Could not be parsed", "Recognised as infrastructure code, with a mistake. What it declares is missing from this review.", broken.map(at)),
    gapList("failed", "Could not be read", "Should have been analysed and was not.", failed.map(line)),
    gapList("unknown", "Known only at deploy time", "Values that the code does not give and that hide reach.", unknown.map(at)),
    gapList("unmodelled", "Agent-related, not modelled", "Of a family that agents are made of, and of a type that nothing here describes: what it lets an agent do is not in this review.", unmodelled.map(at)),
    gapList("skipped", "Skipped by design", "Limits of the method, such as remote modules that are not downloaded.", skipped.map(line)),
    DATA.about.weakened.length > 0 && part("weakened", "Weakened by configuration", h("ul", { class: "plain" }, DATA.about.weakened.map((text) => h("li", {}, text)))),
  ]];
}
