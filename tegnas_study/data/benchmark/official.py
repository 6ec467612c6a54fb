"""The official releases: a `.pth` file for the package ``nas-bench-201``, a folder for ``nats-bench``.

Both packages hand files to `torch.load` or `pickle` themselves. Here the files are read first, in the
restricted way, and the packages get plain dictionaries; their classes then answer (see `trials`).
Sources: Dong & Yang, NAS-Bench-201 (ICLR 2020); Dong et al., NATS-Bench (TPAMI 2021).
"""

import bz2
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark.pickles import DAMAGED, load_restricted, plain_stand_ins, refusal
from tegnas_study.data.benchmark.trials import measurements
from tegnas_study.data.benchmark.value import Benchmark, checked_table

NAS_BENCH_201_NAME = "NAS-Bench-201-v1_1-096897.pth"
NATS_BENCH_NAME = "NATS-tss-v1_0-3ffb9-simple"

_PROTOCOL = "trained for 200 epochs, mean over the benchmark's seeds; 12-epoch columns from its 12-epoch run"
_MAX_BYTES = 64 * 2**20  # of one unpacked NATS-Bench pickle

States = Iterator[tuple[object, Mapping[str, object]]]  # index, {"12": state, "200": state}


def load_nas_bench_201(path: Path) -> Benchmark:
    """Read the official NAS-Bench-201 file: convert it once, it is slow and large.

    PyTorch's restricted unpickler is plain Python, about 0.7 seconds a megabyte: some 25 minutes for the
    official 2 GB, and several gigabytes of memory.

    Raises:
        TegnasError: When the file holds anything but plain data, is damaged, or has another layout.
    """
    from nas_201_api import ArchResults, ResultsCount

    what = f"the NAS-Bench-201 file {path.name}"
    archive = _load_torch(path, what)
    names, infos = _entry(archive, "meta_archs", list, what), _entry(archive, "arch2infos", dict, what)

    def states() -> States:
        for index in list(infos):
            info = infos.pop(index)  # popped: what has been read need not stay in memory
            yield index, {"12": _entry(info, "less", dict, what), "200": _entry(info, "full", dict, what)}

    table = _table(states(), len(infos), names, (ArchResults, ResultsCount), what)
    description = f"NAS-Bench-201 ({path.name}, package nas-bench-201): {_PROTOCOL}"
    return Benchmark("nas-bench-201", description, table)


def load_nats_bench(folder: Path) -> Benchmark:
    """Read a NATS-Bench folder: `meta.pickle.pbz2` and one such file an architecture, about 20 ms each.

    Raises:
        TegnasError: When a file holds anything but plain data, is damaged, or has another layout.
    """
    from nats_bench import ArchResults, ResultsCount

    what = f"the NATS-Bench folder {folder.name}"
    names = _entry(_load_pbz2(folder / "meta.pickle.pbz2"), "meta_archs", list, what)
    files = sorted(file for file in folder.iterdir() if re.fullmatch(r"\d{1,6}\.pickle\.pbz2", file.name))

    def states() -> States:
        for file in files:
            state = _load_pbz2(file)
            yield int(file.name.split(".")[0]), state if isinstance(state, dict) else {"200": state}

    table = _table(states(), len(files), names, (ArchResults, ResultsCount), what)
    description = f"NATS-Bench, topology space ({folder.name}, package nats-bench): {_PROTOCOL}"
    return Benchmark("nats-bench", description, table)


def _load_torch(path: Path, what: str) -> object:
    """Load with PyTorch's own restricted unpickler, and our stand-ins for NumPy's scalars."""
    import torch

    stand_ins = plain_stand_ins()
    safe = [
        (stand_in, f"{module}.{name}") for (module, name), stand_in in stand_ins.items() if module != "collections"
    ]
    try:
        with torch.serialization.safe_globals(safe), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of an unusual pickle: it loads, or is refused below
            # said explicitly: an environment variable can turn the default back to plain pickle, but not this
            return torch.load(path, map_location="cpu", weights_only=True)
    except (*DAMAGED, RuntimeError, OSError, AssertionError) as error:
        asked = re.search(r"GLOBAL (\S+)", str(error))
        if asked:
            raise TegnasError(refusal(what, asked[1])) from error
        raise TegnasError(f"{what} is damaged or not plain data ({type(error).__name__})") from error


def _load_pbz2(path: Path) -> object:
    try:
        with bz2.open(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise TegnasError(
            f"the folder {path.parent.name} has no {path.name}, so it is no {NATS_BENCH_NAME}"
        ) from error
    except (OSError, EOFError) as error:
        raise TegnasError(f"{path.name} is damaged or not packed with bz2 ({type(error).__name__})") from error
    if len(data) > _MAX_BYTES:
        raise TegnasError(f"{path.name} unpacks to more than the {_MAX_BYTES:,} bytes one file may have")
    return load_restricted(data, plain_stand_ins(), what=path.name)


def _entry(container: object, key: str, kind: type, what: str) -> Any:
    value = container.get(key) if isinstance(container, dict) else None
    if not isinstance(value, kind):
        raise TegnasError(f"{what} has no {key} where the official layout has a {kind.__name__}")
    return value


def _table(states: States, n: int, names: list, classes: tuple[type, type], what: str) -> pd.DataFrame:
    rows = {}
    for index, state in tqdm(states, total=n, unit=" architectures", disable=None):
        if not isinstance(index, int) or not 0 <= index < len(names):
            raise TegnasError(f"{what} has an architecture {str(index)[:60]!r} that meta_archs does not list")
        try:
            rows[index] = {"architecture": names[index], **measurements(state, classes)}
        except TegnasError as error:
            raise TegnasError(f"{what}: architecture {index}: {error}") from error
    return checked_table(pd.DataFrame.from_dict(rows, orient="index"), what=what)
