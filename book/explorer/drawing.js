// The drawn cell: a node a dot, an edge a curve with its operation on it, which can be clicked and typed at.

const NODES = [[34, 134], [174, 134], [314, 134], [454, 134]];
const BENDS = { "0,2": -86, "1,3": 86, "0,3": -206 };
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, ...children) {
  const made = attributes.svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "svg") made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const svg = (name, attributes, ...children) => element(name, { svg: true, ...attributes }, ...children);

function curve(edge) {
  const [[x1, y1], [x2, y2]] = EDGES[edge].map(node => NODES[node]);
  const bend = BENDS[EDGES[edge]] ?? 0;
  const middle = [(x1 + x2) / 2, y1 + bend / 2];
  return { path: `M${x1} ${y1} Q${middle[0]} ${y1 + bend} ${x2} ${y2}`, middle };
}

/** Draw the cell once; what it holds is filled in by showCell. */
function drawCell(place) {
  const picture = svg("svg", { viewBox: "0 0 488 196", role: "group", "aria-label": "The cell: six edges" });
  const marker = svg("marker", { id: "tegnas-arrow", viewBox: "0 0 8 8", refX: 19, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" });
  marker.append(svg("path", { d: "M0 0 L8 4 L0 8 Z", class: "arrow" }));
  picture.append(svg("defs", {}, marker));
  EDGES.forEach((_, edge) => picture.append(drawEdge(edge)));
  ["in", "1", "2", "out"].forEach((name, node) => {
    const [x, y] = NODES[node];
    picture.append(svg("circle", { cx: x, cy: y, r: 17, class: "node" }));
    picture.append(svg("text", { x, y: y + 5, class: "node-name" }, name));
  });
  place.replaceChildren(picture);
}

function drawEdge(edge) {
  const { path, middle } = curve(edge);
  const [x, y] = middle;
  const group = svg("g", {
    class: "edge", "data-edge": edge, role: "spinbutton", tabindex: 0, "aria-valuemin": 0,
    "aria-valuemax": OPERATIONS.length - 1, "aria-label": `Edge ${edgeName(edge)}`,
  });
  group.append(
    svg("path", { d: path, class: "reach" }),
    svg("path", { d: path, class: "line", "marker-end": "url(#tegnas-arrow)" }),
    svg("rect", { x: x - 40, y: y - 14, width: 80, height: 28, rx: 14, class: "label" }),
    svg("text", { x, y: y + 5, class: "operation" }),
  );
  return group;
}

function showCell(place, cell) {
  const digits = digitsOf(cell);
  const live = liveEdges(digits);
  place.querySelectorAll(".edge").forEach((group, edge) => {
    const name = operationName(digits[edge]);
    group.dataset.operation = OPERATIONS[digits[edge]];
    group.classList.toggle("dead", !live[edge]);
    group.setAttribute("aria-valuenow", digits[edge]);
    group.setAttribute("aria-valuetext", live[edge] || name === "none" ? name : `${name}, leads nowhere`);
    group.querySelector(".operation").textContent = name;
  });
}

/** Call change(edge, operation) when an edge is clicked or typed at; brush() is the operation that a click places. */
function listenToEdges(place, { brush, current, change }) {
  place.addEventListener("click", event => {
    const group = event.target.closest(".edge");
    if (group) change(Number(group.dataset.edge), brush());
  });
  place.addEventListener("keydown", event => {
    const group = event.target.closest(".edge");
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
    const edge = Number(group.dataset.edge);
    const operation = typed(event.key, digitsOf(current())[edge], brush());
    if (operation === null) return;
    event.preventDefault();
    change(edge, operation);
  });
}

/** The operation that a key asks for on an edge, or null. */
function typed(key, now, brush) {
  const n = OPERATIONS.length;
  if (key === "Enter" || key === " ") return brush;
  if (key === "ArrowUp" || key === "ArrowRight") return (now + 1) % n;
  if (key === "ArrowDown" || key === "ArrowLeft") return (now + n - 1) % n;
  if (key === "Home") return 0;
  if (key === "End") return n - 1;
  const digit = Number(key);
  return /^\d$/.test(key) && digit < n ? digit : null;
}
