// What is known of a cell, as quantities that all parts of the page treat alike.

const SPREAD = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function significant(value) {
  return value >= 1e6 ? value.toExponential(2).replace("e+", "·10^") : SPREAD.format(value);
}

function signed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? "0" : (value < 0 ? "−" : "+") + text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function byClass(column) {
  const values = numbers(column);
  return Float64Array.from(CLASS, c => values[c]);
}

function parameterCount(cell) {
  return digitsOf(cell).reduce((sum, o) => sum + KNOWN.parameters[OPERATIONS[o]], KNOWN.parameters.fixed);
}

function indicator(key, column, name, symbol, format, change) {
  const known = KNOWN.indicators[column];
  return {
    key, column, name, symbol, format, change, higher: known.higher_is_better, spread: known.mean.log ? Math.log : Number,
    unit: change === ratio ? "as a factor" : "", meaning: known.meaning, values: byClass(known.mean), draws: numbers(known.draws),
  };
}

function accuracy(known, position) {
  return {
    key: position ? `accuracy-${known.dataset.toLowerCase()}` : "accuracy",
    name: `test accuracy, ${known.dataset}`, symbol: `acc. ${known.dataset}`, meaning: known.label, higher: true,
    values: numbers(known.values), format: v => `${v.toFixed(2)} %`, change: (a, b) => signed(b - a, 2), unit: "in percentage points",
    spread: v => -Math.log(101 - v), // most cells lie within a few percent of the best
  };
}

/** A ratio, for what spans orders of magnitude. */
const ratio = (a, b) => (a === b ? "×1" : `×${significant(b / a)}`);

const QUANTITIES = [
  ...KNOWN.accuracies.map(accuracy),
  indicator("kappa", "condition_number", "condition number", "κ", significant, ratio),
  indicator("regions", "linear_regions", "linear regions", "R", v => v.toFixed(v % 1 ? 1 : 0), (a, b) => signed(b - a, 0)),
  indicator("mse", "regression_error", "regression error", "MSE", v => v.toFixed(3), (a, b) => signed(b - a, 3)),
  {
    key: "ranks", name: "sum of ranks", symbol: "Σ ranks", meaning: "of κ, R and MSE in the whole space", higher: false,
    values: byClass(KNOWN.rank_sum), format: GROUPED.format, change: (a, b) => signed(b - a, 0),
  },
  {
    key: "parameters", name: "parameters", symbol: "params", meaning: "of the benchmark’s network", higher: true,
    values: Float64Array.from({ length: N_CELLS }, (_, cell) => parameterCount(cell)),
    format: v => `${(v / 1e6).toFixed(3)} M`, change: (a, b) => `${signed((b - a) / 1e6, 3)} M`, neutral: true,
  },
];

function quantity(key) {
  return QUANTITIES.find(q => q.key === key);
}

function written(q, value) {
  if (Number.isNaN(value)) return "not known";
  return Number.isFinite(value) ? q.format(value) : "failed";
}

/** The cells' values in order, best last; failures are worst and what is not known is left out. */
function ordered(q) {
  q.ordered ??= Float64Array.from(q.values.filter(v => !Number.isNaN(v)), v => goodness(q, v)).sort();
  return q.ordered;
}

function goodness(q, value) {
  if (!Number.isFinite(value)) return -Infinity;
  return q.higher ? value : -value;
}

/** How many of the sorted numbers are smaller than x. */
function below(sorted, x) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of the space that is worse, in percent; null when the value is not known. */
function percentile(q, value) {
  if (Number.isNaN(value)) return null;
  const sorted = ordered(q);
  return (100 * below(sorted, goodness(q, value))) / sorted.length;
}

/** Where each cell stands in the space, 0 (worst) to 1 (best); null when its value failed or is not known. */
function standing(q) {
  q.standing ??= Array.from(q.values, value => (Number.isFinite(value) ? percentile(q, value) / 100 : null));
  return q.standing;
}

/** The value below which a share of the space is; the worst finite one when that share failed. */
function valueAt(q, share) {
  const sorted = ordered(q);
  const first = below(sorted, -Number.MAX_VALUE);
  const found = sorted[Math.max(first, Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1))))];
  return q.higher ? found : -found;
}

function bestCell(q) {
  return q.values.reduce((best, value, cell) => (goodness(q, value) > goodness(q, q.values[best]) ? cell : best), 0);
}

/** Say how the second value compares with the first: "better", "worse", "same", or "" where neither is better. */
function compared(q, a, b) {
  if (q.neutral || Number.isNaN(a) || Number.isNaN(b)) return a === b ? "same" : "";
  const difference = goodness(q, b) - goodness(q, a);
  if (!(difference > 0) && !(difference < 0)) return "same";
  return difference > 0 ? "better" : "worse";
}

function changed(q, a, b) {
  if (Number.isNaN(a) || Number.isNaN(b)) return "?";
  if (!Number.isFinite(b)) return Number.isFinite(a) ? "fails" : "=";
  if (!Number.isFinite(a)) return "works";
  return a === b ? "=" : q.change(a, b);
}
