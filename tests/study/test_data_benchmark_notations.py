"""Notations of other packages: against their definitions and code, and there and back for every architecture."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import OPERATIONS, Architecture
from tegnas_core.spaces.nasbench201 import NASBench201
from tegnas_study.data.benchmark.notations import NOTATIONS, from_naslib, read_architecture, to_naslib, written

EVERY = NASBench201().all()

# NASLib's definition in its own words: its primitives, what they are in the benchmark, and its edges from 1
OP_NAMES = ["Identity", "Zero", "ReLUConvBN3x3", "ReLUConvBN1x1", "AvgPool1x1"]
IN_THE_BENCHMARK = {
    "Identity": "skip_connect",
    "Zero": "none",
    "ReLUConvBN3x3": "nor_conv_3x3",
    "ReLUConvBN1x1": "nor_conv_1x1",
    "AvgPool1x1": "avg_pool_3x3",
}
EDGE_LIST = ((1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4))


def naslib_by_its_definition(text: str) -> tuple[int, ...]:
    """Read the string node by node, and look the primitives of the edges up."""
    operation = {}
    for node, entries in enumerate(text.split("+"), start=2):
        for entry in entries.strip("|").split("|"):
            name, source = entry.split("~")
            operation[int(source) + 1, node] = name
    primitives = {name: primitive for primitive, name in IN_THE_BENCHMARK.items()}
    return tuple(OP_NAMES.index(primitives[operation[edge]]) for edge in EDGE_LIST)


def test_every_architecture_there_and_back_in_every_notation_by_naslibs_definition():
    tuples = [to_naslib(one) for one in EVERY]
    assert {*tuples} == {*itertools.product(range(5), repeat=6)}
    for index, (one, numbers) in enumerate(zip(EVERY, tuples, strict=True)):
        assert numbers == naslib_by_its_definition(str(one)) and from_naslib(numbers) == one
        assert [written(one, notation) for notation in NOTATIONS] == [str(one), str(index), str(numbers)]


@given(st.sampled_from(EVERY), st.sampled_from(NOTATIONS), st.sampled_from(["", " ", "\n"]))
def test_what_is_written_is_read(one, notation, space):
    assert read_architecture(space + written(one, notation) + space) == one


@given(st.tuples(*[st.integers(0, 4)] * 6), st.sampled_from(["{}", "({})", "[{}]", "( {} )"]))
def test_tuples_are_read_with_and_without_brackets(numbers, form):
    assert to_naslib(read_architecture(form.format(", ".join(map(str, numbers))))) == numbers


@pytest.mark.parametrize("package", ["nas_201_api", "nats_bench"])
def test_strings_mean_the_same_to_the_packages(package):
    api = pytest.importorskip(package)
    if package == "nats_bench":
        from nats_bench.api_topology import NATStopology as Api
    else:
        Api = api.NASBench201API
    for one in EVERY[::7]:
        nodes = Api.str2lists(str(one))
        assert [*map(tuple, nodes)] == [tuple((one[j, i], j) for j in range(i)) for i in range(1, 4)]
        matrix = Api.str2matrix(str(one))
        assert all(OPERATIONS[int(matrix[i, j])] == one[j, i] for i in range(1, 4) for j in range(i))


def test_the_index_is_that_of_a_published_table():
    """AnalogNAS-Bench lists the architectures in the benchmark's order."""
    from tegnas_study.data.benchmark import load_benchmark

    table = load_benchmark("analog").table
    for index in (0, 7, 15_624):
        assert read_architecture(str(index)) == Architecture.parse(table["architecture"][index])


@given(st.text())
def test_other_text_is_refused_in_one_line(text):
    try:
        found = read_architecture(text)
    except TegnasError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert found in EVERY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no architecture of NAS-Bench-201: give its string"),
        ("15625", "an index of the benchmark is 0 to 15,624, got 15,625"),
        ("(4, 0, 3, 1, 4, 5)", "has 6 numbers from 0 to 4"),
        ("(4, 0, 3, 1, 4)", "is no architecture"),
        ("8:16:32:64:64", "is no architecture"),
        ("|none~0|", "not a NAS-Bench-201 string"),
        ("٣", "is no architecture"),
    ],
)
def test_what_is_wrong_is_told(text, said):
    with pytest.raises(TegnasError, match=said.replace("(", r"\(")):
        read_architecture(text)


@pytest.mark.parametrize("numbers", [(), (0,) * 5, (0,) * 7, (0, 0, 0, 0, 0, -1), (True, 0, 0, 0, 0, 0)])
def test_what_is_no_tuple_of_naslib_is_refused(numbers):
    with pytest.raises(TegnasError, match="6 numbers from 0 to 4"):
        from_naslib(numbers)
