// A recorded search, replayed: one evaluation after the other, on the map and on the drawn cell.

const TRAIL = 200; // evaluations that stay on the map

/** Unpack a search once: its cells or its supernets, its steps, and what it saw. */
function unpack(search) {
  if (search.places) return search;
  const seen = Object.entries(search.seen).map(([name, column]) => [name, numbers(column)]);
  const options = search.options && Array.from(bits(search.options), optionsOf);
  const cells = search.cells && whole(search.cells);
  const places = options ? options.map(placeOf) : Array.from(cells, cell => PLACES[cell]);
  return Object.assign(search, { steps: whole(search.step), seenValues: Object.fromEntries(seen), options, cells, places });
}

/** The operations that are still possible on each edge of a supernet, from its bits. */
function optionsOf(mask) {
  const n = OPERATIONS.length;
  return EDGES.map((_, edge) => [...OPERATIONS.keys()].filter(operation => (mask >>> (edge * n + operation)) & 1));
}

/** The cell that is shown at an evaluation: the one evaluated; a pruned supernet shows what was found at its end. */
function cellAt(search, at) {
  if (search.cells) return at ? search.cells[at - 1] : null;
  return at === search.n ? search.found : null;
}

function seenAt(search, at) {
  if (!at || !search.cells) return null;
  return Object.fromEntries(Object.entries(search.seenValues).map(([name, values]) => [name, values[at - 1]]));
}

/** The places of the last evaluations, oldest first, and the present one. */
function trailAt(search, at) {
  return { trail: search.places.slice(Math.max(0, at - TRAIL), at), now: at ? search.places[at - 1] : null };
}

function searchWords(search) {
  const what = search.options ? "supernets" : "cells";
  return `${search.method} by ${search.reward}, seed ${search.seed}: ${search.n.toLocaleString("en")} ${what}`;
}

/** What happens at an evaluation, in one or two sentences. */
function momentWords(search, at) {
  const found = `It found cell ${codeOf(search.found)}`;
  if (!at) return `Press Play, or move the slider. ${found} in the end.`;
  const where = `Evaluation ${at.toLocaleString("en")} of ${search.n.toLocaleString("en")}, step ${search.steps[at - 1] + 1}`;
  const end = at === search.n ? ` ${found} (${search.stopped}).` : "";
  if (search.options) return `${where}: a supernet, on whose edges are still possible ${leftWords(search.options[at - 1])}.${end}`;
  const cell = search.cells[at - 1];
  const q = QUANTITIES[0];
  return `${where}: cell ${codeOf(cell)}, ${q.name} ${written(q, q.values[cell])}.${end}`;
}

function leftWords(options) {
  return options.map((list, edge) => `${edgeName(edge)}: ${list.map(operationName).join(", ") || "nothing"}`).join("; ");
}

function fillSearches(select) {
  const groups = new Map();
  for (const search of KNOWN.searches) {
    const label = `${search.method} by ${search.reward}`;
    if (!groups.has(label)) groups.set(label, element("optgroup", { label }));
    groups.get(label).append(element("option", { value: search.name }, `${search.method}, seed ${search.seed} (${search.n.toLocaleString("en")})`));
  }
  select.append(...groups.values());
}

/** A clock that calls tick() so many times a second until it is stopped. */
class Player {
  constructor(tick, changed) {
    Object.assign(this, { tick, changed, timer: null });
  }

  get playing() {
    return this.timer !== null;
  }

  start(perSecond) {
    this.stop();
    this.timer = setInterval(this.tick, 1000 / perSecond);
    this.changed(true);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.changed(false);
  }
}
