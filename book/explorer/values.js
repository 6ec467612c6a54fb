// What is known of the cell on show: a line a quantity, with its draws over the distribution in the whole space.

const BINS = 48;
const STRIP = { width: 150, height: 34, foot: 27 };

/** The scale of a strip: where a value lies between the space's 1st and 99th percentiles, 0 to 1. */
function stripScale(q) {
  if (q.strip) return q.strip;
  const f = q.spread ?? Number;
  const finite = Float64Array.from(q.values.filter(Number.isFinite)).sort();
  const [low, high] = [0.005, 0.995].map(share => f(finite[Math.round(share * (finite.length - 1))]));
  const where = value => Math.max(0, Math.min(1, (f(value) - low) / (high - low)));
  const counts = new Array(BINS).fill(0);
  finite.forEach(value => { counts[Math.min(BINS - 1, Math.floor(where(value) * BINS))] += 1; });
  q.strip = { where, outline: outlineOf(counts) };
  return q.strip;
}

/** The bars of a histogram as one path. */
function outlineOf(counts) {
  const wide = (STRIP.width - 10) / BINS;
  const most = Math.max(...counts);
  return counts.map((count, bin) => {
    const height = count && Math.max(1, ((STRIP.foot - 5) * count) / most);
    return height ? `M${(5 + bin * wide).toFixed(1)} ${STRIP.foot}v${(-height).toFixed(1)}h${(wide * 0.86).toFixed(2)}V${STRIP.foot}Z` : "";
  }).join("");
}

function drawsOf(q, cell) {
  const n = CLASS_SIZE.size;
  return q.draws ? Array.from({ length: KNOWN.draws }, (_, draw) => q.draws[draw * n + CLASS[cell]]) : [];
}

function strip(q, cell, seen) {
  const { where, outline } = stripScale(q);
  const x = value => 5 + where(value) * (STRIP.width - 10);
  const value = q.values[cell];
  const marks = drawsOf(q, cell).filter(Number.isFinite).map(draw => svg("circle", { cx: x(draw), cy: STRIP.foot, r: 3.2, class: "draw" }));
  if (Number.isFinite(value)) marks.unshift(svg("line", { x1: x(value), x2: x(value), y1: 1, y2: STRIP.height, class: "mean" }));
  if (Number.isFinite(seen)) {
    marks.push(svg("path", { d: `M${x(seen)} ${STRIP.foot - 6} l6 6 l-6 6 l-6 -6 Z`, class: "seen" }));
  }
  const label = stripWords(q, cell, seen);
  return svg("svg", { viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, class: "strip", role: "img", "aria-label": label }, svg("title", {}, label), svg("path", { d: outline, class: "space" }), ...marks);
}

function stripWords(q, cell, seen) {
  const draws = drawsOf(q, cell);
  const words = draws.length ? `${draws.length} draws: ${draws.map(draw => written(q, draw)).join(", ")}` : `${q.name} among all cells`;
  return Number.isFinite(seen) ? `${words}; the search saw ${written(q, seen)}` : words;
}

function standingWords(q, value) {
  const share = percentile(q, value);
  if (share === null || !Number.isFinite(value)) return "–";
  if (!share) return q.neutral ? "none has fewer" : "none is worse";
  return `${q.neutral ? "more" : "better"} than ${share.toFixed(share > 99 || share < 1 ? 2 : 0)} %`;
}

/** The smallest and largest draw, as words; nothing where there is one number only. */
function spreadWords(q, cell) {
  const draws = drawsOf(q, cell).filter(Number.isFinite);
  if (!draws.length) return "";
  return `${written(q, Math.min(...draws))} to ${written(q, Math.max(...draws))}`;
}

function showValues(table, cell, seen) {
  table.replaceChildren(...QUANTITIES.map(q => {
    const value = q.values[cell];
    const name = element("th", { scope: "row" }, element("span", { class: "name" }, q.draws ? `${q.symbol} ${q.name}` : q.name), element("span", { class: "meaning" }, q.meaning));
    const number = element("td", { class: "number", "data-quantity": q.key }, element("span", { class: "value" }, written(q, value)), element("span", { class: "meaning" }, spreadWords(q, cell)));
    const picture = element("td", { class: "picture" }, strip(q, cell, seen?.[q.column]));
    return element("tr", {}, name, number, picture, element("td", { class: "standing" }, standingWords(q, value)));
  }));
}
