"""What every method of weight sharing promises: it trains for an epoch and then names a cell."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from torch import Tensor

from tegnas_study.weight_sharing.batches import Epoch, Pair
from tegnas_study.weight_sharing.supernet import single_path
from tegnas_study.weight_sharing.weights import SharedWeights

State = Mapping[str, Any]  # tensors, numbers and dictionaries of them: what a checkpoint may hold
Options = tuple[int, ...]


class Found(NamedTuple):
    """What a method names after an epoch.

    Attributes:
        options: One option for each edge.
        accuracy: Of this path on held-out images, with the shared weights, in percent. Where the path is the best
            of some on the same images, it is too high for what other images would say.
    """

    options: Options
    accuracy: float


class SharingMethod(Protocol):
    """One run of a method of weight sharing.

    Attributes:
        name: The name of the method on the command line and in tables.
    """

    name: str

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Train weights and policy for an epoch, and return the mean training loss."""
        ...

    def derive(self, weights: SharedWeights, epoch: Epoch) -> Found:
        """Return the cell that the method would end with here; it changes nothing."""
        ...

    def entropy(self) -> float:
        """Return the entropy in nats of what the method draws cells from."""
        ...

    def state(self) -> State:
        """Return all that changes from epoch to epoch, besides the weights."""
        ...

    def restore(self, state: State) -> None:
        """Go on from what `state` returned."""
        ...


def timed_batches(weights: SharedWeights, epoch: Epoch) -> Iterator[tuple[Pair, Pair]]:
    """Yield the training and validation batches of an epoch, with the learning rate of each moment set."""
    for number, pairs in enumerate(zip(epoch.train, epoch.valid, strict=True)):
        weights.set_time(epoch.number + number / len(epoch.train))
        yield pairs


def best_path(weights: SharedWeights, epoch: Epoch, candidates: Iterable[Options]) -> Found:
    """Return the candidate with the highest accuracy on held-out images; the first one among equals."""
    judged = {
        options: weights.accuracy(single_path(options), epoch.held_out) for options in dict.fromkeys(candidates)
    }
    options = max(judged, key=judged.__getitem__)
    return Found(options, judged[options])


def path_by_logits(weights: SharedWeights, epoch: Epoch, logits: Tensor) -> Found:
    """Return the path that takes the option with the largest logit on each edge."""
    options = tuple(logits.detach().argmax(1).tolist())
    return Found(options, weights.accuracy(single_path(options), epoch.held_out))
