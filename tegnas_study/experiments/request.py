"""Everything a search follows from but its seed, in one frozen value that checks itself."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tegnas_core.errors import TegnasError
from tegnas_core.settings import PRESETS, IndicatorSettings
from tegnas_study.experiments.choices import Dataset, MethodName, PresetName, SourceName, SpaceName
from tegnas_study.experiments.presets import method_options
from tegnas_study.experiments.rewards import RewardChoice, parse_reward

Source = Callable[[Any], Mapping[str, float | str]]  # an architecture → its objectives, ``seconds``, ``status``


# What is said when a method has no such number of its own.
_FOREIGN = {
    "population_size": "--population belongs to evolution; leave it out of a search by {method}",
    "tournament_size": "--tournament belongs to evolution; leave it out of a search by {method}",
    "n_steps": "{method} ends by its own rule; leave out --steps",
}


class SearchRequest(BaseModel):
    """A search without its seed; two histories are comparable when their requests are equal.

    Raises:
        pydantic.ValidationError: When a field is unknown or has a value that is not allowed. `make_request` turns
            it into one line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: MethodName = Field(description="search method")
    preset: PresetName = Field("teg", description="choices of the method and its reward")
    space: SpaceName = Field("nas-bench-201", description="search space")
    reward: str = Field("teg", description="what is optimised")
    source: SourceName = Field("atlas", description="look values up, or evaluate networks")
    atlas: str = Field("teg-cifar10", description="table of the atlas, for look-ups")
    draw: int | None = Field(None, ge=0, description="only this repeat of the table: one draw of the weights")
    rivals: str = Field("rivals-cifar10", description="table of the rivals, for look-ups")
    images: str = Field("synthetic", description="image source, for live evaluation")
    settings: IndicatorSettings = Field(PRESETS["teg"], description="of the indicators, for live evaluation")
    dataset: Dataset = Field("cifar10", description="whose accuracy is optimised, if one is")
    steps: int | None = Field(None, ge=1, description="length of the search; None takes the preset's")
    sizes: dict[str, int] = Field(default_factory=dict, description="changes of the method's own numbers")

    @property
    def choice(self) -> RewardChoice:
        """Return what the reward's word stands for."""
        return parse_reward(self.reward)

    @property
    def is_looked_up(self) -> bool:
        """Return whether no network is needed: sizes are looked up even in a live search."""
        return self.source == "atlas" or self.choice.origin == "size"

    @property
    def method_changes(self) -> dict[str, int]:
        """Return the options of the method that differ from its preset's.

        Raises:
            TegnasError: When the method has no such option.
        """
        changes = dict(self.sizes) if self.steps is None else {**self.sizes, "n_steps": self.steps}
        known = method_options(self.method, self.preset, space=self.space)
        for name in changes:
            if name not in known:
                raise TegnasError(_FOREIGN.get(name, f"{{method}} has no {name}").format(method=self.method))
        return changes


def make_request(method: str, **changes: object) -> SearchRequest:
    """Return a request; what is None keeps its default, and NASWOT's reward is its own score.

    Raises:
        TegnasError: When something is unknown, or the parts do not fit each other.
    """
    given = {key: value for key, value in changes.items() if value is not None}
    if method == "naswot":
        given.setdefault("reward", "naswot")
    try:
        request = SearchRequest(method=method, **given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TegnasError(f"{where} of the search is wrong: {first['msg']}") from None
    _check(request)
    return request


def _check(request: SearchRequest) -> None:
    origin, _ = request.choice.origin, request.method_changes
    if request.space == "darts" and request.source == "atlas":
        raise TegnasError("there is no atlas of the DARTS space; search it with --source live")
    if request.space == "darts" and origin != "teg":
        raise TegnasError(
            f"reward {request.reward!r} is not known on the DARTS space; use teg or a sum of its parts"
        )
    if request.draw is not None and (request.source == "live" or origin != "teg" or request.method == "te-nas"):
        raise TegnasError("a draw is a repeat of the atlas's κ, R and MSE; it has no meaning for this search")
    if request.method == "te-nas" and origin != "teg":
        raise TegnasError(f"te-nas prunes a supernet by teg or a sum of its parts, not by {request.reward!r}")
    if request.source == "live" and origin == "accuracy" and request.choice.epochs != 1:
        raise TegnasError("200 epochs of training are looked up, not run; use --source atlas, or accuracy-1-epoch")
