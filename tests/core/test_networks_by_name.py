"""Networks by the name that tables call them by."""

import pickle

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.networks import DartsNetworks, NASBench201Networks
from tegnas_core.networks.by_name import BY_NAME, networks_named
from tegnas_core.spaces.by_name import SPACES


def test_every_space_has_networks_of_its_name():
    assert set(SPACES) <= set(BY_NAME)
    assert networks_named("nas-bench-201") == NASBench201Networks()
    assert networks_named("darts") == DartsNetworks()
    assert networks_named("darts+normal_cell_bug") == DartsNetworks(normal_cell_bug=True)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_name_finds_networks_that_say_so_and_travel_to_workers(name):
    found = networks_named(name)
    assert found.space == name and pickle.loads(pickle.dumps(found)) == found


def test_an_unknown_name_is_one_line():
    with pytest.raises(TegnasError, match=r"no networks are called 'darts\+bug'; known are nas-bench-201, darts"):
        networks_named("darts+bug")
