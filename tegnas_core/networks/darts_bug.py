"""The normal cell that the released code evaluates in place of the genotype's own.

Its search network is a supernet under a mask: a row of eight numbers for each of the 14 edges of either cell, 0
for the chosen operation and −1000 elsewhere, and −1000 throughout on an edge that the genotype does not have. An
operation's weight is its share in the softmax of the row; what has at most 0.01 is left out. Since the softmax of
an absent edge's row is 1/8 for every operation, the code asks beforehand whether the edge is off, and for normal
cells too it asks the mask of the *reduction* cell. (Its ancestor, TE-NAS, asks the right one.) So in a normal cell

* an edge that only the normal cell has is left out, the intended operation with it;
* an edge that only the reduction cell has runs all eight operations, each times 1/8;
* an edge that both have is right.

The reduction cell is not affected. An edge with the chosen operation ``none`` is on. Where a node reads one source
twice, the mask holds what `spaces.darts_edges.resolve_duplicates` says.
"""

from tegnas_core.networks.proxy import Entry
from tegnas_core.spaces.darts_edges import edges_of, resolve_duplicates
from tegnas_core.spaces.genotype import OPERATIONS, Genotype


def wrong_normal_cell(genotype: Genotype) -> tuple[Entry, ...]:
    """Return what the released code's normal cell computes; ``none`` adds nothing and is left out."""
    masks = resolve_duplicates(genotype)
    intended = edges_of(masks.normal)
    entries = []
    for edge in edges_of(masks.reduce):
        if edge in intended:
            entries.append(Entry(*edge, intended[edge]))
        else:
            entries += [Entry(*edge, operation, 1 / len(OPERATIONS)) for operation in OPERATIONS]
    return tuple(entry for entry in entries if entry.operation != "none")
