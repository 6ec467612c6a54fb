"""The exercises of a chapter: questions, cells and solutions, and a script in which the solutions run."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import nbformat

_BLOCK = r"^(?P<fence>`{{3,}}|:{{3,}})\{{{kind}\}}(?P<title>.*)\n(?P<body>[\s\S]*?)^(?P=fence)[ \t]*$"
_CODE = re.compile(r"^(`{3,})(?:python|\{code-block\} python)\n([\s\S]*?)^\1[ \t]*$", re.M)

_CHANGING = {"add", "append", "extend", "insert", "pop", "remove", "setdefault", "sort", "update"}


@dataclass(frozen=True)
class Check:
    """A call of `check` in a code cell: the exercise's label, what is given as the answer, and the call itself."""

    key: str
    answer: str
    call: str
    cell: int


def blocks(source: str, kind: str) -> Iterator[re.Match]:
    """Yield the blocks of a kind, exercise or solution, with their title and body."""
    yield from re.finditer(_BLOCK.format(kind=kind), source, re.M)


def exercises(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the labels of all exercises, "" for one without."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            labels = [re.search(r":label: *(\S+)", block["body"]) for block in blocks(cell.source, "exercise")]
            found += [label[1] if label else "" for label in labels]
    return found


def solutions(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return the body of each solution by the label of its exercise."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return {block["title"].strip(): block["body"] for block in blocks(text, "solution")}


def code_of(solution: str) -> str:
    """Return the Python in a solution, all its blocks in order."""
    return "\n".join(code for _, code in _CODE.findall(solution))


def checks(notebook: nbformat.NotebookNode) -> list[Check]:
    """Return every call of `check` with the number of its cell."""
    found = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or "check(" not in cell.source:
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "check":
                key = ast.literal_eval(node.args[0])
                found.append(Check(key, ast.unparse(node.args[1]), ast.unparse(node), number))
    return found


def is_placeholder(source: str, name: str) -> bool:
    """Whether a cell leaves a name to the reader: None, ``...``, or a function that ends in ``...``."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            return ast.unparse(node.value) in {"None", "..."}
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.unparse(node.body[-1]) in {"...", "raise NotImplementedError"}
    return False


def script_of(notebook: nbformat.NotebookNode, parameters: Mapping[str, object] = MappingProxyType({})) -> str:
    """Return a script that carries out every solution where its exercise stands, and asserts that it is right.

    Of the notebook's own cells it has those that the solutions rest on: going backwards from a solution, each cell
    that names or changes something that is needed further down.

    Args:
        notebook: A chapter.
        parameters: Values for names of its cell tagged parameters.
    """
    told = {found.cell: [] for found in checks(notebook)}
    bodies = solutions(notebook)
    for found in checks(notebook):
        wrong = f'"the solution of {found.key} is told: " + str(_reply)'
        carried_out = (
            code_of(bodies.get(found.key, "")),
            f"_reply = {found.call}",
            f"assert _reply.right, {wrong}",
        )
        told[found.cell] += ["from tegnas_study.exercises import check", *carried_out]
    lines, needed = [], set()
    for number, cell in reversed([*enumerate(notebook.cells)]):
        if cell.cell_type != "code":
            continue
        sources = ["\n".join(told[number])] if number in told else []
        if not needed.isdisjoint(_touched(ast.parse(cell.source))) and number not in told:
            given = parameters if "parameters" in cell.metadata.get("tags", []) else {}
            sources = [cell.source, *(f"{name} = {value!r}" for name, value in given.items())]
        for source in sources:
            needed |= _names(ast.parse(source), ast.Load)
        lines = sources + lines
    return "\n\n".join(lines)


def _names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


def _touched(tree: ast.AST) -> set[str]:
    """Return the names that code binds or whose values it changes in place, as far as that shows."""
    touched = _names(tree, ast.Store)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            touched |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            touched.add(node.name)
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            touched |= _names(node.value, ast.Load)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            touched |= _names(node.func.value, ast.Load)
    return touched
