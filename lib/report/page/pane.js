// One drawing of a report: its boxes and frames, and what is marked in it.
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

const heatClasses = ["h0", "h1", "h2", "h3", "h4"];
const heatShares = [0.01, 0.03, 0.1, 1 / 3]; // of the largest: the least of each step but the first
const heatStep = (value, largest) => heatShares.filter(share => value > 0 && value >= share * largest).length;
let measure = ""; // what all drawings are coloured by

// "1.2 ms", "3.4 G", "5.6 MiB".
function numberText(name, value) {
  const [base, units] = {time: [1000, ["ns", "us", "ms", "s"]], flops: [1000, ["", "k", "M", "G", "T"]],
    memory: [1024, ["B", "KiB", "MiB", "GiB"]]}[name];
  let unit = 0;
  while (value >= base && unit + 1 < units.length) { value /= base; ++unit; }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

const titleOf = box => box.title || box.kind || "";

class Pane {
  constructor(viewer, side, pictureNumber) {
    this.viewer = viewer;
    this.side = side;
    this.picture = pictures[pictureNumber];
    this.boxes = this.picture.boxes || [];
    this.frames = this.picture.frames || [];
    this.closed = new Set();
    const level = this.picture.level ? ` (${this.picture.level})` : "";
    this.element = make("div", {class: "pane", tabindex: "0", role: "group", "aria-label":
      `Drawing ${side} the pass, ${this.boxes.length} boxes. Arrow keys move it, + and - zoom.`},
      make("h4", {}, side, make("span", {}, level)));
    const drawn = $(`#picture-${pictureNumber} svg`);
    if (!drawn) {
      this.element.append(make("p", {}, this.picture.note || "There is no drawing."));
      this.nodes = [];
      this.outlines = [];
      this.edges = [];
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
    this.outlines = [];
    for (const outline of $$(".c[data-c]", this.svg)) this.takeFrame(outline, Number(outline.dataset.c));
    this.x = this.y = 0;
  }

  takeFrame(outline, index) {
    const title = $("text", outline), frame = this.frames[index];
    if (!frame || !title) return;
    this.outlines[index] = {outline, title, text: title.textContent, after: outline.nextSibling};
    outline.setAttribute("role", "button");
    outline.setAttribute("tabindex", "-1");
    this.nameFrame(index);
  }

  nameFrame(index) {
    const {outline, title, text} = this.outlines[index], closed = this.closed.has(index);
    const count = this.boxes.filter(box => this.framesAround(box).includes(index)).length;
    title.textContent = closed ? `▸ ${text}: ${count} boxes` : `▾ ${text}`;
    outline.setAttribute("aria-expanded", String(!closed));
    outline.setAttribute("aria-label", `${text}, a frame around ${count} boxes`);
  }

  // From the innermost on.
  framesAround(box) {
    const around = [];
    for (let at = box.frame ?? -1; at >= 0; at = this.frames[at]?.parent ?? -1) around.push(at);
    return around;
  }

  // A frame that is closed lies above what is in it, and above the ends of edges that lead into it.
  close(index, closed) {
    if (!this.outlines[index] || this.closed.has(index) === closed) return;
    closed ? this.closed.add(index) : this.closed.delete(index);
    const {outline, after} = this.outlines[index];
    closed ? outline.parentNode.append(outline) : outline.parentNode.insertBefore(outline, after);
    outline.classList.toggle("closed", closed);
    this.nameFrame(index);
    const hidden = this.boxes.map(box => this.framesAround(box).some(frame => this.closed.has(frame)));
    this.nodes.forEach((node, box) => node.classList.toggle("hidden", hidden[box]));
    for (const edge of this.edges) {
      const [from, to] = edge.dataset.e.split(" ").map(Number);
      edge.classList.toggle("hidden", hidden[from] && hidden[to]);
    }
    this.outlines.forEach(({outline: other}, at) => {
      let parent = this.frames[at].parent ?? -1;
      while (parent >= 0 && !this.closed.has(parent)) parent = this.frames[parent].parent ?? -1;
      other.classList.toggle("hidden", parent >= 0);
    });
  }

  reveal(index) { for (const frame of this.framesAround(this.boxes[index])) this.close(frame, false); }

  // `measure`: "time", "flops", "memory", or "" for the kinds of boxes. `largest`: in both drawings.
  colour(measure, largest) {
    if (!this.svg) return;
    this.svg.classList.toggle("heat", measure !== "");
    const paint = (element, numbers) => {
      element.classList.remove(...heatClasses);
      const value = measure ? numbers?.[measure] ?? -1 : -1;
      if (value >= 0) element.classList.add(heatClasses[heatStep(value, largest)]);
    };
    this.nodes.forEach((node, index) => paint(node, this.boxes[index].numbers));
    this.outlines.forEach(({outline}, index) => paint(outline, this.frames[index].numbers));
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
