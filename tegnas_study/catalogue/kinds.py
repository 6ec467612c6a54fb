"""The kinds of table that lie in ``data/``, and which columns each has."""

from collections.abc import Iterable
from dataclasses import dataclass

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.catalogue import columns as c
from tegnas_study.catalogue import quoted as q
from tegnas_study.catalogue import trained as t
from tegnas_study.catalogue.column import Column, error, text, whole


@dataclass(frozen=True)
class Kind:
    """A kind of table.

    Attributes:
        name: The key under which a Parquet file of this kind keeps its facts, or the path of a CSV file.
        title: What it is called in a heading.
        row: What one row is, as the end of "one row for …".
        columns: What every such table has, by name.
        others: What it may have besides.
    """

    name: str
    title: str
    row: str
    columns: tuple[Column, ...]
    others: tuple[Column, ...] = ()

    @property
    def known(self) -> dict[str, Column]:
        """Return all its columns by name."""
        return {column.name: column for column in (*self.columns, *self.others)}

    def contract(self, names: Iterable[str], where: str) -> tuple[Column, ...]:
        """Return the contracts of a table's columns, in the table's order.

        Args:
            names: The table's columns.
            where: How an error names the table.

        Raises:
            TegnasError: When a column is missing, or one is there that the contract does not know.
        """
        names = list(names)
        missing = [column.name for column in self.columns if column.name not in names]
        unknown = [name for name in names if name not in self.known]
        if missing:
            raise TegnasError(f"{where} has no column {', '.join(missing)}, which every table of {self.title} has")
        if unknown:
            told = ", ".join(quoted(name) for name in unknown[:5])
            raise TegnasError(
                f"{where} has the unknown column {told}; tegnas_study/catalogue must say what it means"
            )
        return tuple(self.known[name] for name in names)


_LABEL_PATH = (
    text("architecture", "representative of the class of cells"),
    whole("batch", "number of the batch, and of its draw of weights"),
    whole("n", "training images of the regression", unit="count", lowest=1),
    Column("ridge", "ridge λ, relative to the mean of the diagonal", lowest=0),
    error("error", "error with the true labels"),
    error("permuted", "error with permuted training labels"),
    error("norm", "mean ‖ŷ‖²"),
    Column("cosine", "Σ⟨ŷ, y⟩ / (‖ŷ‖ ‖y‖) over all held-out images", lowest=-1, highest=1, missing=True),
    Column("lga", "label-gradient alignment of the kernel", lowest=-1, highest=1, missing=True),
    Column("trivial", "error of predicting the mean", lowest=0),
)
_EPOCH_COST = (
    text("architecture", "a connected cell"),
    *(
        Column(f"{what}_{way}", f"{of}, {how}", unit="CPU-second", lowest=0)
        for what, of in (("teg", "one evaluation by TEG"), ("epoch", "one epoch on half of CIFAR-10"))
        for way, how in (("plain", "in the plain way"), ("fast", "in the fast way"))
    ),
)
_STUDY = (
    c.METHOD,
    text("preset", "whose choices the method has", values=("teg", "paper", "released")),
    text("reward", "reward, as `tegnas search --reward` calls it"),
    text("dataset", "images whose accuracies are the reward; empty where none are"),
    whole("budget", "evaluations after which the search ends; 0 for the method's own rule", unit="count"),
    text("source", "`atlas`, a table of the atlas with or without one of its repeats, or `live`"),
    c.SEED,
    c.DERIVED,
    c.INCUMBENT,
    text("stopped", "why the search ended"),
    whole("steps", "steps of the search", unit="count"),
    *c.COUNTS,
    Column("seconds", "what its evaluations took, or would have taken", unit="s", lowest=0, missing=True),
    c.ENTROPY,
    *c.accuracies("derived"),
)
_SWITCHES = (
    c.METHOD,
    text("step", "what was changed last on the way from `as printed` over `released` to `teg`"),
    text("atlas", "the table of the atlas whose first repeat is looked up"),
    c.SEED,
    c.DERIVED,
    c.INCUMBENT,
    c.ENTROPY,
    *c.accuracies("derived", "incumbent"),
)

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "tegnas",
            "indicators",
            "each architecture and repeat",
            (*c.KEY, *c.HOW_IT_WENT),
            (*c.INDICATORS, *c.RIVAL_COLUMNS, *c.KERNELS, *c.CONTROLS, *c.READINGS),
        ),
        Kind(
            "tegnas-search",
            "histories of searches",
            "each evaluation",
            (c.SEED, c.STEP, c.VISITED, c.REWARD, c.ENTROPY, c.DIVERSITY, c.SECONDS, *c.COUNTS),
            (*c.INDICATORS, *(column for column in c.RIVAL_COLUMNS if column.name == "naswot"), c.TRAINED),
        ),
        Kind(
            "tegnas-spawn",
            "spawned searches",
            "each evaluation",
            (c.SEED, *c.SPAWNED, c.STEP, c.VISITED, *c.INDICATORS, c.SECONDS, c.REWARD, c.ENTROPY, c.POLICY),
        ),
        Kind("tegnas-study", "searches of Tables 2 and 5", "each search", _STUDY),
        Kind(
            "tegnas-search-switches",
            "searches from the paper's text to `teg`",
            "each search",
            _SWITCHES,
        ),
        Kind("tegnas-label-path", "regressions by size", "each class, batch, size and ridge", _LABEL_PATH),
        Kind("tegnas-epoch-cost", "times of evaluations and epochs", "each cell", _EPOCH_COST),
        Kind("tegnas-zoo", "learning curves", "each network and epoch", t.ZOO),
        Kind(
            "tegnas-zoo-little",
            "indicators of networks trained a little",
            "each cell and epoch",
            t.TRAINED_A_LITTLE,
        ),
        Kind(
            "tegnas-weight-sharing",
            "weight sharing",
            "each run and epoch, or judged cell",
            t.SHARING,
            t.SHARING_MORE,
        ),
        Kind("quoted/table-2.csv", "the paper's Table 2", "each row of the paper's table", q.TABLE_2),
        Kind("quoted/table-3.csv", "the paper's Table 3", "each row of the paper's table", q.TABLE_3),
        Kind("quoted/table-4.csv", "the paper's Table 4", "each row of the paper's table", q.TABLE_4),
        Kind("quoted/table-5.csv", "the paper's Table 5", "each row of the paper's table", q.TABLE_5),
    )
}
