"""Answers that can be checked and not read: a digest of the answer, rounded as far as the tolerance allows.

A number t with tolerance ε is the middle of a cell of a grid of width 2ε. The file keeps where the grid lies,
which is t modulo 2ε and tells nothing above the tolerance, and a digest of the cell's number. An answer within ε
falls into the same cell and has the same digest. With tolerance 0 the number itself is digested.
"""

import hashlib
import math
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.exercises.replies import Reply, is_untried, shown, untried
from tegnas_study.exercises.values import is_number, plain

Kind = Literal["number", "word", "yes or no", "list", "set"]
_ROUNDS = 2_000  # of the digest: nobody notices one check, a search through many answers takes its time
_ASKS = {
    "number": "a number",
    "word": "a word in quotes",
    "yes or no": "True or False",
    "list": "a list, in order",
    "set": "a list, in any order",
}


class Sealed(BaseModel):
    """One sealed answer, as a line of a file in ``notebooks/exercises/`` holds it.

    Attributes:
        kind: What the answer is.
        tolerance: How far each number may be off, in its own unit.
        offset: Where the grid of each number lies, each in [0, 2 · tolerance).
        choices: The words to choose from, when there are few.
        hint: What a wrong answer is told besides.
        seal: The digest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    tolerance: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    offset: tuple[float, ...] = ()
    choices: tuple[str, ...] = ()
    hint: str = ""
    seal: str = Field(pattern=r"^[0-9a-f]{32}$")

    @model_validator(mode="after")
    def _choices_are_for_words(self) -> Self:
        if self.choices and self.kind != "word":
            raise ValueError("only a word has choices")
        return self

    def reply(self, key: str, answer: object) -> Reply:
        """Return the reply to a reader's answer."""
        if is_untried(answer):
            return untried()
        answer = plain(answer)
        if not _fits(answer, self.kind):
            return Reply("wrong type", f"This asks for {_ASKS[self.kind]}; {shown(answer)} is {_is(answer)}.")
        if self.choices and _word(answer) not in {_word(choice) for choice in self.choices}:
            return Reply(
                "wrong type", f"Choose one of {', '.join(self.choices)}; {shown(answer)} is not among them."
            )
        if _digest(key, _canonical(answer, self)) == self.seal:
            return Reply("right", "Right!")
        hint = f" {self.hint}" if self.hint else " Try again, or open the solution."
        return Reply("wrong", f"Not yet: {shown(answer)} is not it.{hint}")


def seal(
    key: str,
    answer: object,
    *,
    tolerance: float = 0.0,
    unordered: bool = False,
    choices: Sequence[str] = (),
    hint: str = "",
) -> Sealed:
    """Return the sealed answer of an exercise.

    Args:
        key: The exercise's label, which salts the digest.
        answer: A number, a word, True or False, or a list of numbers and words.
        tolerance: How far each number may be off, in its own unit.
        unordered: Whether the order of a list is free.
        choices: The words to choose from.
        hint: What a wrong answer is told besides.

    Raises:
        TegnasError: When the answer is none of these.

    >>> seal("ex-example", 0.64, tolerance=0.005).reply("ex-example", 0.637)
    Right!
    """
    answer = plain(answer)
    kind = _kind_of(answer, unordered=unordered)
    open_answer = Sealed(kind=kind, tolerance=tolerance, choices=tuple(choices), hint=hint, seal="0" * 32)
    if choices and _word(str(answer)) not in {_word(choice) for choice in choices}:
        raise TegnasError(f"the answer {quoted(answer)} is not among its choices, {', '.join(choices)}")
    numbers = [value for value in _parts(answer, kind) if is_number(value) and math.isfinite(value)]
    offset = tuple(value % _width(tolerance) for value in numbers) if tolerance else ()
    if kind == "set" and tolerance:
        raise TegnasError("a list in any order has no tolerance: ask for whole numbers or words")
    placed = open_answer.model_copy(update={"offset": offset})
    return placed.model_copy(update={"seal": _digest(key, _canonical(answer, placed))})


def _kind_of(answer: object, *, unordered: bool) -> Kind:
    for kind in ("yes or no", "number", "word", "set" if unordered else "list"):
        if _fits(answer, kind):
            return kind
    raise TegnasError(
        f"an answer is a number, a word, True, False or a list of numbers and words, not {_is(answer)}"
    )


def _fits(answer: object, kind: Kind) -> bool:
    if kind == "yes or no":
        return isinstance(answer, bool)
    if kind == "number":
        return is_number(answer)
    if kind == "word":
        return isinstance(answer, str)
    return isinstance(answer, (list, set, frozenset)) and all(isinstance(p, str) or is_number(p) for p in answer)


def _is(answer: object) -> str:
    if isinstance(answer, bool):
        return "True or False"
    if is_number(answer):
        return "a number"
    return {str: "text", list: "a list"}.get(type(answer), f"a {type(answer).__name__}")


def _parts(answer: object, kind: Kind) -> list:
    return list(answer) if kind in {"list", "set"} else [answer]


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()


def _canonical(answer: object, sealed: Sealed) -> str:
    """Return the text that is digested: the same for all answers that count as the same."""
    parts, offsets = [], iter(sealed.offset)
    for value in _parts(answer, sealed.kind):
        if not is_number(value):
            parts.append(_word(str(value)))
        elif not sealed.tolerance or not math.isfinite(value):
            parts.append(repr(float(value)))
        else:
            parts.append(f"cell {round((value - next(offsets, 0.0)) / _width(sealed.tolerance))}")
    if sealed.kind == "set":
        parts = sorted(set(parts))
    return "\n".join(parts)


def _width(tolerance: float) -> float:
    return 2 * tolerance * (1 + 1e-9)  # an answer that is off by exactly the tolerance is let in


def _digest(key: str, text: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", text.encode(), key.encode(), _ROUNDS, dklen=16).hex()
