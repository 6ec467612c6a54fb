"""The exercises of the chapter on networks of one's own: networks told apart, and a module with two answers."""

from collections.abc import Callable

import numpy as np

from tegnas_study.exercises.tasks import Cases, Judged, WriteFunction


def _n_apart(values: np.ndarray) -> int:
    """Return for how many pairs of networks all repeats of the one are below all of the other."""
    rows = [sorted(row) for row in np.asarray(values, float).tolist()]
    return sum(one[-1] < other[0] for one in rows for other in rows)


def _repeats() -> Cases:
    rng = np.random.default_rng(41)
    return {
        "three networks with two repeats": (np.array([[1.0, 2.0], [3.0, 4.0], [1.5, 3.5]]),),
        "networks in falling order": (np.array([[5.0, 6.0, 5.5], [3.0, 4.0, 3.2], [1.0, 2.0, 1.1]]),),
        "repeats that are equal": (np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 1.0]]),),
        "twelve networks with three repeats": (rng.normal(size=(12, 1)) + 0.5 * rng.normal(size=(12, 3)),),
    }


def _fault(wrap: Callable) -> str:
    """Return what a function lacks that turns a module with two answers into one with logits."""
    import torch
    from torch import nn

    class Two(nn.Module):
        """Returns a dictionary of features and logits."""

        def __init__(self) -> None:
            super().__init__()
            self.body, self.head = nn.Conv2d(3, 4, 3), nn.Linear(4, 5)

        def forward(self, images: torch.Tensor) -> dict[str, torch.Tensor]:
            features = torch.relu(self.body(images)).mean((2, 3))
            return {"features": features, "logits": self.head(features)}

    generator = torch.Generator().manual_seed(0)
    inner, images = Two(), torch.randn(4, 3, 8, 8, generator=generator)
    wrapped = wrap(inner)
    if not isinstance(wrapped, nn.Module):
        return f"it returns a {type(wrapped).__name__} where a torch.nn.Module is due."
    if len([*wrapped.parameters()]) != len([*inner.parameters()]):
        return "the parameters of the module inside are not those of what you return: keep it as an attribute."
    answer = wrapped(images)
    if not isinstance(answer, torch.Tensor):
        return f"the module that you return answers with a {type(answer).__name__} where logits are due."
    return "" if torch.equal(answer, inner(images)["logits"]) else "its answer is not the logits of the inner one."


TASKS = {
    "ex-own-wrap": Judged(fault=_fault, placeholder="your function in place of None"),
    "ex-write-apart": WriteFunction(
        reference=_n_apart, cases=_repeats, hint="A pair counts once, whichever of the two is the smaller one."
    ),
}
