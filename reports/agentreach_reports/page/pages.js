// Which page the address asks for. Everything stays in this file: an address is only ever a part after `#`.

const PAGES = [["#/", "Start"], ["#/agents", "Agents"], ["#/findings", "Findings"], ["#/frameworks", "Frameworks"], ["#/gaps", "Not analysed"]];

function missing() {
  return ["Not found", [h("h1", { tabindex: "-1" }, "There is no such page"), h("p", {}, h("a", { href: "#/" }, "To the start"))]];
}

// One of many on a page: without filters, and its parts are no landmarks, for each is there many times.
function whole(number) {
  const [, page] = agentPage(number);
  const article = h("article", { class: "whole" }, page);
  for (const form of article.querySelectorAll(".filters")) form.remove();
  for (const named of article.querySelectorAll("section")) { named.removeAttribute("aria-labelledby"); named.removeAttribute("id"); }
  for (const title of article.querySelectorAll("h2[id]")) title.removeAttribute("id");
  return article;
}

function allPage() {
  const [, start] = startPage();
  return ["Everything", [start, reviewOrder().slice(0, 100).map(whole),
    DATA.agents.length > 100 && h("p", {}, "Only the first 100 entries are printed.")]];
}

function asked(address) {
  const [path, rest = ""] = address.replace(/^#\/?/, "").split("?");
  const query = new URLSearchParams(rest);
  const [name, argument = ""] = path.split("/");
  if (name === "") return startPage();
  if (name === "agents") return agentsPage(query);
  if (name === "agent") return /^\d+$/.test(argument) ? agentPage(Number(argument)) : missing();
  if (name === "findings") return findingsPage(query);
  if (name === "search") return searchPage(query);
  if (name === "frameworks") return frameworksPage();
  if (name === "framework") return frameworkPage(decodeURIComponent(argument), query);
  if (name === "gaps") return gapsPage();
  if (name === "all") return allPage();
  return missing();
}

let arrived = false;

function show() {
  if (location.hash === "#main") return;
  const [title, page] = asked(location.hash);
  const main = document.getElementById("main");
  replace(main, page);
  document.title = `${title} – Agent access review`;
  const here = location.hash.split("?")[0] || "#/";
  for (const link of document.querySelectorAll("#pages a")) {
    const own = link.getAttribute("href");
    const inside = own === here || (own === "#/agents" && here.startsWith("#/agent/")) || (own === "#/frameworks" && here.startsWith("#/framework/"));
    inside ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  if (arrived && !location.hash.startsWith("#/search") && !location.hash.includes("entry=")) {
    scrollTo(0, 0);
    const heading = main.querySelector("h1");
    if (heading) heading.focus({ preventScroll: true });
  }
  arrived = true;
}

replace(document.getElementById("pages"), PAGES.map(([href, text]) => h("li", {}, h("a", { href }, text))));
replace(document.getElementById("footer"), h("p", {}, `agentreach ${DATA.about.version}, action catalogue ${DATA.about.action_catalogue}. `, h("a", { href: "#/all" }, "Everything on one page, for printing")));

const query = document.getElementById("query");
let waiting = 0;
query.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { location.hash = query.value.trim() ? `#/search?${new URLSearchParams({ q: query.value.trim() })}` : "#/"; }, 150);
});
document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); query.focus(); }
});
addEventListener("hashchange", show);
// On paper a fold cannot be opened, so it is; only the page with everything stays short.
addEventListener("beforeprint", () => {
  if (location.hash === "#/all") return;
  for (const fold of document.querySelectorAll("#main details.finding, #main details.entry")) { if (fold.fill) fold.fill(); fold.open = true; }
});
show();
