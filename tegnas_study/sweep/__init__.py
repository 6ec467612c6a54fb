"""Many architectures → one Parquet file that survives whatever happens while it is made.

`run_sweep` hands tasks, pairs (architecture string, repeat), to worker processes (`workers`) or to a Dask
cluster (`cluster`). Every finished row is committed to a journal beside the output before the run goes on
(`store`); the Parquet file is only ever replaced as a whole (`output`), by the one writer that holds the lock.
Numbers depend on the key of a row and on nothing else: not on workers, order or interruptions.
"""

from tegnas_study.sweep.output import read_provenance as read_provenance
from tegnas_study.sweep.output import read_sweep as read_sweep
from tegnas_study.sweep.rows import KEY as KEY
from tegnas_study.sweep.rows import Sweep as Sweep
from tegnas_study.sweep.run import Summary as Summary
from tegnas_study.sweep.run import SweepInterrupted as SweepInterrupted
from tegnas_study.sweep.run import run_sweep as run_sweep
from tegnas_study.sweep.selection import make_tasks as make_tasks
from tegnas_study.sweep.selection import select_architectures as select_architectures
from tegnas_study.sweep.taking_over import take_over as take_over
