"""Do the published genotypes have the sizes that the paper's Tables 3 and 4 print for them?"""

import pandas as pd

from tegnas_core.spaces.named_genotypes import NAMED
from tegnas_study.data.quoted import fits, quoted_table
from tegnas_study.tables.darts_sizes import genotype_sizes

ROWS = {
    "table-3": {
        "DARTS (1st)": "DARTS_V1",
        "TE-NAS": "TENAS_CIFAR10",
        "REINFORCE + TEG": "TEGNAS_RL",
        "Evolution + TEG": "TEGNAS_EVOLUTION",
        "FP-NAS + TEG": "TEGNAS_PROBNAS",
    },
    "table-4": {
        "DARTS (2nd)": "DARTS_V2",
        "TE-NAS": "TENAS_CIFAR10",
        "REINFORCE + TEG": "TEGNAS_RL",
        "Evolution + TEG": "TEGNAS_EVOLUTION",
        "FP-NAS + TEG": "TEGNAS_PROBNAS",
    },
}
"""Table → its row → the published genotype that it should be about; Table 4's TE-NAS was searched on CIFAR-10."""

_COUNTED = {"table-3": "parameters", "table-4": "imagenet_parameters"}


def beside_paper() -> pd.DataFrame:
    """Return the counted and the printed size of every row that has a published genotype.

    Returns:
        Columns table, row, genotype, counted and printed (millions of parameters), fits (equal as far as printed).
    """
    sizes, found = genotype_sizes(NAMED), []
    for table, rows in ROWS.items():
        printed = quoted_table(table).set_index("row")["parameters"]
        for row, name in rows.items():
            counted = sizes.loc[name, _COUNTED[table]]
            found.append((table, row, name, counted, printed[row], fits(counted, printed[row])))
    return pd.DataFrame(found, columns=["table", "row", "genotype", "counted", "printed", "fits"])
