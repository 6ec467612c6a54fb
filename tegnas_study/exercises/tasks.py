"""Exercises whose answer is not a fixed value: write a function, or answer for what is on the page.

Each is an entry of the dictionary ``TASKS`` of a module in `tegnas_study.exercises.hidden`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tegnas_core.errors import TegnasError
from tegnas_study.exercises.replies import Reply, is_untried, shown, untried
from tegnas_study.exercises.values import agree, is_number, plain, shape_of

Cases = Mapping[str, tuple]
_WRITE = "your code in place of the dots"


@dataclass(frozen=True)
class WriteFunction:
    """Write a function: it is called on hidden inputs and compared with a reference.

    Attributes:
        reference: The function as it should be.
        cases: Returns fresh inputs, from what kind of input it is ("a singular kernel") to the arguments.
        tolerance: By how much numbers may differ, absolutely and relatively.
        hint: What a wrong function is told besides.
    """

    reference: Callable[..., object]
    cases: Callable[[], Cases]
    tolerance: float = 1e-5
    hint: str = ""

    def reply(self, answer: object) -> Reply:
        """Return the reply to a reader's function: the first kind of input that fails is named."""
        if is_untried(answer):
            return untried("your function in place of None")
        if not callable(answer):
            return Reply("wrong type", f"This asks for a function; {shown(answer)} is not one.")
        given, expected = self.cases(), self.cases()
        for kind, arguments in given.items():
            truth = self.reference(*expected[kind])
            try:
                value = answer(*arguments)
            except NotImplementedError:
                return untried(_WRITE)
            except Exception as error:
                told = " ".join(str(error).split()) or "no message"
                return Reply("wrong", f"Not yet: on {kind} it raises {type(error).__name__}: {told}")
            if is_untried(value) and truth is not None:
                return untried(f"{_WRITE}, with a return,")
            if not agree(value, truth, tolerance=self.tolerance):
                return Reply("wrong", f"Not yet: {_difference(value, truth, kind)}{self.hint and f' {self.hint}'}")
        return Reply("right", f"Right: it agrees on {', '.join(given)}.")


def _difference(value: object, truth: object, kind: str) -> str:
    """Say what is wrong without telling the right value: the type or the shape when they differ."""
    shape, expected = shape_of(value), shape_of(truth)
    if shape is not None and expected is not None and shape != expected:
        return f"on {kind} it returns {_of_shape(shape)} where {_of_shape(expected)} is due."
    if not (is_number(plain(value)) and is_number(plain(truth))) and type(plain(value)) is not type(plain(truth)):
        return f"on {kind} it returns a {type(value).__name__} where a {type(truth).__name__} is due."
    return f"on {kind} it returns something else than it should."


def _of_shape(shape: tuple[int, ...]) -> str:
    return f"shape {shape}" if shape else "a number"


@dataclass(frozen=True)
class FromPage:
    """Answer for what the page has computed: the truth follows from it, so it holds at every size and seed.

    Attributes:
        truth: Called with the keywords that the page gives to `check`; returns the right answer.
        tolerance: How far a number may be off, in its own unit.
        hint: What a wrong answer is told besides.
    """

    truth: Callable[..., object]
    tolerance: float = 0.0
    hint: str = ""

    def reply(self, answer: object, **page: object) -> Reply:
        """Return the reply to a reader's answer, given what the page holds."""
        if is_untried(answer):
            return untried()
        truth, answer = plain(self.truth(**page)), plain(answer)
        if is_number(truth) and not is_number(answer):
            return Reply("wrong type", f"This asks for a number; {shown(answer)} is not one.")
        if isinstance(truth, str) and not isinstance(answer, str):
            return Reply("wrong type", f"This asks for a word in quotes; {shown(answer)} is not text.")
        if self._is_right(answer, truth):
            return Reply("right", "Right!")
        hint = self.hint or "Try again, or open the solution."
        return Reply("wrong", f"Not yet: {shown(answer)} is not it. {hint}")

    def _is_right(self, answer: object, truth: object) -> bool:
        if is_number(truth):
            return abs(answer - truth) <= self.tolerance * (1 + 1e-9)
        if isinstance(truth, str):
            return answer.strip().casefold() == truth.casefold()
        return agree(answer, truth, tolerance=self.tolerance)


@dataclass(frozen=True)
class Judged:
    """Build something with a property: any answer that has it is right.

    Attributes:
        fault: Called with the answer and the keywords that the page gives; returns what the answer lacks, in words
            that follow "Not yet:", or "" when it lacks nothing.
        placeholder: What to put in place of the placeholder, as the reply to an untouched exercise says it.
    """

    fault: Callable[..., str]
    placeholder: str = "your answer in place of None"

    def reply(self, answer: object, **page: object) -> Reply:
        """Return the reply to a reader's answer, given what the page holds."""
        if is_untried(answer):
            return untried(self.placeholder)
        try:
            fault = self.fault(answer, **page)
        except TegnasError as error:
            fault = str(error)
        except NotImplementedError:
            return untried(_WRITE)
        except Exception as error:
            fault = f"it raises {type(error).__name__}: {' '.join(str(error).split()) or 'no message'}"
        return Reply("wrong", f"Not yet: {fault}") if fault else Reply("right", "Right!")


Task = WriteFunction | FromPage | Judged
