"""From an architecture to its known accuracy: one `Benchmark` value, several loaders, the same columns from each.

>>> cell = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"  # no way from its input to its output
>>> float(load_benchmark("analog").accuracy("cifar10")[cell])
10.0

Every source is treated as hostile until it has been read; see `storage.unpickling`.
"""

from tegnas_study.data.benchmark.sources import BenchmarkSource as BenchmarkSource
from tegnas_study.data.benchmark.sources import convert_benchmark as convert_benchmark
from tegnas_study.data.benchmark.sources import fault_of as fault_of
from tegnas_study.data.benchmark.sources import find_benchmarks as find_benchmarks
from tegnas_study.data.benchmark.sources import load_benchmark as load_benchmark
from tegnas_study.data.benchmark.value import Benchmark as Benchmark
