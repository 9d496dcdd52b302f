// The drawings before and after a pass, side by side and moved together.

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
      button("fit", "Show all (f)", () => this.fit()),
      ...(this.panes.some(pane => pane.outlines.some(outline => outline))
        ? [button("▾ frames", "Close or open all frames (c)", () => this.closeAll())] : []),
      ...this.choiceOfColour(), this.legend());
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

  // What any box has a number of.
  choiceOfColour() {
    const all = this.panes.flatMap(pane => [...pane.boxes, ...pane.frames]).map(part => part.numbers || {});
    const names = {time: "time", flops: "operations", memory: "memory"};
    const known = Object.keys(names).filter(name => all.some(numbers => numbers[name] >= 0));
    if (!known.length) return [];
    this.largest = Object.fromEntries(known.map(name =>
      [name, Math.max(...all.map(numbers => numbers[name] ?? -1))]));
    this.choice = make("select", {"aria-label": "Colour the boxes by", onchange: event => {
      measure = event.target.value;
      this.colour();
    }}, make("option", {value: ""}, "colour: kind"),
    ...known.map(name => make("option", {value: name}, `colour: ${names[name]}`)));
    this.scaleKey = make("span", {class: "key", role: "note"});
    return [this.choice, this.scaleKey];
  }

  colour() {
    if (!this.choice) return;
    const name = this.largest[measure] === undefined ? "" : measure;
    this.choice.value = name;
    for (const pane of this.panes) pane.colour(name, this.largest[name]);
    const step = (share, at) => make("i", {class: heatClasses[at]}, share);
    this.scaleKey.replaceChildren(...(name ? [...heatClasses.map((each, at) =>
      step(at ? `≥ ${numberText(name, heatShares[at - 1] * this.largest[name])}` : "less", at))] : []));
  }

  // Closes or opens a frame, and the one around its partners in the other drawing.
  toggleFrame(pane, index) {
    const closed = !pane.closed.has(index), other = this.other(pane), counts = new Map();
    pane.boxes.forEach((box, at) => {
      if (box.frame !== index) return;
      for (const partner of this.partnersOf(pane, at)) {
        const frame = other.boxes[partner]?.frame ?? -1;
        counts.set(frame, (counts.get(frame) || 0) + 1);
      }
    });
    const [partner] = [...counts].sort((a, b) => b[1] - a[1])[0] || [-1];
    pane.close(index, closed);
    if (partner >= 0) other.close(partner, closed);
    const frame = pane.frames[index], text = make("div");
    text.append(make("h4", {}, frame.title || ""), make("pre", {}, frame.text || ""), this.facts(pane, frame));
    this.info.replaceChildren(...(pane === this.before ? [text] : [make("div"), text]));
  }

  closeAll() {
    const all = this.panes.flatMap(pane => pane.outlines.map((outline, index) => ({pane, index})))
      .filter(({pane, index}) => (pane.frames[index].parent ?? -1) < 0);
    const closed = all.some(({pane, index}) => !pane.closed.has(index));
    for (const {pane, index} of all) pane.close(index, closed);
    if (closed) this.fit(); // their titles may be anywhere
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
      if (node && node.dataset.n) return this.choose(pane, Number(node.dataset.n), false);
      // An open frame is closed by its title: the rest of it is for moving the drawing.
      const outline = event.target.closest(".c[data-c]");
      if (outline && (outline.classList.contains("closed") || event.target.closest("text")))
        this.toggleFrame(pane, Number(outline.dataset.c));
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
    else if ((event.key === "Enter" || event.key === " ") && event.target.closest(".c[data-c]"))
      this.toggleFrame(pane, Number(event.target.closest(".c").dataset.c));
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
    this.colour();
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
    pane.reveal(index);
    for (const partner of partners) other.reveal(partner);
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
