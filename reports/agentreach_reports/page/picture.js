// The identity chain as a picture: laid out by dagre, drawn as SVG, told again as a list.

// How wide boxes are, by how many stand in a row; names are easier to read in fewer, wider ones.
const WIDTHS = [0, 214, 214, 214, 214, 196, 174, 164], SMALL = 168, MARGIN = 13;
const isNarrow = () => matchMedia("(max-width: 46rem)").matches;
const KINDS = { agent: "agent", tool: "tool", identity: "identity", workload: "runs code", system: "system" };
const FONTS = { above: "650 11px", label: "630 13px", below: "400 11.5px" };

// How wide a text is drawn, whatever font the system has.
const pen = document.createElement("canvas").getContext("2d");
function drawnWidth(text, font) {
  if (!pen) return text.length * 8;
  pen.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(text).width;
}

function fitting(text, room, font) {
  let longest = Math.min(text.length, 60);
  while (longest > 4 && drawnWidth(shortened(text, longest), font) > room) longest -= 1;
  return shortened(text, longest);
}

// A name on one line, or broken after one of its separators; only what two lines cannot hold is shortened.
function inLines(text, room, font) {
  if (drawnWidth(text, font) <= room) return [text];
  const ends = [...text.slice(0, 60).matchAll(/[^A-Za-z0-9…*]+|[a-z0-9](?=[A-Z])/g)].map((one) => one.index + one[0].length);
  const fits = ends.filter((end) => end > 3 && drawnWidth(text.slice(0, end).trim(), font) <= room);
  const end = fits[fits.length - 1];
  return end ? [text.slice(0, end).trim(), fitting(text.slice(end).trim(), room, font)] : [fitting(text, room, font)];
}

// The lines of a node's box, each with where it stands, and how high that makes the box.
function boxed(node, width) {
  const [above, below] = lines(node);
  const room = width - MARGIN - 7;
  const title = above.toUpperCase(), short = drawnWidth(title, FONTS.above) > room ? title.replace("PRODUCTION", "PROD") : title;
  const rows = [["above", fitting(short, room, FONTS.above), 18]];
  for (const line of inLines(node.label, room, FONTS.label)) rows.push(["label", line, rows[rows.length - 1][2] + 17]);
  if (below) for (const line of inLines(below, room, FONTS.below)) rows.push(["below", line, rows[rows.length - 1][2] + 16]);
  return { width, rows, height: rows[rows.length - 1][2] + 11 };
}

// How many boxes the longest way from the agent passes.
function depth(graph) {
  const far = new Map([[0, 1]]);
  for (let round = 0; round < graph.nodes.length; round += 1) {
    let grew = false;
    for (const { from, to } of graph.edges) {
      const next = (far.get(from) || 1) + 1;
      if (next > (far.get(to) || 1) && next <= graph.nodes.length) { far.set(to, next); grew = true; }
    }
    if (!grew) break;
  }
  return Math.max(...far.values());
}

function laidOut(graph, boxes, narrow) {
  const plan = new dagre.Graph({ multigraph: true });
  plan.setGraph({ rankdir: "LR", nodesep: narrow ? 10 : 14, ranksep: narrow ? 24 : 26, edgesep: 10, marginx: 10, marginy: 10 });
  for (const node of graph.nodes) plan.setNode(String(node.id), { width: boxes.get(node.id).width, height: boxes.get(node.id).height });
  // The last edge of a node comes out on top, so the gravest goes in last.
  [...graph.edges.entries()].reverse().forEach(([index, edge]) => {
    const labelled = !narrow && graph.nodes[edge.to].kind !== "system";
    const size = labelled ? { width: drawnWidth(edge.label, FONTS.below) + 8, height: 16 } : { width: 0, height: 0 };
    plan.setEdge(String(edge.from), String(edge.to), { ...size, labelpos: "c" }, String(index));
  });
  dagre.layout(plan);
  return plan;
}

// A soft line through the points that the layout gives.
function curve(points) {
  let path = `M${points[0].x},${points[0].y}`;
  for (let index = 1; index < points.length - 1; index += 1) {
    const here = points[index], next = points[index + 1];
    const last = index === points.length - 2;
    const [x, y] = last ? [next.x, next.y] : [(here.x + next.x) / 2, (here.y + next.y) / 2];
    path += ` Q${here.x},${here.y} ${x},${y}`;
  }
  return points.length === 2 ? `${path} L${points[1].x},${points[1].y}` : path;
}

const held = (edge) => yes(edge.standing, ["standing", "gated", "unsure"]);

function drawnEdge(edge, plan, index) {
  const at = plan.edge(String(edge.from), String(edge.to), String(index));
  const line = svg("path", { class: classes("edge", held(edge), !edge.certain && "possible"), d: curve(at.points), "marker-end": `url(#arrow-${held(edge)})` });
  if (!at.width) return svg("g", {}, line);
  return svg("g", {}, line,
    svg("rect", { class: "plate", x: at.x - at.width / 2, y: at.y - 8, width: at.width, height: 16, rx: 8 }),
    svg("text", { class: "relation", x: at.x, y: at.y + 3.5, "text-anchor": "middle" }, edge.label));
}

// What stands above and below a node's name; "identity" is also a privilege step, so an identity is called by its kind.
function lines(node) {
  if (node.kind === "system") return [STEPS[node.step - 1] + (node.production ? " · production" : ""), node.below];
  if (node.kind === "identity") return [node.below || KINDS.identity, node.step ? `up to ${STEPS[node.step - 1]}` : ""];
  return [node.role || KINDS[node.kind], node.below];
}

function drawnNode(node, plan, box, choose) {
  const at = plan.node(String(node.id));
  const left = at.x - box.width / 2, top = at.y - box.height / 2;
  const [above, below] = lines(node);
  const label = [`${above}: ${node.label}`, below].filter(Boolean).join(", ");
  const made = svg("g", {
    class: classes("node", node.kind, node.step && `p${node.step}`), tabindex: "0", role: "button", "aria-pressed": "false", "aria-label": label,
    on: { click: () => choose(node.id), keydown: (event) => keyed(event, node.id, choose, made) },
  },
  svg("title", {}, label),
  svg("rect", { class: "box", x: left, y: top, width: box.width, height: box.height, rx: node.kind === "agent" ? 14 : 6 }),
  svg("rect", { class: "stripe", x: left, y: top + 6, width: 5, height: box.height - 12, rx: 2.5 }),
  box.rows.map(([kind, text, down]) => svg("text", { class: kind, x: left + MARGIN, y: top + down }, text)));
  return made;
}

// Enter and space choose; arrows walk to what stands next in that direction.
function keyed(event, id, choose, from) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(id);
    return;
  }
  const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  if (!direction) return;
  event.preventDefault();
  const middle = (node) => { const box = node.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
  const [x, y] = middle(from);
  let best = null, least = Infinity;
  for (const node of from.parentNode.querySelectorAll(".node")) {
    const [a, b] = middle(node);
    const along = (a - x) * direction[0] + (b - y) * direction[1];
    const aside = Math.abs((a - x) * direction[1]) + Math.abs((b - y) * direction[0]);
    if (node !== from && along > 4 && along + aside * 2 < least) [best, least] = [node, along + aside * 2];
  }
  if (best) best.focus();
}

function arrow(name) {
  return svg("marker", { id: `arrow-${name}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
    svg("path", { class: `head ${name}`, d: "M0,0.5 L7.5,4 L0,7.5 z" }));
}

// What a node is, what leads to it and from it, and the lines that say so.
function explained(graph, id) {
  const node = graph.nodes[id];
  const into = graph.edges.filter((edge) => edge.to === id), out = graph.edges.filter((edge) => edge.from === id);
  const proof = [...into.flatMap((edge) => edge.places), ...node.places];
  const unique = proof.filter((one, index) => proof.findIndex((other) => placeText(other) === placeText(one) && other[3] === one[3]) === index);
  return [
    h("h3", {}, node.kind === "system" && step(node.step), node.kind === "system" && " ", node.label),
    h("p", { class: "soft" }, [node.role || KINDS[node.kind], node.below].filter(Boolean).join(": ")),
    into.length > 0 && h("ul", { class: "plain" }, into.map((edge) => h("li", {}, standing(edge.standing), ` ${graph.nodes[edge.from].label}${node.kind === "system" ? "" : ` — ${edge.label}`}${edge.certain ? "" : ", possibly"}`))),
    unique.length > 0 ? evidence(unique.slice(0, 8), unique.length - 8, 2) : h("p", { class: "soft" }, "No line of the scanned code declares it."),
    out.length > 0 && h("p", { class: "soft" }, `Leads to ${out.slice(0, 6).map((edge) => graph.nodes[edge.to].label).join(", ")}${out.length > 6 ? ` and ${out.length - 6} more` : ""}.`),
  ];
}

function listed(graph, id, seen) {
  const out = graph.edges.filter((edge) => edge.from === id);
  const node = graph.nodes[id];
  const name = [node.kind === "system" && step(node.step), node.kind === "system" && " ", h("strong", {}, node.label), ` ${node.below}`];
  if (!out.length || seen.has(id)) return name;
  const deeper = new Set([...seen, id]);
  return [...name, h("ul", {}, out.map((edge) => h("li", {}, standing(edge.standing), " ", graph.nodes[edge.to].kind !== "system" && `${edge.label} `, listed(graph, edge.to, deeper))))];
}

function legend() {
  return h("ul", { class: "legend", "aria-label": "How to read the picture" },
    h("li", {}, h("span", { class: "dash standing" }), "standing: nothing asks"),
    h("li", {}, h("span", { class: "dash gated" }), "behind a gate that fails closed"),
    h("li", {}, h("span", { class: "dash unsure" }), "gate unknown"),
    STEPS.map((name, index) => h("li", {}, h("span", { class: `dot p${index + 1}` }), name)));
}

function chainPicture(graph, role, title) {
  const narrow = isNarrow();
  graph.nodes[0].role = role;
  const wide = narrow ? SMALL : WIDTHS[Math.min(depth(graph), WIDTHS.length - 1)];
  const boxes = new Map(graph.nodes.map((node) => [node.id, boxed(node, wide)]));
  const plan = laidOut(graph, boxes, narrow);
  const { width, height } = plan.graph();
  const panel = h("div", { class: "panel", "aria-live": "polite" }, h("p", { class: "soft" }, "Choose anything in the picture to see the lines that declare it."));
  const nodes = new Map();
  const choose = (id) => {
    for (const [other, drawn] of nodes) drawn.setAttribute("aria-pressed", String(other === id));
    replace(panel, explained(graph, id));
  };
  const image = svg("svg", { class: "chain", viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, role: "group", "aria-label": title },
    svg("defs", {}, ["standing", "gated", "unsure"].map(arrow)),
    graph.edges.map((edge, index) => drawnEdge(edge, plan, index)));
  for (const node of graph.nodes) {
    const drawn = drawnNode(node, plan, boxes.get(node.id), choose);
    nodes.set(node.id, drawn);
    image.append(drawn);
  }
  image.style.setProperty("--width", `${Math.ceil(width)}px`);
  const drawn = [h("div", { class: "canvas", tabindex: "0", role: "region", "aria-label": `${title}, can be scrolled` }, image), legend(), panel];
  const list = h("details", { class: "aslist", open: narrow }, h("summary", {}, "The same as a list"), h("ul", { class: "tree" }, h("li", {}, listed(graph, 0, new Set()))));
  return h("div", { class: "picture" }, narrow ? [list, drawn] : [drawn, list]);
}
