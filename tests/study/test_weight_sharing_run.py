"""A training follows from its seed, goes on after a stop to the same end, and trusts no checkpoint."""

import os
import pickle

import pytest
import torch
from small_source import small_source

from tegnas_core.errors import TegnasError
from tegnas_study.weight_sharing import run as runs
from tegnas_study.weight_sharing.checkpoint import read_checkpoint, write_checkpoint
from tegnas_study.weight_sharing.run import SharingRun, ranked_cells, train_supernet
from tegnas_study.weight_sharing.sizes import NAMES

pytestmark = [pytest.mark.slow, pytest.mark.long]

SOURCE = small_source(size=8, n=60)
CELLS = tuple(ranked_cells(2))


def quick(method="gdas", seed=0, **changes):
    return SharingRun(method, "quick", seed, **{"epochs": 2, "ranked": CELLS, "ranked_at": (0, 2), **changes})


def without_seconds(trained):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in trained.epochs], trained.ranking


class Stop(Exception):
    pass


def stop_at(number):
    def stop(epoch):
        if epoch == number:
            raise Stop

    return stop


@pytest.mark.parametrize("method", NAMES)
def test_a_stopped_training_goes_on_to_the_same_end(tmp_path, method):
    path = tmp_path / "one.checkpoint"
    whole = train_supernet(quick(method), SOURCE)
    with pytest.raises(Stop):
        train_supernet(quick(method), SOURCE, checkpoint=path, on_epoch=stop_at(1))
    resumed = train_supernet(quick(method), SOURCE, checkpoint=path, resume=True)
    assert without_seconds(resumed) == without_seconds(whole)
    assert [row["epoch"] for row in whole.epochs] == [1, 2]
    assert [row["epoch"] for row in whole.ranking] == [0, 0, 2, 2]
    assert all(row["seconds"] > 0 for row in whole.epochs)


def test_another_seed_is_another_training():
    first, other = (train_supernet(quick(seed=seed, epochs=1), SOURCE) for seed in (0, 1))
    assert first.epochs[0]["loss"] != other.epochs[0]["loss"]


def test_a_finished_checkpoint_trains_nothing_more(tmp_path, monkeypatch):
    path = tmp_path / "one.checkpoint"
    whole = train_supernet(quick(), SOURCE, checkpoint=path)
    monkeypatch.setattr(runs._Training, "one_epoch", lambda self: pytest.fail("trained again"))
    assert train_supernet(quick(), SOURCE, checkpoint=path, resume=True) == whole


def test_a_killed_writer_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "one.checkpoint"
    train_supernet(quick(epochs=1), SOURCE, checkpoint=path)
    before = path.read_bytes()

    def broken(parts, place):
        place.write_bytes(b"half")
        raise RuntimeError("no space left")

    monkeypatch.setattr(torch, "save", broken)
    with pytest.raises(TegnasError, match="no space left"):
        write_checkpoint(path, {})
    assert path.read_bytes() == before and [*tmp_path.iterdir()] == [path]


class Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


def good_parts(path):
    return read_checkpoint(path, quick(epochs=1, ranked_at=()).facts(SOURCE))


def changed(**changes):
    def change(parts, path):
        torch.save({**parts, **changes}, path)

    return change


def with_logits(value):
    def change(parts, path):
        torch.save({**parts, "method": {**parts["method"], "logits": value}}, path)

    return change


def with_momentum(change):
    def write(parts, path):
        optimiser = parts["optimiser"]
        held = {
            number: {"momentum_buffer": change(of["momentum_buffer"])} for number, of in optimiser["state"].items()
        }
        torch.save({**parts, "optimiser": {**optimiser, "state": held}}, path)

    return write


def with_weights(change):
    def write(parts, path):
        torch.save({**parts, "network": {name: change(t) for name, t in parts["network"].items()}}, path)

    return write


def with_row(**changes):
    def write(parts, path):
        torch.save({**parts, "epochs": [{**parts["epochs"][0], **changes}]}, path)

    return write


HOSTILE = {
    "sparse momenta": with_momentum(torch.Tensor.to_sparse),
    "momenta without numbers": with_momentum(lambda momentum: momentum.to("meta")),
    "momenta of another type": with_momentum(torch.Tensor.long),
    "complex momenta": with_momentum(lambda momentum: momentum.to(torch.complex64)),
    "momenta of another shape": with_momentum(lambda momentum: momentum[..., None]),
    "weights of another type": with_weights(torch.Tensor.double),
    "logits of another type": lambda parts, path: with_logits(parts["method"]["logits"].double())(parts, path),
    "a row without its accuracy": lambda parts, path: changed(epochs=[{"epoch": 1, "architecture": "x"}])(
        parts, path
    ),
    "a row that took for ever": with_row(seconds=10**400),
    "an accuracy that cannot be": with_row(accuracy=-5.0),
    "an epoch that is a truth": with_row(epoch=True),
    "code": lambda parts, path: path.write_bytes(pickle.dumps(Evil())),
    "code inside": lambda parts, path: torch.save({**parts, "epochs": [Evil()]}, path),
    "noise": lambda parts, path: path.write_bytes(os.urandom(500)),
    "nothing": lambda parts, path: path.write_bytes(b""),
    "half": lambda parts, path: path.write_bytes(path.read_bytes()[:2000]),
    "a tensor": lambda parts, path: torch.save(torch.zeros(3), path),
    "another kind": changed(kind="x"),
    "no network": changed(network={}),
    "a text for a network": changed(network="x"),
    "a weight of another shape": changed(network={"stem.0.weight": torch.zeros(1)}),
    "an empty optimiser": changed(optimiser={}),
    "rows of texts": changed(epochs=["x"]),
    "a row of lists": changed(epochs=[{"epoch": 1, "architecture": [1]}]),
    "a missing epoch": changed(epochs=[{"epoch": 2, "architecture": "x"}]),
    "no method": changed(method={}),
    "logits of another shape": with_logits(torch.zeros(2, 2)),
    "logits that are a text": with_logits("x"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "one.checkpoint"
    train_supernet(quick(epochs=1, ranked_at=()), SOURCE, checkpoint=path)
    return path.read_bytes()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_checkpoint_is_refused_in_one_line(tmp_path, monkeypatch, sound, name):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "one.checkpoint"
    path.write_bytes(sound)
    HOSTILE[name](good_parts(path), path)
    with pytest.raises(TegnasError, match=r"checkpoint .* cannot be used \(.*remove it to start again"):
        train_supernet(quick(epochs=1, ranked_at=()), SOURCE, checkpoint=path, resume=True)
    assert not (tmp_path / "evil").exists()


def test_a_checkpoint_of_another_run_is_refused(tmp_path, sound):
    path = tmp_path / "one.checkpoint"
    path.write_bytes(sound)
    for other in (quick(epochs=1, seed=1), quick("darts", epochs=1), quick(epochs=2)):
        with pytest.raises(TegnasError, match="belongs to another search"):
            train_supernet(other, SOURCE, checkpoint=path, resume=True)


def test_ranked_cells_are_different_functions_and_a_longer_list_begins_alike():
    assert ranked_cells(5) == ranked_cells(12)[:5]
    assert len({*ranked_cells(12)}) == 12
