"""The chapters' notebooks: two files in step, no outputs, known parameters, every cell reaching its end."""

import re
from contextlib import nullcontext
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import nbformat
import papermill
import pytest
from plumbing import serves
from solutions import checks, code_of, exercises, is_placeholder, script_of, solutions

from book.build import NOTEBOOKS, find_notebooks
from book.errors import BuildError
from book.pairs import check_pair, strip
from book.parameters import changed_parameters, load_parameters
from tegnas_study.exercises import check
from tegnas_study.exercises.checking import FOLDER, known_exercises, read_sealed

pytestmark = pytest.mark.slow

SCRIPTS = sorted(NOTEBOOKS.glob("*.py"))
NAMES = [script.stem for script in SCRIPTS]
SIZES = {size: load_parameters(size, NOTEBOOKS / "parameters") for size in ("quick", "full", "smoke")}
LONGEST_CELL = 15  # lines
FOLDED = {"hide-input", "hide-cell", "remove-cell", "remove-input", "parameters"}

SCRIPT = """\
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% tags=["parameters"]
n: int = 3  # how many

# %%
print(n)
"""


def notebook(name: str) -> Path:
    return NOTEBOOKS / f"{name}.ipynb"


@pytest.mark.parametrize("name", NAMES)
def test_script_and_notebook_are_in_step_and_hold_no_outputs(name):
    check_pair(NOTEBOOKS / f"{name}.py")


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short(name):
    cells = [cell.source for cell in jupytext.read(NOTEBOOKS / f"{name}.py").cells if cell.cell_type == "code"]
    assert [source for source in cells if len(source.splitlines()) > LONGEST_CELL] == []


@pytest.mark.parametrize("name", NAMES)
def test_chapter_opens_with_a_label_and_its_question(name):
    first = jupytext.read(NOTEBOOKS / f"{name}.py").cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"\(ch-[a-z0-9-]+\)=\n# \S", first.source)


@pytest.mark.parametrize("size", SIZES)
def test_sections_belong_to_notebooks(size):
    find_notebooks(SIZES[size])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_parameters_exist_in_the_notebook(name, size):
    changed_parameters(notebook(name), SIZES[size].get(name, {}))


@pytest.mark.parametrize("name", NAMES)
def test_full_size_changes_what_quick_size_changes(name):
    assert SIZES["full"].get(name, {}).keys() == SIZES["quick"].get(name, {}).keys()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.long
def test_every_solution_is_right(name):
    """`make book` runs every cell; here the solutions run, with the cells that they rest on, at smoke size."""
    parameters = {**SIZES["quick"].get(name, {}), **SIZES["smoke"].get(name, {})}
    carry_out(script_of(nbformat.read(notebook(name), as_version=4), parameters))


def carry_out(script: str) -> None:
    try:
        exec(compile(script, "solutions", "exec"), {"__name__": "__main__"})
    finally:
        plt.close("all")


@pytest.mark.parametrize("name", NAMES)
def test_exercises_ask_check_and_do_not_tell(name):
    """The answer is left to the reader, and a drop-down solution with code stands below, which `executed` runs."""
    read = nbformat.read(notebook(name), as_version=4)
    told = solutions(read)
    labels = exercises(read)
    assert sorted(told) == sorted(labels) and all(label.startswith("ex-") for label in labels)
    assert all(":class: dropdown" in solution for solution in told.values())
    for found in checks(read):
        assert found.key in labels and found.key in known_exercises()
        assert is_placeholder(read.cells[found.cell].source, found.answer), read.cells[found.cell].source
        assert code_of(told[found.key]), found.key
        assert check(found.key, None).verdict == "untried"


@pytest.mark.parametrize("name", NAMES)
def test_what_only_serves_is_folded(name):
    """Imports, records, numbers for the prose and plotting calls are one click away; code that teaches is open."""
    shown = [
        cell.source
        for cell in nbformat.read(notebook(name), as_version=4).cells
        if cell.cell_type == "code" and not FOLDED & {*cell.metadata.get("tags", [])} and serves(cell)
    ]
    assert shown == []


@pytest.mark.parametrize(
    "source, figure, expected",
    [
        ("import math\nfrom functools import partial\nnote = partial(glue)", None, True),
        ("started = time.perf_counter()\nimport math", None, True),
        ("value = f(x)\nfor name in names:\n    note(name, value)", None, True),
        ("plt.plot(x)\nplt.show()", {"name": "fig-a"}, True),
        ("colophon(seed=seed)", None, True),
        ("value = f(x)\nvalue", None, False),
        ("def f(x):\n    return x\n\nnote('a', f(1))", None, False),
        ("assert a == b\nnote('a', a)", None, False),
        ("print(a)\nnote('a', a)", None, False),
        ("answer = None\nfrom tegnas_study.exercises import check\ncheck('ex-a', answer)", None, False),
    ],
)
def test_a_cell_that_serves_is_told_from_one_that_teaches(source, figure, expected):
    metadata = {"mystnb": {"figure": figure}} if figure else {}
    assert serves(nbformat.v4.new_code_cell(source, metadata=metadata)) == expected


def test_every_sealed_answer_and_hidden_test_is_asked_for_in_its_chapter():
    asked = {name: {c.key for c in checks(nbformat.read(notebook(name), as_version=4))} for name in NAMES}
    assert sorted(known_exercises()) == sorted(key for keys in asked.values() for key in keys)
    for path in FOLDER.glob("*.yml"):
        assert read_sealed(path).keys() <= asked[path.stem]


# What the checks above rest on, on notebooks of a few lines.

EXERCISE = """
# %% [markdown]
# ```{exercise}
# :label: ex-lines
# How many?
# ```

# %%
answer = PLACE

from tegnas_study.exercises import check

check("ex-lines", answer)

# %% [markdown]
# ````{solution} ex-lines
# :class: dropdown
# Count them.
#
# ```python
# answer = GIVEN
# ```
# ````
"""


@pytest.mark.parametrize("given, right", [("16", True), ("17", False)])
def test_a_solution_is_carried_out_and_must_be_right(given, right):
    small = jupytext.reads(SCRIPT + EXERCISE.replace("PLACE", "None").replace("GIVEN", given), fmt="py:percent")
    told = pytest.raises(AssertionError, match="the solution of ex-lines is told: Not yet")
    with nullcontext() if right else told:
        carry_out(script_of(small))


def test_a_solution_runs_with_the_cells_that_it_rests_on_and_no_others():
    cells = ["from math import pi", "rows = [n]", "rows.append(2 * n)", "print(pi)", "other = sum(rows)"]
    exercise = EXERCISE.replace("PLACE", "None").replace("GIVEN", "sum(rows)")
    small = jupytext.reads("\n# %%\n".join([SCRIPT, *cells, exercise]), fmt="py:percent")
    script = script_of(small, {"n": 4})
    assert [line for line in script.splitlines() if "rows" in line or line.partition(" ")[0] == "n"] == [
        "n = 4",
        "rows = [n]",
        "rows.append(2 * n)",
        "answer = sum(rows)",
    ]
    assert not re.search("pi|other|print", script)


def test_a_cell_that_tells_is_noticed():
    for place, left in (("None  # your number", True), ("...", True), ("16", False), ("compute()", False)):
        read = jupytext.reads(EXERCISE.replace("PLACE", place), fmt="py:percent")
        (cell,) = (cell for cell in read.cells if "check(" in cell.source and cell.cell_type == "code")
        assert is_placeholder(cell.source, "answer") == left
    assert is_placeholder('def f(x):\n    """Return it."""\n    ...', "f")
    assert not is_placeholder("def f(x):\n    return 2 * x", "f")


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "small.py"
    path.write_text(SCRIPT, encoding="utf-8")
    jupytext.write(jupytext.read(path), path.with_suffix(".ipynb"))
    return path


def test_a_pair_in_step_passes(script):
    check_pair(script)


@pytest.mark.parametrize("old, new", [("print(n)", "print(n + 1)"), ('"parameters"', '"other"')])
def test_a_changed_script_is_noticed(script, old, new):
    script.write_text(SCRIPT.replace(old, new), encoding="utf-8")
    with pytest.raises(BuildError, match="differ: run make pair"):
        check_pair(script)


def test_a_missing_notebook_is_noticed(script):
    script.with_suffix(".ipynb").unlink()
    with pytest.raises(BuildError, match="no notebook beside it"):
        check_pair(script)


def test_a_script_without_kernel_is_noticed(script):
    script.write_text(SCRIPT[SCRIPT.index("# %%") :], encoding="utf-8")
    jupytext.write(jupytext.read(script), script.with_suffix(".ipynb"))
    with pytest.raises(BuildError, match="names no kernel"):
        check_pair(script)


def test_outputs_are_noticed_and_stripped(script):
    path = script.with_suffix(".ipynb")
    read = nbformat.read(path, as_version=4)
    read.cells[-1].outputs = [nbformat.v4.new_output("stream", text="3\n")]
    nbformat.write(read, path)
    with pytest.raises(BuildError, match="holds outputs"):
        check_pair(script)
    assert strip(read)
    assert not strip(read)
    nbformat.write(read, path)
    check_pair(script)


def test_only_parameters_that_differ_are_handed_over(script):
    path = script.with_suffix(".ipynb")
    assert changed_parameters(path, {"n": 3}) == {}
    assert changed_parameters(path, {"n": 4}) == {"n": 4}


def test_a_misspelt_parameter_is_an_error(script):
    with pytest.raises(BuildError, match=r"small\.ipynb has no parameter 'm'; it has n$"):
        changed_parameters(script.with_suffix(".ipynb"), {"m": 4})


@pytest.mark.parametrize(
    "text, told",
    [
        ("a: [1", "size.yml is not YAML"),
        ("- a", "must map the name of each notebook"),
        ("small: 3", "must map the name of each notebook"),
    ],
)
def test_a_broken_file_of_parameters_is_told_in_one_line(tmp_path, text, told):
    (tmp_path / "size.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=told) as caught:
        load_parameters("size", tmp_path)
    assert "\n" not in caught.value.message


def test_an_unknown_size_lists_the_known_ones():
    with pytest.raises(BuildError, match="there is no size 'huge'; known are full, quick, smoke"):
        load_parameters("huge", NOTEBOOKS / "parameters")


def test_a_section_without_notebook_is_an_error():
    with pytest.raises(BuildError, match="do not exist: no_such_chapter"):
        find_notebooks({"no_such_chapter": {}})


def test_papermill_itself_would_only_warn(script, tmp_path):
    """The reason for our own check; should papermill ever raise, the check may go."""
    papermill.execute_notebook(
        str(script.with_suffix(".ipynb")),
        str(tmp_path / "out.ipynb"),
        parameters={"m": 4},
        kernel_name="python3",
        prepare_only=True,
        progress_bar=False,
    )
