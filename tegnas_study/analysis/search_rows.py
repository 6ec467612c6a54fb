"""Which rows of searches stand in Tables 2 and 5, and which are compared with which."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tegnas_study.analysis.resampling import Bootstrap
from tegnas_study.analysis.search_tables import Row, gaps_by_draw, row_names
from tegnas_study.tables.searches import SEARCHED, SECOND, SUBSETS

GUIDES = ("teg", "accuracy-1-epoch", "params", "accuracy")
ONE_EPOCH = {"reward": "accuracy-1-epoch", "dataset": "cifar10"}

# Rows of Table 2 that the paper computed itself, and what answers to them here. The released code hands REINFORCE
# an accuracy as it is. The paper's FP-NAS trains a supernet; here it is told the accuracy after one epoch.
PAPER_ROWS: Mapping[str, Row] = {
    "NAS w.o. Training": Row("naswot", "naswot", budget=25),
    "TE-NAS": Row("te-nas", "kappa+regions", source="live"),
    "TE-NAS + TEG": Row("te-nas", source="live"),
    "REINFORCE": Row("reinforce", preset="released", **ONE_EPOCH),
    "REINFORCE + TEG": Row("reinforce"),
    "Evolution": Row("evolution", **ONE_EPOCH),
    "Evolution + TEG": Row("evolution"),
    "FP-NAS": Row("fp-nas", **ONE_EPOCH),
    "FP-NAS + TEG": Row("fp-nas"),
}
# Rows that the paper lacks and a reader needs.
CONTROL_ROWS: Mapping[str, Row] = {
    "Local search + TEG": Row("local"),
    "Random search + TEG, 25": Row("random", budget=25),
    "Random search + TEG, 100": Row("random", budget=100),
    "Random search + TEG, 500": Row("random", budget=500),
    "Random search + TEG, 1,256": Row("random", budget=1256),
    "Random search, one epoch, 500": Row("random", budget=500, **ONE_EPOCH),
    "Random search, one epoch, 1,256": Row("random", budget=1256, **ONE_EPOCH),
    "Random search, NASWOT, 500": Row("naswot", "naswot", budget=500),
    "REINFORCE + NASWOT": Row("reinforce", "naswot"),
    "Evolution + NASWOT": Row("evolution", "naswot"),
    "FP-NAS + NASWOT": Row("fp-nas", "naswot"),
    "Largest cell (all conv3×3)": Row("local", "params"),
}
PRESET_ROWS: Mapping[str, Row] = {
    "REINFORCE + TEG, teg": Row("reinforce"),
    "REINFORCE + TEG, paper": Row("reinforce", preset="paper"),
    "REINFORCE + TEG, released": Row("reinforce", preset="released"),
    "Evolution + TEG, teg": Row("evolution"),
    "Evolution + TEG, paper": Row("evolution", preset="paper"),
    "Evolution + TEG, released": Row("evolution", preset="released"),
    "FP-NAS + TEG, teg": Row("fp-nas"),
    "FP-NAS + TEG, paper": Row("fp-nas", preset="paper"),
}


def usual(method: str, reward: str = "teg", dataset: str = "", source: str = "atlas") -> Row:
    """Return the row of a method with its usual number of evaluations: 500 for random search."""
    return Row(method, reward, dataset=dataset, budget=500 if method == "random" else 0, source=source)


def against(method: str) -> dict[str, tuple[Row, Row]]:
    """Return what a method's searches by TEG are compared with.

    The same method by one epoch of training, the same by the number of parameters, and random search by TEG with
    as many evaluations; FP-NAS, which may settle early, has at most as many.
    """
    teg = usual(method)
    n_evaluations = 500 if method in ("reinforce", "local") else 1256
    return {
        "one epoch": (teg, usual(method, **ONE_EPOCH)),
        "parameters": (teg, usual(method, "params")),
        "random": (teg, Row("random", budget=n_evaluations)),
    }


def by_guide(found: pd.DataFrame, accuracy: str, dataset: str) -> pd.DataFrame:
    """Return the usual rows of every method and guide on one accuracy, guides in the order of `GUIDES`.

    Args:
        found: A summary with the columns of `Row`, as `search_tables.split_rows` gives it.
        accuracy: Which of its accuracies.
        dataset: Whose accuracy the guide "accuracy" is.
    """
    wanted = [
        usual(method, guide, {"accuracy": dataset, "accuracy-1-epoch": "cifar10"}.get(guide, ""))
        for guide in GUIDES
        for method in SEARCHED
    ]
    return _chosen(found[found["accuracy"] == accuracy], wanted)


def by_parts(found: pd.DataFrame, accuracy: str) -> pd.DataFrame:
    """Return REINFORCE and random search by every part of TEG: the rows of Table 5."""
    wanted = [usual(method, word) for method in ("reinforce", "random") for word in SUBSETS]
    return _chosen(found[found["accuracy"] == accuracy], wanted)


def on_draws(found: pd.DataFrame, accuracy: str) -> pd.DataFrame:
    """Return TEG on both tables and on single repeats beside one epoch and parameters, by method.

    Returns:
        The rows with a column ``guide``, in words.
    """
    table = found[found["accuracy"] == accuracy]
    words = {"TEG, first table": {}, "one epoch": ONE_EPOCH, "parameters": {"reward": "params"}}
    words["TEG, second table"] = {"source": SECOND}
    parts = [_chosen(table, [usual(m, **told) for m in SEARCHED]).assign(guide=w) for w, told in words.items()]
    parts.append(table[table["source"].str.contains(" repeat ")].assign(guide="TEG, one repeat"))
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values("method", key=lambda column: column.map(SEARCHED.index), kind="stable")


def draw_counts(means: Mapping[str, Bootstrap]) -> pd.DataFrame:
    """Return on how many single draws TEG is better than one epoch and than parameters, with the range in percent.

    Args:
        means: Name of an accuracy → as `search_tables.mean_accuracies` returns it.

    Returns:
        A method a row, an accuracy and rival a column; texts such as "2 of 3 (−0.1 to +0.4)".
    """
    rivals = {"one epoch": ONE_EPOCH, "parameters": {"reward": "params"}}
    counted = {
        (method, f"{name}, than {words}"): _counted(gaps_by_draw(found, method, usual(method, **told)))
        for name, found in means.items()
        for words, told in rivals.items()
        for method in SEARCHED
    }
    return pd.Series(counted).unstack(sort=False)


def _counted(gap: pd.Series) -> str:
    low, high = (gap.min(), gap.max()) if len(gap) else (np.nan, np.nan)
    return f"{(gap > 0).sum()} of {len(gap)} ({low:+.1f} to {high:+.1f})".replace("-", "−")


def _chosen(found: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    """Return the given rows, in their order; what is not there is left out."""
    place = {str(row): number for number, row in enumerate(rows)}
    order = row_names(found).map(place).dropna().sort_values(kind="stable")
    return found.loc[order.index]
