// Cells as numbers: the six digits of the operations, in the order of the edges, read in base five.

const OPERATIONS = KNOWN.operations;
const EDGES = KNOWN.edges;
const N_CELLS = OPERATIONS.length ** EDGES.length;
const CLASS = whole(KNOWN.class);
const INDEX = whole(KNOWN.index);
const CLASS_SIZE = CLASS.reduce((sizes, c) => sizes.set(c, (sizes.get(c) || 0) + 1), new Map());
const EXAMPLE = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|";

function digitsOf(cell) {
  return EDGES.map((_, edge) => Math.floor(cell / OPERATIONS.length ** (EDGES.length - 1 - edge)) % OPERATIONS.length);
}

function cellOf(digits) {
  return digits.reduce((cell, digit) => cell * OPERATIONS.length + digit, 0);
}

function flipped(cell, edge, operation) {
  return cellOf(digitsOf(cell).map((digit, e) => (e === edge ? operation : digit)));
}

function codeOf(cell) {
  return digitsOf(cell).join("");
}

/** The benchmark's string, |op~0|+|op~0|op~1|+|op~0|op~1|op~2|. */
function textOf(cell) {
  const digits = digitsOf(cell);
  const nodes = [1, 2, 3].map(target => {
    const entries = EDGES.map(([from, to], e) => (to === target ? `${OPERATIONS[digits[e]]}~${from}|` : ""));
    return "|" + entries.join("");
  });
  return nodes.join("+");
}

const CELL_OF_TEXT = new Map(Array.from({ length: N_CELLS }, (_, cell) => [textOf(cell), cell]));

/** The cell that a text names, by six digits or by the benchmark's string; an error says what is wrong with it. */
function parseCell(text) {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (CELL_OF_TEXT.has(text)) return CELL_OF_TEXT.get(text);
  if (!/^\d+$/.test(text)) {
    throw new Error(`“${shown}” is no cell: write six digits from 0 to 4, or a string like ${EXAMPLE}`);
  }
  if (text.length !== EDGES.length) {
    throw new Error(`“${shown}” has ${text.length} digits, and a cell has ${EDGES.length}, one for each edge`);
  }
  const wrong = [...text].find(digit => Number(digit) >= OPERATIONS.length);
  if (wrong) throw new Error(`“${shown}” has the digit ${wrong}, and operations are numbered from 0 to 4`);
  return cellOf([...text].map(Number));
}

function operationName(operation) {
  return KNOWN.operation_names[OPERATIONS[operation]];
}

function edgeName(edge) {
  const names = ["in", "1", "2", "out"];
  return `${names[EDGES[edge][0]]} → ${names[EDGES[edge][1]]}`;
}

/** For each edge whether data flows through it: not none, and on a way from the input to the output. */
function liveEdges(digits) {
  const open = EDGES.map((_, e) => OPERATIONS[digits[e]] !== "none");
  const forward = [true, false, false, false];
  const backward = [false, false, false, true];
  EDGES.forEach(([from, to], e) => { if (open[e] && forward[from]) forward[to] = true; });
  [...EDGES.keys()].reverse().forEach(e => {
    const [from, to] = EDGES[e];
    if (open[e] && backward[to]) backward[from] = true;
  });
  return EDGES.map(([from, to], e) => open[e] && forward[from] && backward[to]);
}

/** Where a one-hot code lies on the map; options holds, for each edge, the operations that share it equally. */
function placeOf(options) {
  const { origin, axes } = KNOWN.projection;
  return axes.map((axis, i) => {
    const parts = options.map((list, e) => {
      const sum = list.reduce((total, operation) => total + axis[e * OPERATIONS.length + operation], 0);
      return sum / (list.length || 1);
    });
    return parts.reduce((total, part) => total + part, origin[i]);
  });
}

const PLACES = Array.from({ length: N_CELLS }, (_, cell) => placeOf(digitsOf(cell).map(digit => [digit])));
