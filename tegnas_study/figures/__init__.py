"""One function for each figure: it takes a table or values and returns a Matplotlib figure.

No result is computed here. `style` holds width, colours and words; every other file draws one kind of thing.
"""

from tegnas_study.figures.cells import cell as cell
from tegnas_study.figures.cells import cells as cells
from tegnas_study.figures.cells import skeleton as skeleton
from tegnas_study.figures.correlation import agreement_intervals as agreement_intervals
from tegnas_study.figures.correlation import indicators_against_accuracy as indicators_against_accuracy
from tegnas_study.figures.cost import speedups as speedups
from tegnas_study.figures.cost import where_time_goes as where_time_goes
from tegnas_study.figures.distributions import accuracy_by_group as accuracy_by_group
from tegnas_study.figures.genotypes import genotype as genotype
from tegnas_study.figures.genotypes import genotype_in_words as genotype_in_words
from tegnas_study.figures.genotypes import genotypes as genotypes
from tegnas_study.figures.genotypes import two_cells as two_cells
from tegnas_study.figures.indicators import errors_beside_trivial as errors_beside_trivial
from tegnas_study.figures.indicators import learning_curves as learning_curves
from tegnas_study.figures.indicators import plane_regions as plane_regions
from tegnas_study.figures.indicators import spectrum as spectrum
from tegnas_study.figures.space import accuracy_histogram as accuracy_histogram
from tegnas_study.figures.space import class_counts as class_counts
