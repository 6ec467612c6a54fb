"""The tables of the ledger are found by pattern and read once."""

import pytest

from tegnas_study.ledger.sources import Sources
from tegnas_study.tables.atlases import seed_tables
from tegnas_study.tables.study_rows import StudyRow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sources():
    return Sources()


def test_searches_lie_under_their_rows(sources):
    found = sources.found[StudyRow("reinforce")]
    assert sources.found is sources.found
    assert len(found) == 100 and found.index.name == "seed"
    assert set(found["reward"]) == {"teg"}


def test_other_draws_are_those_of_the_other_seeds(sources):
    assert [name for name, _ in sources.other_draws.names] == list(seed_tables()[1:])


def test_histories_are_read_by_name(sources):
    assert {"architecture", "seconds", "seed"} <= set(sources.histories("nas-bench-201-random").columns)
