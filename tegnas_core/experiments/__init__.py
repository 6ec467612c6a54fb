"""Searches as experiments: a method, a space, where values come from, and seeds in; histories, tables, files out.

`search` knows methods only and `analysis` tables only; what brings both together with images, the atlas and the
benchmark is here.
"""

from tegnas_core.experiments.request import SearchRequest as SearchRequest
from tegnas_core.experiments.run import run_search as run_search
