"""A checkpoint holds a training, and nothing that anybody else put into one is believed or run."""

import copy
import pickle

import pytest
import torch
from trainings import new_training, same_state, tiny

from tegnas_core.errors import TegnasError
from tegnas_study.training import checkpoints

IDENTITY = {"architecture": "a", "seed": 0, "protocol": {"epochs": 2, "width": 2}}


@pytest.fixture(scope="module")
def begun():
    training = new_training(tiny())
    training.run_epoch()
    return training


def test_what_is_written_is_read(begun, tmp_path):
    path = tmp_path / "checkpoint.pt"
    checkpoints.write(path, begun, IDENTITY)
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.pt"]
    other = new_training(tiny())
    checkpoints.read(path, other, IDENTITY)
    assert same_state(begun.state(), other.state())


# Of a column of a row: what it cannot be.
IMPOSSIBLE = {
    "epoch": True,
    "loss": -5.0,
    "train_accuracy": float("nan"),
    "test_accuracy": 100.5,
    "learning_rate": float("inf"),
    "seconds": 10**400,
    "cpu_seconds": -1.0,
}


def with_weight(good, tensor):
    return {**good, "network": {**good["network"], next(iter(good["network"])): tensor}}


def with_momentum(good, tensor):
    return {**good, "optimiser": {**good["optimiser"], 0: {"momentum_buffer": tensor}}}


def endless():
    ring = {}
    ring["ring"] = ring
    return ring


class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit('ran')",))


def contents(begun):
    """Return whole contents that are each wrong in one way, by what is said about them."""
    good = {"format": checkpoints.FORMAT, "identity": IDENTITY, **begun.state()}
    wrong = copy.deepcopy(good)
    name = next(iter(wrong["network"]))
    shaped = copy.deepcopy(good)
    shaped["network"][name] = torch.zeros(1)
    double = copy.deepcopy(good)
    double["network"][name] = double["network"][name].double()
    fewer = copy.deepcopy(good)
    del fewer["network"][name]
    momenta = copy.deepcopy(good)
    momenta["optimiser"][0] = {"momentum_buffer": torch.zeros(3)}
    strange = copy.deepcopy(good)
    strange["optimiser"][0] = {"exp_avg": torch.zeros(3)}
    beyond = copy.deepcopy(good)
    beyond["optimiser"][10**6] = {"momentum_buffer": None}
    row = dict(good["rows"][0])
    held = good["optimiser"][0]["momentum_buffer"]
    return {
        **{
            f"says of epoch 1 cannot be({name})?": {**good, "rows": [{**row, name: value}]}
            for name, value in IMPOSSIBLE.items()
        },
        "is sparse": with_weight(good, good["network"][name].to_sparse()),
        "without numbers": with_weight(good, good["network"][name].to("meta")),
        "sparse, quantised": with_momentum(good, held.to_sparse()),
        "or without numbers": with_momentum(good, held.to("meta")),
        "shapes or types": with_momentum(good, held.long()),
        "other shapes or types": with_momentum(good, held.to(torch.complex64)),
        "its seed is a Tensor": {**good, "identity": {**IDENTITY, "seed": torch.zeros(2)}},
        "its protocol epochs is a Tensor": {**good, "identity": {**IDENTITY, "protocol": {"epochs": held}}},
        "too deep in one another": {**good, "identity": endless()},
        "is not of the format": {**good, "format": "other"},
        "does not say what it trains": {**good, "identity": None},
        "has another": shaped,
        "another stem": double,
        "has other parts": fewer,
        "momenta of other shapes": momenta,
        "is another one": strange,
        "optimiser has other parts": beyond,
        "its epochs cannot be": {**good, "rows": []},
        "epochs cannot be": {**good, "rows": [row] * 3},
        "of epoch 1 cannot be": {**good, "rows": [{**row, "epoch": 2}]},
        "epoch 1 cannot": {**good, "rows": [{**row, "seconds": "long"}]},
        "says of epoch 1": {**good, "rows": [{"epoch": 1}]},
        "format": [1, 2],
    }


def test_every_wrong_content_is_told_and_changes_nothing(begun, tmp_path):
    path = tmp_path / "checkpoint.pt"
    for said, content in contents(begun).items():
        torch.save(content, path)
        training = new_training(tiny())
        before = copy.deepcopy(training.state())
        with pytest.raises(TegnasError, match=said):
            checkpoints.read(path, training, IDENTITY)
        assert same_state(before, training.state()) and training.rows == []


def test_hostile_bytes_are_refused_and_never_run(tmp_path):
    path, training = tmp_path / "checkpoint.pt", new_training(tiny())
    torch.save({"format": checkpoints.FORMAT, "identity": Evil()}, path)
    evil = path.read_bytes()
    for data in (evil, pickle.dumps(Evil()), b"", b"\0" * 1000, evil[: len(evil) // 2]):
        path.write_bytes(data)
        with pytest.raises(TegnasError, match="damaged or no checkpoint"):
            checkpoints.read(path, training, IDENTITY)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 1}, "its seed is 0, not 1"),
        ({"seed": False}, "its seed is 0, not False"),
        ({"protocol": {"epochs": 3, "width": 2}}, "its protocol epochs is 2, not 3"),
        ({"protocol": {"epochs": 2}}, "its protocol width is 2, not None"),
        ({"architecture": "b"}, "its architecture is 'a', not 'b'"),
        ({"new": 1}, "its new is None, not 1"),
    ],
)
def test_the_checkpoint_of_another_training_is_told(begun, tmp_path, change, said):
    path = tmp_path / "checkpoint.pt"
    checkpoints.write(path, begun, IDENTITY)
    with pytest.raises(TegnasError, match=said):
        checkpoints.read(path, new_training(tiny()), {**IDENTITY, **change})


def test_what_cannot_be_written_is_told(begun, tmp_path):
    with pytest.raises(TegnasError, match="every earlier epoch is safe"):
        checkpoints.write(tmp_path / "nowhere" / "checkpoint.pt", begun, IDENTITY)
