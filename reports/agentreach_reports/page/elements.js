// Elements from names, attributes and children. Text only ever becomes a text node, so nothing scanned is markup.

const SVG = "http://www.w3.org/2000/svg";

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "style") for (const [key, text] of Object.entries(value)) made.style.setProperty(key, text);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    made.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return made;
}

const h = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);

const svg = (name, attributes, ...children) => filled(document.createElementNS(SVG, name), attributes, children);

const classes = (...names) => names.filter(Boolean).join(" ");

// Puts one subtree in place of what is there.
const replace = (parent, ...children) => {
  parent.replaceChildren();
  filled(parent, {}, children);
  return parent;
};

// A table that may be wider than the page scrolls by itself, with the keyboard too.
const wide = (label, ...children) => h("div", { class: "wide", role: "region", "aria-label": label, tabindex: "0" }, children);

// "first … last": both ends of a long name say more than its start.
function shortened(text, longest) {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(text.length - (longest - 1 - half))}`;
}

// Fills a list with its start and gives what shows more of it, so that thousands of rows cost what one screen costs.
function growingInto(list, items, row, size = 50) {
  let shown = 0;
  const count = h("span", {});
  const more = h("button", { type: "button", class: "more", on: { click: () => grow(true) } });
  const foot = h("p", { class: "foot" }, count, " ", more);
  function grow(focus) {
    const fresh = items.slice(shown, shown + size).map(row);
    list.append(...fresh);
    shown += fresh.length;
    count.textContent = items.length > size ? `${shown} of ${items.length} shown` : "";
    more.hidden = shown >= items.length;
    more.textContent = `Show ${Math.min(size, items.length - shown)} more`;
    if (focus && fresh.length) focusFirst(fresh[0]);
  }
  grow(false);
  return foot;
}

function growing(items, row, size = 50, list = h("div", { class: "rows" })) {
  const foot = growingInto(list, items, row, size);
  return h("div", {}, list, foot);
}

function focusFirst(node) {
  const target = node.querySelector("a, button, summary, [tabindex]") || node;
  target.focus({ preventScroll: true });
}
