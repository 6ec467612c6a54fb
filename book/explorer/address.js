// What is on show stands in the address: #cell=333133&show=accuracy&search=evolution-0&at=120

const DEFAULT_STATE = { cell: bestCell(QUANTITIES[0]), show: QUANTITIES[0].key, search: "", at: 0 };
const SEARCHES = new Map(KNOWN.searches.map(search => [search.name, search]));

const READERS = {
  cell: text => parseCell(text),
  show(text) {
    if (!quantity(text)) throw new Error(`“${text}” is nothing to show; there are ${QUANTITIES.map(q => q.key).join(", ")}`);
    return text;
  },
  search(text) {
    if (text && !SEARCHES.has(text)) throw new Error(`“${text}” is no recorded search; there are ${[...SEARCHES.keys()].join(", ")}`);
    return text;
  },
  at(text, state) {
    const n = SEARCHES.get(state.search)?.n ?? 0;
    if (!/^\d+$/.test(text) || Number(text) > n) throw new Error(`“${text}” is no evaluation of this search; it has 1 to ${n}`);
    return Number(text);
  },
};

/** Read an address: the state, with defaults for what is wrong or not said, and a sentence for each thing wrong. */
function readAddress(hash) {
  const said = new Map(hash.replace(/^#/, "").split("&").filter(Boolean).map(part => {
    const cut = part.indexOf("=");
    return cut < 0 ? [part, ""] : [part.slice(0, cut), plain(part.slice(cut + 1))];
  }));
  const state = { ...DEFAULT_STATE };
  const wrong = [];
  for (const name of Object.keys(READERS)) {
    if (!said.has(name)) continue;
    try {
      state[name] = READERS[name](said.get(name), state);
    } catch (error) {
      wrong.push(`The address is wrong: ${error.message}. The default is shown instead.`);
    }
  }
  if (!said.has("cell") && state.search) state.cell = cellAt(unpack(SEARCHES.get(state.search)), state.at) ?? state.cell;
  return { state, wrong };
}

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function addressOf(state) {
  const parts = [`cell=${codeOf(state.cell)}`, `show=${state.show}`];
  if (state.search) parts.push(`search=${state.search}`, `at=${state.at}`);
  return `#${parts.join("&")}`;
}
