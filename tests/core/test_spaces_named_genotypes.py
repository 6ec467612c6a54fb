"""The genotypes of the literature: by name in any case, each with its source; the notation otherwise."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED, Darts, parse_genotype
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.named_genotypes import SOURCES

DARTS_V2 = """Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1),
    ('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)],
    normal_concat=[2, 3, 4, 5],
    reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1),
    ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)],
    reduce_concat=[2, 3, 4, 5])"""


def test_the_names_are_those_of_the_papers():
    assert set(NAMED) == set(SOURCES) and {"DARTS_V1", "DARTS_V2", "TENAS_IMAGENET", "TEGNAS_RL"} < set(NAMED)
    assert all(SOURCES[name].strip() for name in NAMED)


def test_a_name_gives_what_the_authors_print():
    printed = Genotype.parse(DARTS_V2)
    found = parse_genotype("DARTS_V2")
    assert (found.normal, found.reduce) == (printed.normal, printed.reduce)


def test_the_published_cell_of_fp_nas_is_the_earlier_one_of_te_nas_and_no_others_agree():
    assert NAMED["TEGNAS_PROBNAS"] == NAMED["TENAS_CIFAR10"]
    assert len(set(NAMED.values())) == len(NAMED) - 1


@pytest.mark.parametrize("name", NAMED)
def test_every_named_genotype_belongs_to_the_space_and_reads_back(name):
    space = Darts()
    assert space.contains(NAMED[name])
    assert space.parse(name) == space.parse(str(NAMED[name])) == parse_genotype(f" {name.lower()} ")


def test_a_name_may_be_written_as_the_authors_do():
    assert parse_genotype("TEGNAS_Evolution") == parse_genotype("tegnas-evolution") == NAMED["TEGNAS_EVOLUTION"]


@pytest.mark.parametrize("text", ["DARTS", "DARTS_V3", "", "TEGNAS\nRL", "ENAS" * 1000, "\x00", "\ud800"])
def test_an_unknown_name_is_answered_with_the_known_ones_in_one_line(text):
    with pytest.raises(TegnasError) as caught:
        parse_genotype(text)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.isprintable() and len(said) < 500
    assert said.startswith("unknown genotype ") and all(name in said for name in NAMED)


def test_a_text_with_a_bracket_is_read_as_notation():
    assert parse_genotype(DARTS_V2) == NAMED["DARTS_V2"]
    with pytest.raises(TegnasError, match="not a genotype"):
        parse_genotype("DARTS_V2()")
