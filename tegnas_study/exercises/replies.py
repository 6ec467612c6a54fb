"""What an exercise answers: one line, and whether the reader is there."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reply:
    """One friendly line, which a notebook shows, and its verdict."""

    verdict: Literal["right", "wrong", "wrong type", "untried"]
    line: str

    def __str__(self) -> str:
        return self.line

    def __repr__(self) -> str:
        return self.line

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.verdict == "right"


def untried(what: str = "your answer in place of None") -> Reply:
    """Return the reply to an exercise that nobody has touched."""
    return Reply("untried", f"Not tried yet: put {what} and run the cell again.")


def is_untried(answer: object) -> bool:
    """Whether an answer is still the placeholder of the notebook, None or ``...``."""
    return answer is None or answer is ...


def shown(answer: object, longest: int = 60) -> str:
    """Return an answer as a line quotes it, cut when it is long."""
    text = " ".join(repr(answer).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
