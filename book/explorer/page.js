// The page: one state, one way to change it, and the parts that show it.

const part = name => document.querySelector(`#explorer [data-part="${name}"]`);

let state = DEFAULT_STATE;
let map = null;
let timeline = null;
let coloured = null;

const player = new Player(tick, playing => {
  const button = part("play");
  button.textContent = playing ? "Pause" : "Play";
  button.setAttribute("aria-pressed", playing);
  part("moment").setAttribute("aria-live", playing ? "off" : "polite");
});

/** Change what is on show; a jump can be taken back with the browser's Back, a step of a replay cannot. */
function go(changes, { jump = true } = {}) {
  state = { ...state, ...changes };
  part("wrong").hidden = true;
  if (jump && !player.playing) history.pushState(null, "", addressOf(state));
  else remember();
  render();
}

let remembered = 0;

/** Write the address without a new entry; browsers allow this a few times a second only. */
function remember() {
  clearTimeout(remembered);
  remembered = setTimeout(() => history.replaceState(null, "", addressOf(state)), 120);
}

/** Show another cell; the replayed search, if there is one, is left where it was. */
function goToCell(cell) {
  player.stop();
  go({ cell });
}

function goToMoment(at) {
  const search = SEARCHES.get(state.search);
  if (!search) return;
  const cell = cellAt(unpack(search), at);
  go({ at, cell: cell ?? state.cell }, { jump: false });
  if (at >= search.n) player.stop();
}

function tick() {
  goToMoment(state.at + 1);
}

function render() {
  const q = quantity(state.show);
  const search = state.search ? unpack(SEARCHES.get(state.search)) : null;
  const following = search && cellAt(search, state.at) === state.cell;
  showCell(part("cell"), state.cell);
  showHeading();
  showValues(part("values"), state.cell, following ? seenAt(search, state.at) : null);
  showNeighbours(part("neighbours"), state.cell, q);
  part("changed").textContent = `${q.name}${q.unit ? `, ${q.unit}` : ""}`;
  part("changes").textContent = "Point at a neighbour, or move to it with the arrow keys, to see all that it changes.";
  part("show").value = state.show;
  showReplay(search);
  showMap(q, search);
}

function showHeading() {
  const size = CLASS_SIZE.get(CLASS[state.cell]);
  const shared = size === 1 ? "No other cell computes the same function." : `It computes the same function as ${(size - 1).toLocaleString("en")} other cells, with which it shares κ, R and MSE.`;
  part("code").textContent = codeOf(state.cell);
  part("string").replaceChildren(...textOf(state.cell).split(/(?<=\|)(?=\w)/).flatMap(piece => [element("wbr", {}), piece]));
  part("class").textContent = `Number ${INDEX[state.cell].toLocaleString("en")} of the benchmark. ${shared}`;
}

function showReplay(search) {
  part("search").value = state.search;
  part("player").hidden = !search;
  part("map").classList.toggle("tall", Boolean(search?.cells));
  if (!search) return;
  const slider = part("at");
  slider.max = search.n;
  slider.value = state.at;
  slider.setAttribute("aria-valuetext", `evaluation ${state.at} of ${search.n}`);
  part("moment").textContent = momentWords(search, state.at);
  part("timeline").hidden = !search.cells;
  if (search.cells) timeline?.show(search, quantity(state.show), state.at);
}

function showMap(q, search) {
  if (!map) return;
  if (coloured !== q.key) {
    coloured = q.key;
    map.colour(q);
    showLegend(q);
  }
  const { trail, now } = search ? trailAt(search, state.at) : { trail: [], now: null };
  map.follow(trail, now);
  map.show(state.cell);
}

function showLegend(q) {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(share => element("span", {}, written(q, valueAt(q, share))));
  part("ticks").replaceChildren(...ticks);
  const ends = q.neutral ? "fewest to most" : "worst to best";
  part("legend-name").textContent = `${q.name}, ${ends}; an equal share of the cells in each quarter`;
}

function toldCell(cell) {
  const q = quantity(state.show);
  return `${codeOf(cell)}: ${q.symbol} ${written(q, q.values[cell])}`;
}

/** Say aloud, to those who cannot see it, which cell is on show now. */
function announce() {
  const words = QUANTITIES.map(q => `${q.name} ${written(q, q.values[state.cell])}`);
  part("spoken").textContent = `Cell ${codeOf(state.cell)}: ${words.join(", ")}`;
}

function readPage() {
  const { state: read, wrong } = readAddress(location.hash);
  player.stop();
  state = read;
  const warning = part("wrong");
  warning.hidden = !wrong.length;
  warning.textContent = wrong.join(" ");
  render();
}

function fillMenus() {
  part("show").append(...QUANTITIES.map(q => element("option", { value: q.key }, q.draws ? `${q.symbol}, ${q.name}` : q.name)));
  fillSearches(part("search"));
  const brushes = OPERATIONS.map((name, operation) => {
    const input = element("input", { type: "radio", name: "tegnas-brush", value: operation });
    input.checked = name === "nor_conv_3x3";
    return element("label", { "data-operation": name }, input, element("span", {}, element("kbd", {}, operation), operationName(operation)));
  });
  part("brush").append(...brushes);
  part("columns").append(element("th", { scope: "col" }, "edge"), ...OPERATIONS.map((_, o) => element("th", { scope: "col" }, operationName(o))));
  part("draws").textContent = KNOWN.draws;
  part("explained").textContent = `${(100 * KNOWN.projection.explained.reduce((a, b) => a + b)).toFixed(0)} %`;
  part("benchmark").textContent = KNOWN.benchmark;
}

function listen() {
  const current = () => state.cell;
  const brush = () => Number(document.querySelector('#explorer input[name="tegnas-brush"]:checked').value);
  listenToEdges(part("cell"), { brush, current, change: (edge, operation) => { goToCell(flipped(state.cell, edge, operation)); announce(); } });
  listenToNeighbours(part("neighbours"), { current, jump: cell => { goToCell(cell); announce(); }, tell: words => { part("changes").textContent = words; } });
  part("show").addEventListener("change", event => go({ show: event.target.value }));
  part("search").addEventListener("change", event => { player.stop(); go({ search: event.target.value, at: 0 }); });
  part("at").addEventListener("input", event => { player.stop(); goToMoment(Number(event.target.value)); });
  part("speed").addEventListener("change", () => { if (player.playing) player.start(Number(part("speed").value)); });
  part("play").addEventListener("click", pressPlay);
  part("examples").addEventListener("click", event => pressExample(event.target.closest("button")));
  window.addEventListener("hashchange", readPage); // a link, the address typed by hand, Back and Forward
}

function pressPlay() {
  if (player.playing) return player.stop();
  if (state.at >= SEARCHES.get(state.search).n) goToMoment(0);
  player.start(Number(part("speed").value));
}

function pressExample(button) {
  if (!button) return;
  const random = Math.floor(Math.random() * N_CELLS);
  goToCell(button.dataset.best ? bestCell(quantity(button.dataset.best)) : random);
  announce();
}

function theme() {
  const style = getComputedStyle(document.getElementById("explorer"));
  const colour = name => style.getPropertyValue(name).trim();
  const colours = { ink: colour("--explorer-ink"), paper: colour("--explorer-paper"), accent: colour("--explorer-accent") };
  map?.theme(colours);
  timeline?.theme(colours);
}

async function start() {
  drawCell(part("cell"));
  fillMenus();
  listen();
  readPage();
  map = await SpaceMap.on(part("map"), { pick: cell => { goToCell(cell); announce(); }, told: toldCell });
  timeline = await Timeline.on(part("timeline"), at => { player.stop(); goToMoment(at); });
  theme();
  new MutationObserver(theme).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  render();
  document.getElementById("explorer").dataset.ready = "true";
}

start();
