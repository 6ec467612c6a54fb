// The course of a replayed search: how good each evaluated cell is among all cells, and the best until then.

const axis = (orient, scale, title, more) => ({
  orient, scale, title, titleFontWeight: "normal", titleFontSize: 11, labelFontSize: 10, tickSize: 3, domain: false, ...more,
  encode: { labels: { update: { fill: { signal: "ink" } } }, title: { update: { fill: { signal: "ink" } } } },
});

const COURSE = {
  $schema: "https://vega.github.io/schema/vega/v6.json",
  width: 300, height: 96, autosize: { type: "fit", contains: "padding" }, background: null,
  signals: [
    { name: "ink", value: "#000" }, { name: "accent", value: "#d55e00" }, { name: "n", value: 1 },
  ],
  data: [{ name: "evaluations", values: [] }],
  scales: [
    { name: "x", domain: [0, { signal: "n" }], range: "width", zero: false },
    { name: "y", domain: [0, 100], range: "height" },
  ],
  axes: [
    axis("left", "y", "better than, %", { values: [0, 50, 100], grid: true, gridOpacity: 0.35 }),
    axis("bottom", "x", "evaluation", { tickCount: 4, format: ",d" }),
  ],
  marks: [
    {
      type: "symbol", from: { data: "evaluations" }, interactive: false,
      encode: { update: {
        x: { scale: "x", field: "e" }, y: { scale: "y", field: "share" }, size: { value: 7 },
        fill: { signal: "ink" }, opacity: { value: 0.45 },
      } },
    },
    {
      type: "line", from: { data: "evaluations" }, interactive: false,
      encode: { update: {
        x: { scale: "x", field: "e" }, y: { scale: "y", field: "best" }, stroke: { signal: "accent" }, strokeWidth: { value: 1.8 },
      } },
    },
  ],
};

class Timeline {
  /** Draw into a box; pick(evaluation) is called when a moment is clicked. */
  static async on(box, pick) {
    return new Timeline(box, await chart(box, COURSE), pick);
  }

  constructor(box, view, pick) {
    Object.assign(this, { box, view, shown: "", now: 0, rule: element("div", { class: "rule" }) });
    box.append(this.rule); // it moves at every step, and the chart need not be drawn again for it
    new ResizeObserver(() => this.fit()).observe(box);
    box.addEventListener("click", event => {
      const x = event.clientX - box.getBoundingClientRect().left - view.origin()[0];
      const n = view.signal("n");
      pick(Math.max(1, Math.min(n, Math.round(view.scale("x").invert(x)))));
    });
  }

  fit() {
    if (this.box.clientWidth) this.view.width(this.box.clientWidth).runAsync().then(() => this.mark());
  }

  theme({ ink, accent }) {
    this.view.signal("ink", ink).signal("accent", accent).runAsync();
  }

  show(search, q, now) {
    const shown = `${search.name} ${q.key}`;
    this.now = now;
    if (shown === this.shown) return this.mark();
    this.shown = shown;
    this.view.data("evaluations", courseOf(search, q)).signal("n", search.n).runAsync().then(() => this.mark());
  }

  mark() {
    this.rule.style.left = `${this.view.origin()[0] + this.view.scale("x")(this.now)}px`;
  }
}

function courseOf(search, q) {
  let best = 0;
  return Array.from(search.cells, (cell, i) => {
    const share = percentile(q, q.values[cell]) ?? 0;
    best = Math.max(best, share);
    return { e: i + 1, share, best };
  });
}
