"""The exercises of a chapter: questions, cells and solutions, and a copy in which the solutions are carried out."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

_BLOCK = r"^(?P<fence>`{{3,}}|:{{3,}})\{{{kind}\}}(?P<title>.*)\n(?P<body>[\s\S]*?)^(?P=fence)[ \t]*$"
_CODE = re.compile(r"^(`{3,})(?:python|\{code-block\} python)\n([\s\S]*?)^\1[ \t]*$", re.M)


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


def with_solutions(source: Path, target: Path) -> Path:
    """Write a copy in which each solution runs right behind its exercise, and must be right."""
    notebook = nbformat.read(source, as_version=4)
    told = solutions(notebook)
    for found in reversed(checks(notebook)):
        lines = (code_of(told.get(found.key, "")), f"_reply = {found.call}")
        told_wrong = f'assert _reply.right, "the solution of {found.key} is told: " + str(_reply)'
        cell = nbformat.v4.new_code_cell("\n".join((*lines, told_wrong)), metadata={"tags": ["remove-cell"]})
        notebook.cells.insert(found.cell + 1, cell)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return target
