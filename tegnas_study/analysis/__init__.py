"""What the tables say: pure functions of the atlas and of accuracies, a table or an estimate out; no torch.

`subsets` says which architectures are meant, `resampling` how sure a number is. Then one file a question:
`whole_space` (paper Fig. 1), `train_test` (its claim about training and test accuracy), `repeats` (how far the
draw of weights matters), `exclusive` (Fig. 2), `none_study` (Fig. 3), `regression_error` (what it measures),
`rivals` (is anything better), `choices` (how much settings and images matter) and `reliability` (how many repeats
are enough). `report` runs them with accuracies that a fresh machine lacks, and `records` keeps what came out.
"""

from tegnas_study.analysis.exclusive import exclusive_sets as exclusive_sets
from tegnas_study.analysis.none_study import none_pairs as none_pairs
from tegnas_study.analysis.records import read_record as read_record
from tegnas_study.analysis.subsets import subset as subset
from tegnas_study.analysis.subsets import with_predictors as with_predictors
from tegnas_study.analysis.verdicts import verdict as verdict
from tegnas_study.tables.bootstrap import Bootstrap as Bootstrap
from tegnas_study.tables.bootstrap import Estimate as Estimate
from tegnas_study.tables.bootstrap import bootstrap as bootstrap
