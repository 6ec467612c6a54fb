// The 24 neighbours: a row an edge, a column an operation, in each place what the flip changes.

function neighbours(cell) {
  return EDGES.flatMap((_, edge) => OPERATIONS.map((_, operation) => flipped(cell, edge, operation))).filter(other => other !== cell);
}

function showNeighbours(body, cell, q) {
  const digits = digitsOf(cell);
  const focus = body.contains(document.activeElement) ? document.activeElement.dataset : null;
  const open = { edge: focus?.edge ?? "0", operation: focus?.operation ?? "0" };
  const largest = largestChange(cell, q);
  body.replaceChildren(...EDGES.map((_, edge) => {
    const places = OPERATIONS.map((_, operation) => {
      const button = neighbourButton(cell, edge, operation, q, largest);
      button.tabIndex = String(edge) === open.edge && String(operation) === open.operation ? 0 : -1;
      return element("td", digits[edge] === operation ? { class: "current" } : {}, button);
    });
    return element("tr", {}, element("th", { scope: "row" }, edgeName(edge)), ...places);
  }));
  if (focus) body.querySelector('[tabindex="0"]').focus({ preventScroll: true });
}

function neighbourButton(cell, edge, operation, q, largest) {
  const other = flipped(cell, edge, operation);
  const same = other === cell;
  const [a, b] = [q.values[cell], q.values[other]];
  const how = same ? "here" : compared(q, a, b);
  const mark = { better: "▲", worse: "▼" }[how];
  const button = element("button", { type: "button", class: how || "neutral", "data-edge": edge, "data-operation": operation });
  button.append(same ? "now" : changed(q, a, b));
  if (mark) button.append(element("span", { class: "sign", "aria-hidden": "true" }, mark));
  button.style.setProperty("--weight", same ? 0 : weight(q, a, b) / (largest || 1));
  button.setAttribute("aria-label", same ? `Edge ${edgeName(edge)} is ${operationName(operation)}` : flipWords(cell, edge, operation, q, how));
  if (same) button.setAttribute("aria-current", "true");
  return button;
}

function flipWords(cell, edge, operation, q, how) {
  const other = flipped(cell, edge, operation);
  const to = `${q.name} ${written(q, q.values[cell])} to ${written(q, q.values[other])}`;
  return `Edge ${edgeName(edge)} to ${operationName(operation)}: ${to}${how ? `, ${how}` : ""}`;
}

/** How strongly a change is coloured: by how far the cell moves among all cells. */
function weight(q, a, b) {
  const [from, to] = [percentile(q, a), percentile(q, b)];
  return from === null || to === null ? 0 : Math.abs(to - from);
}

function largestChange(cell, q) {
  return Math.max(...neighbours(cell).map(other => weight(q, q.values[cell], q.values[other])));
}

/** One line with everything that a flip changes. */
function everyChange(cell, edge, operation) {
  const other = flipped(cell, edge, operation);
  const from = operationName(digitsOf(cell)[edge]);
  if (other === cell) return `Edge ${edgeName(edge)} is ${from}. Choose another operation in its row to see what changes.`;
  const changes = QUANTITIES.map(q => `${q.symbol} ${written(q, q.values[cell])} → ${written(q, q.values[other])}`);
  const same = CLASS[cell] === CLASS[other] ? " Both compute the same function." : "";
  return `Edge ${edgeName(edge)}, ${from} → ${operationName(operation)}: ${changes.join("; ")}.${same}`;
}

/** Call jump(cell) when a neighbour is chosen, and tell(words) when one is pointed at or focused. */
function listenToNeighbours(body, { current, jump, tell }) {
  const place = target => {
    const button = target.closest("button");
    return button && [Number(button.dataset.edge), Number(button.dataset.operation)];
  };
  body.addEventListener("click", event => {
    const found = place(event.target);
    if (found) jump(flipped(current(), ...found));
  });
  for (const name of ["pointerover", "focusin"]) {
    body.addEventListener(name, event => {
      const found = place(event.target);
      if (found) tell(everyChange(current(), ...found));
    });
  }
  body.addEventListener("keydown", event => {
    const found = place(event.target);
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!found || !step) return;
    event.preventDefault();
    const next = [(found[0] + step[0] + EDGES.length) % EDGES.length, (found[1] + step[1] + OPERATIONS.length) % OPERATIONS.length];
    const button = body.querySelector(`[data-edge="${next[0]}"][data-operation="${next[1]}"]`);
    body.querySelectorAll("button").forEach(other => { other.tabIndex = other === button ? 0 : -1; });
    button.focus();
  });
}
