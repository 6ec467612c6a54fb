"""Claims with their numbers and verdicts: what the page shows, and what chapters ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.verdicts import Verdict, together
from tegnas_study.ledger.claim import Claim, read_claims
from tegnas_study.ledger.finding import Finding
from tegnas_study.ledger.registry import compute
from tegnas_study.ledger.rules import MARKS, NO_MARK, NOT_TESTABLE, decide, n_holding
from tegnas_study.ledger.sources import Sources


@dataclass(frozen=True)
class JudgedPart:
    """One number of a claim with its verdict.

    Attributes:
        name: What it is of, such as "CIFAR-10 validation"; empty when the claim has one number.
        found: Our number.
        verdict: What follows from it by the claim's rule.
        printed: What the paper prints for it.
        counts: Whether the verdict on the claim counts it.
        in_draws: In how many of the single values the claim holds, in words; empty where there is one.
    """

    name: str
    found: Finding
    verdict: Verdict
    printed: str
    counts: bool
    in_draws: str


@dataclass(frozen=True)
class Judged:
    """A claim, what was found, and the verdict that follows from it.

    Attributes:
        claim: The claim.
        parts: Its numbers; none where nothing here can test it.
    """

    claim: Claim
    parts: tuple[JudgedPart, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None where nothing here can test the claim."""
        counted = [part.verdict for part in self.parts if part.counts]
        return together(*counted) if counted else None

    @property
    def word(self) -> str:
        """The verdict in words."""
        return NOT_TESTABLE if self.verdict is None else str(self.verdict)

    @property
    def mark(self) -> str:
        """A sign for the verdict, which does without colour."""
        return NO_MARK if self.verdict is None else MARKS[self.verdict]

    def part(self, name: str = "") -> JudgedPart:
        """Return one number; without a name the first.

        Raises:
            TegnasError: When the claim has no such number.
        """
        known = [part for part in self.parts if not name or part.name == name]
        if not known:
            raise TegnasError(f"the claim {self.claim.id} has no number {name!r}")
        return known[0]


def judge(claim: Claim, sources: Sources) -> Judged:
    """Return a claim with its numbers and its verdict."""
    kind, parts = claim.rule.kind, []
    for name, part in claim.parts.items():
        found, bound = compute(part.computation, sources), claim.bound_of(part)
        verdict = decide(kind, found, bound=bound)
        counted = _counted(found, n_holding(kind, found, bound=bound))
        parts.append(JudgedPart(name, found, verdict, part.printed, part.counts, counted))
    return Judged(claim, tuple(parts))


def _counted(found: Finding, holds: int | None) -> str:
    if found.n < 2:
        return ""
    return f"{found.n} {found.unit}" if holds is None else f"{holds} of {found.n} {found.unit}"


def judge_all(claims: Iterable[Claim] | None = None, sources: Sources | None = None) -> tuple[Judged, ...]:
    """Return all claims judged; None takes those of the book and the tables of the repository."""
    known = sources or Sources()
    return tuple(judge(claim, known) for claim in (read_claims() if claims is None else claims))


@lru_cache(maxsize=1)
def _book() -> tuple[dict[str, Claim], Sources]:
    return {claim.id: claim for claim in read_claims()}, Sources()


@cache
def verdict_of(name: str) -> Judged:
    """Return a claim of the book by its id, with its number and its verdict, so that no page says otherwise.

    Args:
        name: The id of the claim in ``book/claims.yml``.

    Raises:
        TegnasError: When there is no such claim.
    """
    claims, sources = _book()
    if name not in claims:
        raise TegnasError(f"there is no claim {name!r} in the ledger; book/claims.yml lists them")
    return judge(claims[name], sources)
