"""The paper's claims as they stand in ``book/claims.yml``: checked when they are read, and free of verdicts.

A claim names a computation and never a number of ours, so a verdict cannot be typed in.
"""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tegnas_core.errors import TegnasError
from tegnas_study.data.quoted import quoted_table
from tegnas_study.ledger.rules import RuleKind
from tegnas_study.paths import REPOSITORY

CLAIMS = REPOSITORY / "book" / "claims.yml"

Text = str


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Computation(_Frozen):
    """A registered function and its arguments.

    Attributes:
        name: Name of the function in the registry.
        arguments: Its arguments by name.
    """

    name: Text
    arguments: dict[str, Text | int | bool] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: object) -> object:
        """Take ``{name: …, predictor: …}`` as it stands in the file."""
        if isinstance(value, dict) and "name" in value and "arguments" not in value:
            return {"name": value["name"], "arguments": {k: v for k, v in value.items() if k != "name"}}
        return value


class Rule(_Frozen):
    """How the number becomes a verdict.

    Attributes:
        kind: What the claim says of the number.
        bound: What it is compared with, for "above" and "below".
        why: Why nothing here can test it, for "none".
    """

    kind: RuleKind
    bound: float = 0.0
    why: Text = ""

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        if (self.kind is RuleKind.NONE) != bool(self.why):
            raise ValueError("a claim that cannot be tested says why, and no other does")
        return self


class Printed(_Frozen):
    """A number that the paper prints, in a table of ``data/quoted``.

    Attributes:
        table: Name of the table.
        row: Its row.
        column: Its column.
    """

    table: Text
    row: Text
    column: Text

    def cell(self) -> tuple[float, float | None]:
        """Return the number, and its deviation where one is printed.

        Raises:
            TegnasError: When the table has no such cell.
        """
        table = quoted_table(self.table).set_index("row")
        if self.row not in table.index or self.column not in table.columns:
            raise TegnasError(f"{self.table} has no cell {self.row!r}, {self.column!r}")
        deviation = table.loc[self.row].get(f"{self.column}_sd")
        return float(table.loc[self.row, self.column]), None if deviation is None else float(deviation)


class Part(_Frozen):
    """One number of a claim; most claims have one.

    Attributes:
        computation: Which function gives our number.
        quoted: The number that the paper prints, or the cell of a table in which it does.
        counts: False for what only stands beside, such as the other split of the data: the verdict leaves it out.
    """

    computation: Computation
    quoted: float | Printed | None = None
    counts: bool = True

    @property
    def number(self) -> float | None:
        """The number that the paper prints, if it prints one."""
        return self.quoted.cell()[0] if isinstance(self.quoted, Printed) else self.quoted

    @property
    def printed(self) -> str:
        """What the paper prints, as a text."""
        if self.quoted is None:
            return ""
        if not isinstance(self.quoted, Printed):
            return f"{self.quoted:g}".replace("-", "−")
        value, deviation = self.quoted.cell()
        return f"{value:g}" if deviation is None or deviation != deviation else f"{value:.2f} ± {deviation:.2f}"


class Claim(_Frozen):
    """Something that the paper says and that could be false.

    Attributes:
        id: By what chapters ask for it.
        section: Under which heading of the page it stands.
        where: Where it stands in the paper.
        covers: Figures, and rows of tables, that this entry judges, such as "table-2: REINFORCE".
        claim: What is claimed, in our words.
        paper: What the paper prints for it, as a text; left out where its parts say it.
        parts: Its numbers by name. A file may write the only one as ``computation`` and ``quoted``.
        rule: How the numbers become a verdict; a claim of several holds when it holds for all that count.
        link: The name of the figure or page of the book that shows it.
    """

    id: Text = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    section: Text
    where: Text
    covers: tuple[Text, ...] = ()
    claim: Text = Field(min_length=10)
    paper: Text = ""
    parts: dict[Text, Part] = Field(default_factory=dict)
    rule: Rule
    link: Text = Field(pattern=r"^(fig|ch|sec)-[a-z0-9-]+$")

    @model_validator(mode="before")
    @classmethod
    def _one_part(cls, value: object) -> object:
        if isinstance(value, dict) and "computation" in value and "parts" not in value:
            part = {k: value[k] for k in ("computation", "quoted") if k in value}
            return {k: v for k, v in value.items() if k not in part} | {"parts": {"": part}}
        return value

    @model_validator(mode="after")
    def _answerable(self) -> "Claim":
        tested = any(part.counts for part in self.parts.values())
        if tested == (self.rule.kind is RuleKind.NONE):
            raise ValueError("a claim has a number that counts, or a rule that says why it has none")
        needs_print = self.rule.kind in (RuleKind.PRINTS, RuleKind.FITS)
        if needs_print and any(part.quoted is None for part in self.parts.values()):
            raise ValueError("a number can only be compared with one that the paper prints: give quoted")
        return self

    def bound_of(self, part: Part) -> float:
        """Return the number that a part is compared with."""
        compares = self.rule.kind in (RuleKind.ABOVE, RuleKind.BELOW)
        return self.rule.bound if compares else float(part.number)


class _Loader(yaml.SafeLoader):
    """Plain data only: no tags, no aliases (which can be made to explode), no key twice."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias, which has no place here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise yaml.YAMLError(f"the key {twice[0]!r} twice")
        return super().construct_mapping(node, deep)


def read_claims(path: Path = CLAIMS) -> tuple[Claim, ...]:
    """Return the claims of a file, in its order; the file is not trusted.

    Args:
        path: A YAML file with one list of claims.

    Raises:
        TegnasError: When the file cannot be read, is no list of claims, or names one twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TegnasError(f"cannot read {path} ({getattr(error, 'strerror', None) or 'no UTF-8'})") from None
    return _claims(text, path.name)


@lru_cache(maxsize=2)  # a chapter asks for one claim after the other, and YAML is slow to read
def _claims(text: str, file: str) -> tuple[Claim, ...]:
    try:
        content = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TegnasError(f"{file} is not the YAML of a list of claims: {first}") from None
    if not isinstance(content, list):
        raise TegnasError(f"{file} must hold a list of claims")
    claims = tuple(_claim(entry, number, file) for number, entry in enumerate(content, start=1))
    names = [claim.id for claim in claims]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TegnasError(f"{file} has two claims called {twice[0]}")
    return claims


def _claim(entry: object, number: int, file: str) -> Claim:
    try:
        return Claim.model_validate(entry)
    except ValidationError as error:
        found = error.errors()[0]
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        place = ".".join(map(str, found["loc"])) or "the entry"
        raise TegnasError(f"{file}, claim {name}: {place}: {found['msg']}") from None
