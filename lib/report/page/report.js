// Shows one pass at a time, with its drawings side by side. Without this script the page is a plain document.
"use strict";
(() => {
const data = JSON.parse(document.getElementById("tsir-data").textContent);
const passes = data.passes_run || [];
const pictures = data.pictures || [];
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Text goes in as text only: names in a model may look like HTML.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const titleOf = box => box.title || box.kind || "";

// --- one drawing ------------------------------------------------------------------------------------------------------

class Pane {
  constructor(viewer, side, pictureNumber) {
    this.viewer = viewer;
    this.side = side;
    this.picture = pictures[pictureNumber];
    this.boxes = this.picture.boxes || [];
    const level = this.picture.level ? ` (${this.picture.level})` : "";
    this.element = make("div", {class: "pane", tabindex: "0", role: "group", "aria-label":
      `Drawing ${side} the pass, ${this.boxes.length} boxes. Arrow keys move it, + and - zoom.`},
      make("h4", {}, side, make("span", {}, level)));
    const drawn = $(`#picture-${pictureNumber} svg`);
    if (!drawn) {
      this.element.append(make("p", {}, this.picture.note || "There is no drawing."));
      this.nodes = [];
      return;
    }
    this.svg = drawn.cloneNode(true);
    const size = drawn.getAttribute("viewBox").split(" ").map(Number);
    this.width = size[2];
    this.height = size[3];
    this.svg.removeAttribute("viewBox");
    this.offset = $(".g", this.svg).getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    // Graphviz's own group keeps its transform; this one moves.
    this.group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    this.group.append(...this.svg.childNodes);
    this.svg.append(this.group);
    this.element.append(this.svg);
    this.nodes = [];
    for (const node of $$(".n", this.svg)) {
      const index = Number(node.dataset.n);
      const box = this.boxes[index];
      if (!box) continue;
      this.nodes[index] = node;
      node.setAttribute("role", "button");
      node.setAttribute("tabindex", "-1");
      node.setAttribute("aria-label", `${titleOf(box)}, ${box.kind || ""} ${box.module || ""}`);
      node.setAttribute("class", `n ${viewer.changeOf(side, index)}`);
    }
    this.edges = $$(".e", this.svg);
    this.x = this.y = 0;
  }

  place(scale) {
    if (this.group) this.group.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${scale})`);
  }

  size() { return {width: this.element.clientWidth, height: this.element.clientHeight}; }

  // The middle of a box in the drawing, from the numbers of its outline: the browser need not lay anything out.
  middle(index) {
    return (this.middles ||= this.nodes.map(node => {
      const shape = node.firstElementChild, value = name => Number(shape.getAttribute(name));
      if (shape.tagName === "ellipse" || shape.tagName === "text") {
        const of = shape.tagName === "text" ? ["x", "y"] : ["cx", "cy"];
        return {x: value(of[0]) + this.offset[0], y: value(of[1]) + this.offset[1]};
      }
      const numbers = (shape.getAttribute("points") || shape.getAttribute("d")).match(/-?[\d.]+/g).map(Number);
      const half = parity => {
        const part = numbers.filter((number, at) => at % 2 === parity);
        return (Math.min(...part) + Math.max(...part)) / 2 + this.offset[parity];
      };
      return {x: half(0), y: half(1)};
    }))[index];
  }

  isVisible(index, scale) {
    const middle = this.middle(index), {width, height} = this.size();
    const x = this.x + middle.x * scale, y = this.y + middle.y * scale;
    return x >= 0 && y >= 0 && x <= width && y <= height;
  }

  center(index, scale) {
    const middle = this.middle(index);
    if (!middle) return;
    const {width, height} = this.size();
    this.x = width / 2 - middle.x * scale;
    this.y = height / 2 - middle.y * scale;
  }

  mark(name, indices) {
    for (const node of $$(`.${name}`, this.element)) node.classList.remove(name);
    for (const index of indices) this.nodes[index]?.classList.add(name);
  }
}

// --- two drawings, moved together -------------------------------------------------------------------------------------

class Viewer {
  constructor(section, pass) {
    this.pass = pass;
    this.section = section;
    this.forth = new Map();
    this.back = new Map();
    this.differ = {before: new Set(), after: new Set()};
    for (const [before, after, changed] of pass.partners || []) {
      this.forth.set(before, [...(this.forth.get(before) || []), after]);
      this.back.set(after, [...(this.back.get(after) || []), before]);
      if (changed) { this.differ.before.add(before); this.differ.after.add(after); }
    }
    this.before = new Pane(this, "before", pass.before);
    this.after = new Pane(this, "after", pass.after);
    this.panes = [this.before, this.after];
    this.search = make("input", {type: "search", placeholder: "find a node (s)", "aria-label": "Find a node",
      oninput: () => this.find(), onkeydown: event => {
        if (event.key === "Enter") { this.step(this.hits, event.shiftKey ? -1 : 1); event.preventDefault(); }
      }});
    this.found = make("span", {class: "found", role: "status"});
    const button = (text, label, action) => make("button", {type: "button", title: label, "aria-label": label,
      onclick: action}, text);
    const bar = make("div", {class: "bar"}, this.search, this.found,
      button("◂ change", "Previous change (p)", () => this.step(this.changes(), -1)),
      button("change ▸", "Next change (n)", () => this.step(this.changes(), 1)),
      button("+", "Zoom in (+)", () => this.zoom(1.3)), button("−", "Zoom out (-)", () => this.zoom(1 / 1.3)),
      button("fit", "Show all (f)", () => this.fit()), this.legend());
    this.info = make("div", {class: "info", "aria-live": "polite"});
    this.hint();
    this.element = make("div", {class: "viewer"}, bar, this.before.element, this.after.element, this.info);
    this.hits = [];
    this.chosen = null;
    this.active = this.before; // the drawing that was moved last: the other one follows
    for (const pane of this.panes) this.listen(pane);
  }

  legend() {
    return make("span", {class: "legend"}, "went: red, dashed; came: green, thick; changed: brown, dotted");
  }

  changeOf(side, index) {
    const partners = side === "before" ? this.forth : this.back;
    if (!partners.has(index)) return side === "before" ? "went" : "came";
    return this.differ[side].has(index) ? "changed" : "";
  }

  partnersOf(pane, index) { return (pane === this.before ? this.forth : this.back).get(index) || []; }
  other(pane) { return pane === this.before ? this.after : this.before; }

  changes() {
    this.changed ||= this.panes.flatMap(pane => pane.nodes.map((node, index) => ({pane, index}))
      .filter(({index}) => this.changeOf(pane.side, index)));
    return this.changed;
  }

  listen(pane) {
    const element = pane.element;
    let drag = null;
    for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, () => { this.active = pane; });
    element.addEventListener("pointerdown", event => { drag = {x: event.clientX, y: event.clientY, moved: false}; });
    element.addEventListener("pointermove", event => {
      if (!drag || !event.buttons) return;
      const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
      if (!drag.moved && Math.hypot(dx, dy) < 4) return;
      if (!drag.moved) element.setPointerCapture(event.pointerId);
      drag = {x: event.clientX, y: event.clientY, moved: true};
      this.move(dx, dy);
    });
    element.addEventListener("click", event => {
      const moved = drag && drag.moved;
      drag = null;
      if (moved) return;
      const node = event.target.closest(".n");
      if (node && node.dataset.n) this.choose(pane, Number(node.dataset.n), false);
    });
    element.addEventListener("wheel", event => {
      event.preventDefault();
      const area = element.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 400), (event.clientX - area.left) / area.width,
        (event.clientY - area.top) / area.height);
    }, {passive: false});
    element.addEventListener("keydown", event => this.key(pane, event));
  }

  key(pane, event) {
    const step = 60;
    const moves = {ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]};
    if (moves[event.key]) this.move(...moves[event.key]);
    else if ((event.key === "Enter" || event.key === " ") && event.target.closest(".n"))
      this.choose(pane, Number(event.target.closest(".n").dataset.n), false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  draw() { for (const pane of this.panes) pane.place(this.scale); }

  // Moves the other drawing so that partners are at the same place in both, as far as that is possible: those near the
  // middle of the pane count most.
  follow(pane) {
    const other = this.other(pane), {width, height} = pane.size();
    if (!pane.group || !other.group || !this.linked(pane).length) return this.draw();
    const x = (width / 2 - pane.x) / this.scale, y = (height / 2 - pane.y) / this.scale;
    let sum = 0, dx = 0, dy = 0;
    for (const [mine, theirs] of this.linked(pane)) {
      const weight = 1 / (400 + (mine.x - x) ** 2 + (mine.y - y) ** 2) ** 2;
      sum += weight;
      dx += weight * (theirs.x - mine.x);
      dy += weight * (theirs.y - mine.y);
    }
    other.x = pane.x - dx / sum * this.scale;
    other.y = pane.y - dy / sum * this.scale;
    this.draw();
  }

  // The middles of all boxes of a drawing that have a partner, and of their first partners.
  linked(pane) {
    this.links ||= new Map(this.panes.map(each => [each, each.nodes.map((node, index) =>
      [each.middle(index), this.other(each).middle(this.partnersOf(each, index)[0])])
      .filter(([mine, theirs]) => mine && theirs)]));
    return this.links.get(pane);
  }

  move(dx, dy) {
    this.active.x += dx;
    this.active.y += dy;
    this.follow(this.active);
  }

  // `x`, `y`: the point of the pane that stays where it is, from 0 to 1.
  zoom(factor, x = 0.5, y = 0.5) {
    const scale = Math.min(8, Math.max(0.02, this.scale * factor));
    const pane = this.active, {width, height} = pane.size();
    pane.x = width * x - (width * x - pane.x) * scale / this.scale;
    pane.y = height * y - (height * y - pane.y) * scale / this.scale;
    this.scale = scale;
    this.follow(pane);
  }

  fit() {
    const scales = this.panes.filter(pane => pane.group).map(pane => {
      const {width, height} = pane.size();
      return Math.min(width / pane.width, height / pane.height);
    });
    this.scale = Math.min(1.2, ...scales);
    for (const pane of this.panes) {
      const {width, height} = pane.size();
      pane.x = (width - (pane.width || 0) * this.scale) / 2;
      pane.y = (height - (pane.height || 0) * this.scale) / 2;
    }
    this.draw();
  }

  // Large drawings begin at their top, at a size that can be read.
  start() {
    if (this.scale) return this.draw();
    this.fit();
    if (this.scale >= 0.6) return;
    this.scale = 0.8;
    const first = this.changes()[0];
    if (first) return this.show(first.pane, first.index);
    this.before.x = (this.before.size().width - (this.before.width || 0) * this.scale) / 2;
    this.before.y = 24;
    this.follow(this.before);
  }

  // Brings a box and its partner, or what is near it, to the middle.
  show(pane, index) {
    this.active = pane;
    if (this.scale < 0.4) this.scale = 0.8; // too small to be read
    pane.center(index, this.scale);
    this.follow(pane);
    const partner = this.partnersOf(pane, index)[0];
    if (partner !== undefined) this.other(pane).center(partner, this.scale);
    this.draw();
  }

  choose(pane, index, move = true) {
    const other = this.other(pane), partners = this.partnersOf(pane, index);
    this.chosen = {pane, index};
    pane.mark("chosen", [index]);
    pane.mark("partner", []);
    other.mark("chosen", []);
    other.mark("partner", partners);
    if (move || !pane.isVisible(index, this.scale)) this.show(pane, index);
    else if (partners.length) this.align(pane, index, other, partners[0]);
    const texts = new Map([[pane, this.describe(pane, [index])], [other, this.describe(other, partners)]]);
    this.info.replaceChildren(...this.panes.map(each => texts.get(each)));
  }

  // The partner appears at the height of the box that was clicked.
  align(pane, index, other, partner) {
    const mine = pane.middle(index), theirs = other.middle(partner);
    if (!mine || !theirs) return;
    other.x = pane.x + (mine.x - theirs.x) * this.scale;
    other.y = pane.y + (mine.y - theirs.y) * this.scale;
    this.draw();
  }

  describe(pane, indices) {
    const element = make("div");
    if (!indices.length) {
      element.append(make("p", {}, pane === this.before ? "It has no partner before the pass: it came."
                                                        : "It has no partner after the pass: it went."));
    }
    for (const index of indices.slice(0, 5)) {
      const box = pane.boxes[index];
      element.append(make("h4", {}, titleOf(box)), make("pre", {}, box.text || ""), this.facts(pane, box));
    }
    if (indices.length > 5) element.append(make("p", {}, `and ${indices.length - 5} more`));
    return element;
  }

  facts(pane, box) {
    const list = make("dl");
    const add = (name, text) => { if (text) list.append(make("dt", {}, name), make("dd", {}, text)); };
    add("kind", box.kind);
    add("module", box.module);
    for (const type of box.types || []) add("observed", type);
    for (const [name, text] of box.cost || []) add(name, text);
    const profile = pane === this.after ? this.pass.profile : profileBefore(this.pass);
    const time = (profile || []).find(([name]) => name === box.op);
    if (time) add(`time of all ${box.op}`, time[1]);
    return list;
  }

  find() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(word => word);
    const matches = box => {
      const text = [box.title, box.op, box.module, box.text, ...(box.values || [])].join(" ").toLowerCase();
      return words.every(word => text.includes(word));
    };
    this.hits = [];
    for (const pane of this.panes) {
      const hits = words.length ? pane.boxes.map((box, index) => index)
        .filter(index => pane.nodes[index] && matches(pane.boxes[index])) : [];
      pane.mark("hit", hits);
      pane.nodes.forEach((node, index) => node.classList.toggle("faint", words.length > 0 && !hits.includes(index)));
      this.hits.push(...hits.map(index => ({pane, index})));
    }
    this.found.textContent = words.length ? `${this.hits.length} found, Enter for the next` : "";
  }

  step(places, by) {
    if (!places.length) return;
    const at = places.findIndex(({pane, index}) => this.chosen && pane === this.chosen.pane &&
      index === this.chosen.index);
    const next = places[at < 0 ? (by > 0 ? 0 : places.length - 1) : (at + by + places.length) % places.length];
    this.choose(next.pane, next.index);
    if (document.activeElement !== this.search) next.pane.nodes[next.index]?.focus({preventScroll: true});
  }

  clear() {
    this.search.value = "";
    this.find();
    this.chosen = null;
    for (const pane of this.panes) { pane.mark("chosen", []); pane.mark("partner", []); }
    this.hint();
  }

  hint() { this.info.replaceChildren(make("p", {class: "note"}, "Click a node for its details, or press n.")); }
}

// The profile of the state before a pass.
function profileBefore(pass) {
  const index = passes.indexOf(pass);
  return index > 0 && !data.each ? passes[index - 1].profile : data.profile;
}

// --- the page ---------------------------------------------------------------------------------------------------------

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
  ["s", "find a node; Enter for the next"], ["n, p", "next, previous change"], ["+, -, f", "zoom in, out, show all"],
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
})();
