"""What the tables say: pure functions of tables, which return a table or an estimate; none needs torch.

`subsets` says which architectures a number is about, and `verdicts` whether a claim holds. Then there is one
file for each question: `whole_space` (paper Fig. 1), `train_test` (its claim about training and test accuracy),
`repeats` (how far the draw of weights matters), `exclusive` (Fig. 2), `none_study` (Fig. 3), `regression_error`
(what it measures), `rivals` (is anything better), `choices` (how much settings and images matter), `reliability`
(how many repeats are enough), `normal_cell_bug` (what a mistake of the released code moves), and `switches` with
`batches` (which choice a number is due to). The rooms
`searches` and `landscapes` are about searches and about what lies between architectures. `report` runs the
analyses that need accuracies which a fresh machine lacks, and `records` keeps what comes out. How sure a number
is, `tables.bootstrap` says.
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
