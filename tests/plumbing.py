"""Which cells of a chapter serve and which teach: the book folds those that serve."""

import ast

from nbformat import NotebookNode

_NOTES = {"note", "glue"}
_SERVES = (ast.Import, ast.ImportFrom)


def serves(cell: NotebookNode) -> bool:
    """Whether a code cell only imports, keeps records, makes numbers for the prose, or draws a figure.

    A cell that defines something, asserts that two ways agree, or prints what it computed teaches.
    """
    body = ast.parse(cell.source).body
    names = {
        ast.unparse(node.func).split(".")[-1]
        for node in ast.walk(ast.Module(body, []))
        if isinstance(node, ast.Call)
    }
    if "check" in names or any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Assert)) for node in body):
        return False
    if all(isinstance(node, _SERVES) or _starts(node) for node in body) or "colophon" in names:
        return True
    if cell.metadata.get("mystnb", {}).get("figure"):
        return True
    return bool(names & _NOTES) and "print" not in names


def _starts(node: ast.stmt) -> bool:
    """Whether a statement starts the clock or gives `glue` its short name."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"started", "note"}
