// Shows one pass at a time, with its drawings side by side. Without this script the page is a plain document.

const list = $("nav");
const links = () => $$("nav a").filter(link => !link.closest("[hidden]"));
const viewers = new Map();

function setTab(section, name) {
  section.dataset.tab = name;
  for (const button of $$(".tabs button", section)) button.setAttribute("aria-selected", button.dataset.of === name);
  if (name === "drawings") viewers.get(section)?.start();
}

function prepare(section) {
  if (section.dataset.tab || !section.dataset.pass) return;
  const pass = passes[Number(section.dataset.pass)];
  const drawn = pass.before >= 0 && pass.after >= 0;
  const names = {...(drawn && {drawings: "Drawings"}), ...(pass.changed && {texts: "Text"}), details: "Details"};
  const tabs = make("div", {class: "bar tabs", role: "tablist", "aria-label": "Views"});
  for (const [name, text] of Object.entries(names)) {
    tabs.append(make("button", {type: "button", role: "tab", "data-of": name, onclick: () => setTab(section, name)},
      text));
  }
  $(".chips", section).after(tabs);
  if (drawn) {
    const viewer = new Viewer(section, pass);
    viewers.set(section, viewer);
    tabs.after(viewer.element);
  }
  setTab(section, Object.keys(names)[0]);
}

function open(id) {
  const section = document.getElementById(id);
  if (!section || !section.classList.contains("page")) return;
  for (const page of $$("section.page")) page.classList.toggle("shown", page === section);
  for (const link of $$("nav a")) {
    const here = link.getAttribute("href") === `#${id}`;
    here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    if (here) {
      const folded = link.closest("details");
      if (folded) folded.open = true;
      link.scrollIntoView({block: "nearest"});
    }
  }
  prepare(section);
  viewers.get(section)?.start();
  $("main").scrollTop = 0;
}

const shown = () => $("section.page.shown");
const current = () => viewers.get(shown());

function step(by) {
  const all = links().filter(link => !link.closest("details:not([open])"));
  const at = all.findIndex(link => link.hasAttribute("aria-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) location.hash = next.getAttribute("href");
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(word => word);
  for (const item of $$("nav li")) {
    const link = item.firstElementChild;
    if (link.tagName !== "A") continue;
    item.hidden = !words.every(word => item.textContent.toLowerCase().includes(word));
  }
  for (const folded of $$("nav details")) {
    const some = $$("li", folded).some(item => !item.hidden);
    folded.parentElement.hidden = !some;
    if (words.length) folded.open = some;
  }
}

const keys = [["j, k", "next, previous pass"], ["/", "filter the passes"], ["t", "drawings, text or details"],
  ["s", "find a node; Enter for the next"], ["n, p", "next, previous change"], ["+, -, f", "zoom in, out, show all"], ["c", "close, open all frames"],
  ["arrows", "move the drawings (when one has the focus)"], ["Enter", "details of a node"], ["Escape", "clear"],
  ["?", "this help"]];
const help = make("dialog", {"aria-label": "Keys"}, make("h2", {}, "Keys"),
  make("table", {}, ...keys.map(([key, text]) => make("tr", {}, make("td", {}, make("kbd", {}, key)),
    make("td", {}, text)))),
  make("form", {method: "dialog"}, make("button", {}, "Close")));

function nextTab() {
  const buttons = $$(".tabs button", shown());
  if (!buttons.length) return;
  const at = buttons.findIndex(button => button.getAttribute("aria-selected") === "true");
  buttons[(at + 1) % buttons.length].click();
}

const actions = {
  j: () => step(1), k: () => step(-1), "/": () => filterInput.focus(), t: nextTab, "?": () => help.showModal(),
  s: () => { const viewer = current(); if (viewer) { setTab(shown(), "drawings"); viewer.search.focus(); } },
  n: () => current()?.step(current().changes(), 1), p: () => current()?.step(current().changes(), -1),
  "+": () => current()?.zoom(1.3), "-": () => current()?.zoom(1 / 1.3), f: () => current()?.fit(),
  c: () => current()?.closeAll(),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const typing = event.target.matches("input");
  if (event.key === "Escape") {
    if (typing && event.target === filterInput) { filterInput.value = ""; filter(""); }
    current()?.clear();
    if (typing) event.target.blur();
  } else if (!typing && actions[event.key]) {
    actions[event.key]();
    event.preventDefault();
  }
});

const filterInput = make("input", {type: "search", placeholder: "filter (/)", "aria-label": "Filter the passes",
  oninput: event => filter(event.target.value)});
list.prepend(filterInput);
$("header").append(make("button", {type: "button", onclick: () => help.showModal(), "aria-label": "Keys"}, "?"));
document.body.append(help);
document.body.classList.add("app");
const go = () => open(location.hash.slice(1) || "overview");
addEventListener("hashchange", go);
addEventListener("resize", () => current()?.draw());
go();
if (!shown()) open("overview");
