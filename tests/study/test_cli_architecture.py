"""``tegnas architecture``: every notation in, every notation out."""

import json

import pytest
from command_line import RICH, run

TUPLE = "(2, 2, 0, 2, 2, 2)"


def test_a_line_for_each_architecture_in_every_notation(capsys):
    said = run(capsys, "architecture", RICH, TUPLE)
    first, second = said.out.splitlines()
    assert (said.code, said.err) == (0, "") and first == second
    index, rest = first.strip().split("  ", 1)
    assert rest == f"{TUPLE}  {RICH}"
    assert run(capsys, "architecture", index).out.splitlines() == [first]


@pytest.mark.parametrize(("notation", "expected"), [("naslib", TUPLE), ("string", RICH)])
def test_one_notation_alone(capsys, notation, expected):
    assert run(capsys, "architecture", RICH, TUPLE, "--to", notation).out.splitlines() == [expected] * 2


def test_an_object_for_each(capsys):
    found = json.loads(run(capsys, "architecture", RICH, "--json").out)
    assert (found["string"], found["naslib"]) == (RICH, [2, 2, 0, 2, 2, 2])
    assert run(capsys, "architecture", found["index"], "--to", "string").out.strip() == RICH


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "'nonsense' is no architecture of NAS-Bench-201"),
        ([RICH, "15625"], "an index of the benchmark is 0 to 15,624"),
        ([RICH, "--to", "index", "--json"], "--to has no effect with --json"),
        ([RICH, "--to", "csv"], "Invalid value for '--to'"),
        ([], "Missing argument 'ARCH…'"),
    ],
    ids=str,
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, arguments, said):
    assert run(capsys, "architecture", *arguments).mistake.startswith(said)
