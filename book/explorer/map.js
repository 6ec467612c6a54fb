// The map of the space: a dot a cell, drawn by Vega; where it looks is moved by mouse, buttons and keys.

const GREY = "#8a94a0";
const NEAR = 14; // pixels from a dot within which it is meant
const MOST_ZOOM = 40;
const JOINED = 15; // evaluations joined by a line

const at = (field, scale) => ({ scale, field });
const places = { x: at("x", "x"), y: at("y", "y") };

function symbols(from, enter, update) {
  return { type: "symbol", from: { data: from }, interactive: false, encode: { enter, update: { ...places, ...update } } };
}

/** One of the map's two canvases: marks over the same piece of the plane. */
const layer = (data, signals, marks) => ({
  $schema: "https://vega.github.io/schema/vega/v6.json",
  width: 400, height: 400, padding: 1, autosize: "none", background: null,
  signals: [{ name: "across", value: [-1, 1] }, { name: "up", value: [-1, 1] }, ...signals],
  data: data.map(name => ({ name, values: [] })),
  scales: [
    { name: "x", domain: { signal: "across" }, range: "width", zero: false, nice: false },
    { name: "y", domain: { signal: "up" }, range: "height", zero: false, nice: false },
    { name: "colour", type: "linear", domain: [0, 1], range: { scheme: "viridis" } },
  ],
  marks: [{
    type: "group", clip: true, marks,
    encode: { update: { width: { signal: "width" }, height: { signal: "height" } } },
  }],
});

const DOTS = layer(["dots"], [{ name: "dot", value: 7 }], [
  symbols("dots", { opacity: { value: 0.85 } }, {
    size: { signal: "dot" },
    fill: [{ test: "datum.c === null", value: GREY }, { scale: "colour", field: "c" }],
  }),
]);

// What moves has a canvas of its own, so that a step of a replay draws none of the 15,625 dots again.
const COLOURS = ["ink", "paper", "accent"].map(name => ({ name, value: "#888" }));
const MARKED = layer(["line", "trail", "near", "here", "now"], COLOURS, [
  {
    type: "line", from: { data: "line" }, interactive: false,
    encode: { update: { ...places, stroke: { signal: "ink" }, strokeOpacity: { value: 0.6 }, strokeWidth: { value: 1.2 } } },
  },
  symbols("trail", { size: { value: 26 } }, {
    fill: { signal: "accent" }, stroke: { signal: "paper" }, strokeWidth: { value: 0.6 }, opacity: { field: "o" },
  }),
  symbols("near", { size: { value: 46 }, strokeWidth: { value: 1.6 } }, { stroke: { signal: "ink" } }),
  symbols("here", { size: { value: 330 }, strokeWidth: { value: 6 } }, { stroke: { signal: "paper" } }),
  symbols("here", { size: { value: 330 }, strokeWidth: { value: 2.6 } }, { stroke: { signal: "ink" } }),
  symbols("now", { size: { value: 150 }, shape: { value: "diamond" }, strokeWidth: { value: 1.5 } }, {
    fill: { signal: "accent" }, stroke: { signal: "paper" },
  }),
]);

const WHOLE_MAP = [0, 1].map(i => {
  const all = PLACES.map(place => place[i]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = 0.04 * (high - low);
  return [low - margin, high + margin];
});

/** Draw a Vega chart into a box; it is for the eye, and what it tells is said in words beside it. */
async function chart(box, specification) {
  const place = element("div", { "aria-hidden": "true" });
  box.append(place);
  const options = { mode: "vega", actions: false, renderer: "canvas", tooltip: false, hover: false, defaultStyle: false };
  return (await vegaEmbed(place, specification, options)).view;
}

class SpaceMap {
  /** Draw into a box; pick(cell) is called when a dot is picked, and told(cell) says a cell in words. */
  static async on(box, { pick, told }) {
    const canvas = box.querySelector(".canvas");
    return new SpaceMap(box, await chart(canvas, DOTS), await chart(canvas, MARKED), { pick, told });
  }

  constructor(box, dots, view, { pick, told }) {
    Object.assign(this, { box, dots, view, pick, told, domains: WHOLE_MAP, cell: 0, hint: box.querySelector(".hint") });
    this.canvas = box.querySelector(".canvas");
    new ResizeObserver(() => this.fit()).observe(this.canvas);
    this.listen();
    this.fit();
  }

  fit() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || (this.view.width() === clientWidth - 2 && this.view.height() === clientHeight - 2)) return;
    for (const view of [this.dots, this.view]) view.width(clientWidth - 2).height(clientHeight - 2);
    this.dots.signal("dot", clientWidth < 400 ? 5 : 8);
    this.look(this.domains);
  }

  theme({ ink, paper, accent }) {
    this.view.signal("ink", ink).signal("paper", paper).signal("accent", accent).runAsync();
  }

  colour(q) {
    const standings = standing(q);
    this.dots.data("dots", PLACES.map(([x, y], cell) => ({ x, y, c: standings[cell] }))).runAsync();
  }

  show(cell) {
    this.cell = cell;
    const spots = neighbours(cell).map(other => PLACES[other]);
    this.view.data("here", [spot(PLACES[cell])]).data("near", spots.map(spot));
    if (!this.inside(PLACES[cell])) this.centre(PLACES[cell]);
    this.view.runAsync();
  }

  /** Mark the places of the last evaluations, fading with age, and join the very last ones by a line. */
  follow(trail, now) {
    const faded = trail.map(([x, y], i) => ({ x, y, o: 0.15 + (0.85 * (i + 1)) / trail.length }));
    this.view.data("trail", faded).data("line", trail.slice(-JOINED).map(spot)).data("now", now ? [spot(now)] : []);
  }

  inside(place) {
    return this.domains.every(([low, high], i) => low <= place[i] && place[i] <= high);
  }

  look(domains) {
    this.domains = domains;
    for (const view of [this.dots, this.view]) view.signal("across", domains[0]).signal("up", domains[1]).runAsync();
  }

  centre(place) {
    this.look(this.domains.map(([low, high], i) => [place[i] - (high - low) / 2, place[i] + (high - low) / 2]));
  }

  /** Zoom by a factor and leave a place where it is. */
  zoom(factor, place = PLACES[this.cell]) {
    const now = (WHOLE_MAP[0][1] - WHOLE_MAP[0][0]) / (this.domains[0][1] - this.domains[0][0]);
    const by = Math.min(MOST_ZOOM / now, factor);
    if (now * by <= 1) return this.look(WHOLE_MAP);
    this.look(this.domains.map(([low, high], i) => [place[i] - (place[i] - low) / by, place[i] + (high - place[i]) / by]));
  }

  pixel(place) {
    return [this.view.scale("x")(place[0]) + 1, this.view.scale("y")(place[1]) + 1];
  }

  placeAt(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [this.view.scale("x").invert(event.clientX - left - 1), this.view.scale("y").invert(event.clientY - top - 1)];
  }

  /** The cell whose dot is nearest to a place and passes a test, with its distance in pixels. */
  nearest(place, passes = () => true) {
    const [wide, high] = this.domains.map(([a, b], i) => (i ? this.view.height() : this.view.width()) / (b - a));
    let best = -1;
    let least = Infinity;
    PLACES.forEach(([x, y], cell) => {
      const [dx, dy] = [(x - place[0]) * wide, (y - place[1]) * high];
      const distance = dx * dx + dy * dy;
      if (distance < least && passes(dx, dy, cell)) [best, least] = [cell, distance];
    });
    return { cell: best, distance: Math.sqrt(least) };
  }

  /** The cell nearest in a direction: within 45 degrees of it, so that each step goes where the arrow says. */
  towards([right, up]) {
    const ahead = (dx, dy, cell) => cell !== this.cell && (right ? dx * right > Math.abs(dy) : dy * up > Math.abs(dx));
    return this.nearest(PLACES[this.cell], ahead).cell;
  }

  listen() {
    this.canvas.addEventListener("pointerdown", event => this.press(event));
    this.canvas.addEventListener("pointermove", event => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.tell(null));
    this.canvas.addEventListener("wheel", event => this.wheel(event), { passive: false });
    this.canvas.addEventListener("keydown", event => this.type(event));
    this.box.querySelector(".zoom").addEventListener("click", event => this.press_zoom(event.target.closest("button")));
  }

  press_zoom(button) {
    if (!button) return;
    if (button.dataset.zoom === "0") this.look(WHOLE_MAP);
    else this.zoom(Number(button.dataset.zoom));
  }

  press(event) {
    if (event.button) return;
    const start = { x: event.clientX, y: event.clientY, domains: this.domains, dragged: false };
    const move = later => this.drag(later, start);
    const up = later => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      if (later.type === "pointerup" && !start.dragged) this.choose(later);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  drag(event, start) {
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    start.dragged ||= Math.hypot(dx, dy) > 5;
    if (!start.dragged || event.pointerType === "touch") return;
    const [[a, b], [c, d]] = start.domains;
    const [right, up] = [(dx * (b - a)) / this.view.width(), (-dy * (d - c)) / this.view.height()];
    this.look([[a - right, b - right], [c - up, d - up]]);
  }

  choose(event) {
    const { cell, distance } = this.nearest(this.placeAt(event));
    if (distance <= NEAR) this.pick(cell);
  }

  hover(event) {
    if (event.pointerType === "touch") return;
    const { cell, distance } = this.nearest(this.placeAt(event));
    this.tell(distance <= NEAR ? cell : null);
  }

  tell(cell) {
    this.canvas.style.cursor = cell === null ? "" : "pointer";
    this.hint.hidden = cell === null;
    if (cell === null) return;
    const [x, y] = this.pixel(PLACES[cell]);
    this.hint.textContent = this.told(cell);
    const left = Math.max(0, Math.min(x - this.hint.offsetWidth / 2, this.canvas.clientWidth - this.hint.offsetWidth));
    this.hint.style.left = `${left}px`;
    this.hint.style.top = `${y > 70 ? y - this.hint.offsetHeight - 12 : y + 14}px`;
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 200), this.placeAt(event));
  }

  type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const directions = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const zooms = { "+": 1.6, "=": 1.6, "-": 1 / 1.6, "0": 0 };
    if (event.key in directions) {
      const cell = this.towards(directions[event.key]);
      if (cell >= 0) this.pick(cell);
    } else if (event.key in zooms) {
      if (zooms[event.key]) this.zoom(zooms[event.key]);
      else this.look(WHOLE_MAP);
    } else return;
    event.preventDefault();
  }
}

function spot([x, y]) {
  return { x, y };
}
