"""A made-up zoo, in which what orders the networks is known."""

import numpy as np
import pandas as pd


def made_up_curves(n: int = 24, *, noise: float = 0.1, seed: int = 0) -> pd.DataFrame:
    """Curves of n cells and n genotypes: the accuracy after e of 3 epochs is 10 e + quality + noise / e."""
    rng = np.random.default_rng(seed)
    rows = []
    for space in ("nas-bench-201", "darts"):
        for number in range(n):
            for run in range(2 if number % 2 else 1):
                for epoch in (1, 2, 3):
                    rows.append(
                        {
                            "space": space,
                            "architecture": f"{space} {number:02d}",
                            "group": "random" if number % 3 else "found",
                            "name": "",
                            "seed": run,
                            "parameters": 100 + number,
                            "full_parameters": 1000 - number,
                            "full_flops": 7,
                            "epoch": epoch,
                            "test_accuracy": 10 * epoch + number / n + noise * rng.normal() / epoch,
                            "cpu_seconds": 2.0,
                        }
                    )
    return pd.DataFrame(rows)


def made_up_theory(n: int = 24, *, noise: float = 2.0, seed: int = 0) -> pd.DataFrame:
    """κ, R and MSE of the cells, which know their quality but for noise."""
    rng = np.random.default_rng(seed)
    quality = np.arange(n) / n + noise * rng.normal(size=n)
    index = pd.Index([f"nas-bench-201 {number:02d}" for number in range(n)], name="architecture")
    values = {"condition_number": -quality, "linear_regions": quality, "regression_error": -quality}
    return pd.DataFrame(values, index=index)


def made_up_accuracies(n: int = 24) -> pd.Series:
    """The accuracy of the cells after full training."""
    return made_up_theory(n, noise=0.0)["linear_regions"]
