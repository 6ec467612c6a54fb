"""The recorded searches of NAS-Bench-201 as the page replays them: evaluations in order, and what was seen."""

import base64
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from book.explorer.cells import number_of
from book.explorer.coding import linear, logarithmic, whole
from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.experiments.files import read_histories
from tegnas_study.figures.style import METHOD_NAMES
from tegnas_study.paths import SEARCHES

PATTERN = "nas-bench-201-*.parquet"
_REWARDS = {
    "teg": "κ, R and MSE",
    "kappa+regions": "κ and R",
    "naswot": "NASWOT",
    "accuracy-1-epoch": "accuracy after one epoch",
}
_SEEN = {"condition_number": logarithmic, "regression_error": logarithmic}


def search_files(folder: Path = SEARCHES) -> tuple[Path, ...]:
    """Return the files of recorded searches on NAS-Bench-201.

    Raises:
        TegnasError: When there is none.
    """
    found = tuple(sorted(folder.glob(PATTERN)))
    if not found:
        raise TegnasError(f"{folder} holds no {PATTERN}; record one with tegnas search … --out")
    return found


def visited_codes(folder: Path = SEARCHES) -> NDArray[np.float64]:
    """Return the one-hot code of every evaluation of a cell, shape (n, 30); supernets are no cells."""
    space = NASBench201()
    codes = []
    for path in search_files(folder):
        texts = read_histories(path).histories["architecture"]
        codes += [space.encode(space.parse(text)) for text in texts if not _is_supernet(text)]
    return np.array(codes)


def searches_data(folder: Path = SEARCHES) -> list[dict[str, object]]:
    """Return one entry a search: file and seed, words for a menu, and its evaluations in order."""
    found = []
    for path in search_files(folder):
        histories, outcomes, provenance = read_histories(path)
        request = provenance["request"]
        for seed, rows in histories.groupby("seed", sort=True):
            outcome = outcomes[outcomes["seed"] == seed].iloc[0]
            name = f"{path.stem.removeprefix('nas-bench-201-')}-{seed}"
            words = {
                "name": name,
                "method": METHOD_NAMES[request["method"]],
                "reward": _reward(request),
                "seed": int(seed),
            }
            found.append({**words, **_outcome(outcome), **_evaluations(rows)})
    return found


def _is_supernet(text: str) -> bool:
    return "~" not in text


def _reward(request: Mapping[str, object]) -> str:
    return _REWARDS.get(str(request["reward"]), str(request["reward"]))


def _outcome(outcome: pd.Series) -> dict[str, object]:
    parse = NASBench201().parse
    return {"found": number_of(parse(outcome["derived"])), "stopped": str(outcome["stopped"])}


def _evaluations(rows: pd.DataFrame) -> dict[str, object]:
    """Return the evaluations of one search as columns; a supernet is the set of its options as bits."""
    data: dict[str, object] = {"n": len(rows), "step": whole(rows["step"])}
    if _is_supernet(rows["architecture"].iloc[0]):
        data["options"] = _bits(rows["architecture"])
    else:
        data["cells"] = whole([number_of(NASBench201().parse(text)) for text in rows["architecture"]])
    seen = {name: pack(rows[name]) for name, pack in _SEEN.items() if name in rows}
    if "linear_regions" in rows:
        seen["linear_regions"] = linear(rows["linear_regions"], step=1.0)
    return {**data, "seen": seen}


def _bits(texts: pd.Series) -> str:
    """Return supernets as 32-bit numbers in base64: bit 5·edge + operation is set while the option is there."""
    masks = [
        sum(
            1 << (len(OPERATIONS) * edge + option)
            for edge, options in enumerate(Mixture.parse(text).active)
            for option in options
        )
        for text in texts
    ]
    return base64.b64encode(np.array(masks, dtype="<u4").tobytes()).decode("ascii")
