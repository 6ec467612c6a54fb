"""A search that costs milliseconds an evaluation, as a command, for tests that kill it."""

import hashlib
import sys
import time
from pathlib import Path

from tegnas_study.experiments import run
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.searches import run_searches

REQUEST = make_request("evolution", sizes={"population_size": 16, "tournament_size": 4}, steps=60)


def numbers(architecture: object) -> dict[str, float | str]:
    """Numbers that depend on the architecture alone and use every bit."""
    digest = hashlib.blake2b(str(architecture).encode()).digest()
    names = ("condition_number", "linear_regions", "regression_error")
    values = {name: int.from_bytes(digest[8 * i : 8 * i + 8]) / 2**64 for i, name in enumerate(names)}
    return {**values, "seconds": 0.0, "status": "ok"}


def search(out: Path, *, pause: float = 0.0, log: Path | None = None, resume: bool = False) -> None:
    """Search with two seeds, slowly, and note in the log what is evaluated."""

    def make_source(request, *, seed, device):
        def evaluate(architecture):
            if log is not None:
                with log.open("a") as file:
                    file.write(f"{seed} {architecture}\n")
            time.sleep(pause)
            return numbers(architecture)

        return evaluate

    real, run.make_source = run.make_source, make_source
    try:
        run_searches(REQUEST, range(2), out=out, resume=resume, command="tegnas search")
    finally:
        run.make_source = real


def main() -> None:
    """``search_fakes.py OUT LOG PAUSE [MOMENT]``: resumes if there is something to go on with."""
    from sweep_fakes import die_at

    out, log, pause, *moment = sys.argv[1:]
    if moment:
        die_at(moment[0])
    resume = Path(f"{out}.journal").exists()
    search(Path(out), pause=float(pause), log=Path(log), resume=resume)


if __name__ == "__main__":
    main()
