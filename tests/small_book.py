"""A book of two pages with one of everything: equation, figure, glued number, citation, exercise."""

import shutil
from pathlib import Path

import jupytext

ROOT = Path(__file__).resolve().parent.parent

TOC = """\
format: jb-book
root: intro
parts:
  - caption: Chapters
    numbered: true
    chapters:
      - file: notebooks/01_small
"""

INTRO = """\
# A small book

See {ref}`ch-small`, {eq}`eq-small`, {numref}`fig-small` and {cite:t}`kendall1938`; the mean is
{glue:text}`notebooks/01_small.ipynb::mean:.2f`.

| one | two | three | four | five | six |
|---|---|---|---|---|---|
| a_name_that_cannot_be_broken | a_name_that_cannot_be_broken | a_name_that_cannot_be_broken | 4 | 5 | 6 |

```{bibliography}
```
"""

SCRIPT = r"""
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# (ch-small)=
# # A small chapter
#
# The word to search for is ornithorhynchus.
#
# $$
# \kappa = \frac{\lambda_{\max}}{\lambda_{\min}} + \text{a tail too long for the narrow window of a phone}
# $$ (eq-small)

# %% tags=["parameters"]
n_points: int = 10  # how many points to draw

# %%
import sys

import matplotlib.pyplot as plt
import numpy as np
from myst_nb import glue

from tegnas_study.data.quoted import quoted_table

assert len(quoted_table("table-5")) == 8
values = np.random.default_rng(0).normal(size=n_points)
glue("mean", float(values.mean()), display=False)
print("progress", file=sys.stderr)

# %% mystnb={"figure": {"caption": "Some points.", "name": "fig-small"}, "image": {"alt": "Ten points."}}
plt.plot(values)
plt.show()

# %%
print("wide " * 100)

# %% [markdown]
# The mean is {glue:text}`mean:.2f`.
#
# ```{exercise}
# :label: ex-small
# Is it zero?
# ```
#
# ```{solution} ex-small
# :class: dropdown
# Nearly.
# ```
"""


def write_notebook(folder: Path) -> Path:
    """Write the chapter's notebook, not executed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "01_small.ipynb"
    jupytext.write(jupytext.reads(SCRIPT.lstrip(), fmt="py:percent"), path)
    return path


def write_book(root: Path, *, intro: str = INTRO) -> None:
    """Write everything but the executed notebook, with the real book's configuration and style."""
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    shutil.copy(ROOT / "book" / "references.bib", root / "book")
    (root / "book" / "_toc.yml").write_text(TOC, encoding="utf-8")
    (root / "book" / "intro.md").write_text(intro, encoding="utf-8")
