"""What a contract says of one column."""

import math
from dataclasses import dataclass
from typing import Literal

ValueKind = Literal["text", "whole", "number", "vector"]

_WORDS = {"text": "text", "whole": "whole number", "number": "number", "vector": "list of numbers"}


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, what it means, and which values it may hold.

    Attributes:
        name: Its name in the file.
        meaning: One phrase, in Markdown.
        kind: "text", "whole" for whole numbers, "number", or "vector" for lists of numbers.
        unit: Its unit; "" when it has none.
        lowest: No finite value is smaller.
        highest: No finite value is larger.
        failed: The infinite value of a row that failed, +inf or −inf; None where no value is infinite.
        missing: Whether a value may be nan, or an empty cell in a CSV file.
        values: The only texts there are; () for any.
    """

    name: str
    meaning: str
    kind: ValueKind = "number"
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    failed: float | None = None
    missing: bool = False
    values: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """Return the values that it may hold, in words.

        >>> Column("seconds", "time", unit="s", lowest=0, missing=True).allowed
        'number, at least 0; nan'
        """
        if self.values:
            return "one of " + ", ".join(f"`{value}`" for value in self.values)
        words = _WORDS[self.kind] + self._range()
        others = [f"{'+' if self.failed > 0 else '−'}∞ when it failed"] if self.failed is not None else []
        others += ["nan" if self.kind != "text" else "empty"] if self.missing else []
        return "; ".join([words, *others])

    def _range(self) -> str:
        if self.lowest is not None and self.highest is not None:
            return f", {self.lowest:,g} to {self.highest:,g}".replace("-", "−")
        if self.lowest is not None:
            return f", at least {self.lowest:,g}"
        return f", at most {self.highest:,g}" if self.highest is not None else ""


def text(name: str, meaning: str, *, values: tuple[str, ...] = (), missing: bool = False) -> Column:
    """Return a column of texts."""
    return Column(name, meaning, "text", values=values, missing=missing)


def whole(name: str, meaning: str, *, unit: str = "", lowest: int | None = 0) -> Column:
    """Return a column of whole numbers, none of them missing."""
    return Column(name, meaning, "whole", unit, lowest)


def error(name: str, meaning: str, *, lowest: float = 0.0) -> Column:
    """Return a column where a small number is good and a failure is +∞; nan where it was not computed."""
    return Column(name, meaning, lowest=lowest, failed=math.inf, missing=True)


def percent(name: str, meaning: str, *, missing: bool = False) -> Column:
    """Return a column of percentages."""
    return Column(name, meaning, unit="%", lowest=0, highest=100, missing=missing)
