"""The house rules: who may import whom, how large the core may grow, and that nothing runs in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("tegnas_core", "tegnas_study")
MOST_LINES, MOST_FILES, MOST_AT_THE_TOP = 9_000, 85, 8


@cache
def modules() -> dict[str, Path]:
    """Return every module of both packages by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


def imported(path: Path, *, typing: bool = True) -> Iterator[str]:
    """Yield the modules of the house that a file imports anywhere; with typing=False not those for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not typing and id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in modules():
                    yield full
                elif node.module in modules():
                    yield node.module


@cache
def graph(*, typing: bool = True) -> networkx.DiGraph:
    """Return who imports whom, file by file; a package that only re-exports its own files is left out."""
    edges = [(name, other) for name, path in modules().items() for other in imported(path, typing=typing)]
    return networkx.DiGraph((a, b) for a, b in edges if not a.startswith(f"{b}.") and not b.startswith(f"{a}."))


def inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


CORE, STUDY = PACKAGES
# room → the rooms it may import, besides itself
MAY_IMPORT = {
    f"{CORE}.errors": (),
    f"{CORE}.seeding": (),
    f"{CORE}.settings": (f"{CORE}.errors",),
    f"{CORE}.spaces": (f"{CORE}.errors",),
    f"{CORE}.engine": (f"{CORE}.errors",),
    f"{CORE}.indicators": (f"{CORE}.errors", f"{CORE}.engine", f"{CORE}.seeding"),
    f"{CORE}.data": (f"{CORE}.errors", f"{CORE}.seeding", f"{CORE}.settings"),
    f"{CORE}.networks": tuple(
        f"{CORE}.{room}" for room in ("errors", "seeding", "settings", "spaces", "indicators")
    ),
    f"{CORE}.search": (f"{CORE}.errors", f"{CORE}.seeding", f"{CORE}.spaces"),
    CORE: (CORE,),
}
# room → the rooms it must not import
MUST_NOT_IMPORT = {
    f"{STUDY}.experiments": (f"{STUDY}.analysis", f"{STUDY}.figures", f"{STUDY}.cli"),
    f"{STUDY}.analysis": (f"{STUDY}.experiments", f"{STUDY}.figures", f"{STUDY}.cli"),
    f"{STUDY}.figures": (f"{STUDY}.analysis", f"{STUDY}.experiments", f"{STUDY}.sweep", f"{STUDY}.cli"),
    f"{STUDY}.tables": tuple(f"{STUDY}.{room}" for room in ("analysis", "experiments", "figures", "cli")),
    f"{STUDY}.storage": tuple(f"{STUDY}.{room}" for room in ("tables", "analysis", "experiments", "sweep", "cli")),
    f"{STUDY}.data": tuple(f"{STUDY}.{room}" for room in ("tables", "analysis", "experiments", "sweep", "cli")),
    f"{STUDY}.sweep": tuple(f"{STUDY}.{room}" for room in ("tables", "analysis", "experiments", "cli")),
    f"{STUDY}.catalogue": tuple(
        f"{STUDY}.{room}" for room in ("tables", "analysis", "experiments", "figures", "sweep", "cli")
    ),
    f"{STUDY}.teaching": tuple(
        f"{STUDY}.{room}" for room in ("analysis", "experiments", "figures", "sweep", "cli")
    ),
    **{f"{CORE}.evaluation": (f"{CORE}.search",), f"{CORE}.evaluated": (f"{CORE}.search",)},
}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_of_the_core_imports_what_it_may(room):
    wrong = [
        (name, other)
        for name, other in graph().edges
        if inside(name, room) and not any(inside(other, allowed) for allowed in (room, *MAY_IMPORT[room]))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", MUST_NOT_IMPORT)
def test_a_room_leaves_alone_what_it_must(room):
    wrong = [
        (name, other)
        for name, other in graph().edges
        if inside(name, room) and any(inside(other, barred) for barred in MUST_NOT_IMPORT[room])
    ]
    assert wrong == []


def test_nothing_but_the_command_line_imports_the_command_line():
    home = f"{STUDY}.cli"
    wrong = [(a, b) for a, b in graph().edges if inside(b, home) and not inside(a, home)]
    assert wrong == [(f"{STUDY}.__main__", home)]


def test_no_files_import_each_other_in_a_circle():
    circles = [sorted(part) for part in networkx.strongly_connected_components(graph()) if len(part) > 1]
    assert circles == []


def room_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_no_rooms_import_each_other_in_a_circle():
    rooms = networkx.DiGraph((room_of(a), room_of(b)) for a, b in graph().edges if room_of(a) != room_of(b))
    circles = [sorted(part) for part in networkx.strongly_connected_components(rooms) if len(part) > 1]
    assert circles == []


def test_the_core_is_small():
    paths = [path for name, path in modules().items() if inside(name, CORE)]
    assert len(paths) <= MOST_FILES
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths) <= MOST_LINES
    assert len([*(ROOT / CORE).glob("*.py")]) <= MOST_AT_THE_TOP


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads in a fresh process."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_evaluator_loads_no_pandas_no_scipy_and_no_search():
    loaded = loaded_by("import tegnas_core.evaluation, tegnas_core.any_module")
    assert {"pandas", "scipy", "matplotlib"} & loaded == set()
    assert {name for name in loaded if inside(name, f"{CORE}.search") or inside(name, STUDY)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_instant_to_import(package):
    assert {"torch", "pandas", "numpy"} & loaded_by(f"import {package}") == set()


def test_figures_need_no_torch():
    assert "torch" not in loaded_by("import tegnas_study.figures")
