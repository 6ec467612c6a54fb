"""The contracts of the columns of what this study computed: names, meanings, units and ranges."""

import math

from tegnas_core.indicators.measured import STATUSES
from tegnas_core.indicators.names import RIVALS, TEG
from tegnas_study.catalogue.column import Column, error, percent, text, whole

# Sweeps: one row for each architecture and repeat

KEY = (
    text(
        "architecture",
        'the string that was asked for; settings with `equivalence="shared-weights"`, the default, evaluate the '
        "plainest member of its class",
    ),
    text(
        "space",
        "search space; `darts+normal_cell_bug` has the wrong normal cells of the released code",
        values=("nas-bench-201", "darts", "darts+normal_cell_bug"),
    ),
    text("settings", "name of a preset, what differs from it, and a hash of all settings"),
    text("images", "name of the image source"),
    whole("seed", "what everything random follows from", lowest=None),
    whole("repeat", "number of the draw of weights, which also draws the batch where the settings say so"),
)
HOW_IT_WENT = (
    text("status", "whether κ, R and MSE, or the rivals, could be computed", values=STATUSES),
    Column(
        "seconds",
        "time of the row on one thread of a busy machine, which is a hint and no benchmark",
        unit="s",
        lowest=0,
        missing=True,
    ),
)
INDICATORS = (
    Column(
        "condition_number",
        "κ = λ_max / λ_min of the neural tangent kernel",
        lowest=1,
        failed=math.inf,
    ),
    Column(
        "linear_regions",
        "R, the number of different activation patterns among 3,000 crops; nan when it failed",
        unit="count",
        lowest=1,
        highest=3000,
        missing=True,
    ),
    Column(
        "regression_error",
        "MSE, mean squared error of the kernel regression on held-out images",
        lowest=0,
        failed=math.inf,
    ),
)
_RIVAL_UNITS = {"snip": "loss", "grad_norm": "loss per weight"}
RIVAL_COLUMNS = tuple(
    Column(name, f"{rival.meaning} ({rival.source})", unit=_RIVAL_UNITS.get(name, ""), failed=-math.inf)
    for name, rival in RIVALS.items()
)
_KERNELS = {"kernel": "the kernel of κ", "regression_kernel": "the kernel that the regression uses"}
_NUMBERS = {"largest": "λ_max", "mean": "mean entry", "smallest": "λ_min", "trace": "trace"}
KERNELS = tuple(
    Column(
        f"{kernel}_{number}",
        f"{what} of {of}; nan in rows that are older than the column",
        unit="squared gradient",
        lowest=None if number in ("smallest", "mean") else 0,  # near zero, rounding has either sign
        missing=True,
    )
    for kernel, of in _KERNELS.items()
    for number, what in _NUMBERS.items()
)
_RIDGES = ("0.01", "0.1", "1")
CONTROLS = (
    Column("control_alignment", "mean ⟨ŷ, y⟩, the part of the error that knows the held-out labels", missing=True),
    error("control_kappa_cells", "condition number of the kernel that the regression uses", lowest=1),
    error("control_last", "the error of the last layer's kernel, computed by pseudo-inverse"),
    Column("control_lga", "label-gradient alignment of the kernel", lowest=-1, highest=1, missing=True),
    error("control_norm", "mean ‖ŷ‖², the part of the error that knows no held-out label"),
    error("control_permuted", "the error with permuted training labels, mean of five draws"),
    error("control_random", "the error with random training labels, mean of five draws"),
    *(error(f"control_ridge_{ridge}", f"the error with ridge {ridge}") for ridge in _RIDGES),
    *(
        error(f"control_permuted_ridge_{ridge}", f"the error with permuted labels and ridge {ridge}")
        for ridge in _RIDGES
    ),
)
_READINGS = {
    "cholesky": "by Cholesky's method",
    "float64": "computed in 64 bits throughout",
    "validation": "computed on the images that `teg` holds out",
}
READINGS = tuple(
    error(
        f"{reading}_{name}",
        f"{TEG[name].symbol} of the same network, {how}; nan where it was not computed",
        lowest=lowest,
    )
    for reading, how in _READINGS.items()
    for name, lowest in (("condition_number", 1.0), ("regression_error", 0.0))
)

# Searches

SEED = whole("seed", "seed of the search", lowest=None)
STEP = whole("step", "step of the search")
VISITED = text("architecture", "the architecture or, for TE-NAS, the supernet that was evaluated")
REWARD = Column("reward", "what the search took the evaluation for; nan where it takes none", missing=True)
ENTROPY = Column(
    "entropy", "entropy of the policy after the step; nan without a policy", unit="nat", lowest=0, missing=True
)
SECONDS = Column(
    "seconds", "time of the evaluation; nan where none was measured", unit="s", lowest=0, missing=True
)
DIVERSITY = Column(
    "diversity",
    "decisions in which two members of the population differ on average; nan without a population",
    unit="decisions",
    lowest=0,
    missing=True,
)
COUNTS = (
    whole("evaluations", "evaluations up to and with this row", unit="count"),
    whole("unique", "different architectures among them", unit="count"),
)
TRAINED = percent("accuracy", "validation accuracy after one epoch of training")
METHODS = ("evolution", "fp-nas", "local", "naswot", "random", "reinforce", "te-nas")
METHOD = text("method", "method of search", values=METHODS)
DERIVED = text("derived", "the architecture that the search returns")
INCUMBENT = text("incumbent", "the best architecture that it evaluated")


def accuracies(*results: str, benchmark: str = "the benchmark's") -> tuple[Column, ...]:
    """Return the columns of the accuracies that found architectures are known to reach."""
    return tuple(
        percent(f"{result} {images} {split}", f"{benchmark} {_SPLITS[split]} accuracy of `{result}` on {images}")
        for images in ("cifar10", "cifar100", "ImageNet16-120")
        for split in ("test", "valid")
        for result in results
    )


_SPLITS = {"test": "test", "valid": "validation"}
SPAWNED = (
    whole("at", "step at which the search was spawned; for `trunk` its last"),
    text(
        "part",
        "whose row it is: the parent on its way (`trunk`), what it derives where it is spawned (`parent`), a "
        "child on its way (`child`), what a child derives (`end`), what lies between the two ends (`path`)",
        values=("trunk", "parent", "child", "end", "path"),
    ),
    whole("number", "number of the child, or of the order in which edges are changed on a `path`"),
)
POLICY = Column(
    "mean",
    "mean one-hot code of the policy, on every 25th step; empty on the others",
    "vector",
    lowest=0,
    highest=1,
    missing=True,
)
