"""The exercise of the chapter on networks of one's own: a module that answers with more than logits."""

from collections.abc import Callable

from tegnas_study.exercises.tasks import Judged


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


TASKS = {"ex-own-wrap": Judged(fault=_fault, placeholder="your function in place of None")}
