"""What a search can be asked for, for the command line and for requests; this file imports nothing heavy."""

from typing import Literal, get_args

MethodName = Literal["reinforce", "evolution", "fp-nas", "te-nas", "random", "naswot", "local"]
PresetName = Literal["teg", "paper", "released"]
SpaceName = Literal["nas-bench-201", "darts"]
SourceName = Literal["atlas", "live"]
Dataset = Literal["cifar10", "cifar100", "ImageNet16-120"]

METHODS: tuple[str, ...] = get_args(MethodName)
PRESETS: tuple[str, ...] = get_args(PresetName)
SOURCES: tuple[str, ...] = get_args(SourceName)
DATASETS: tuple[str, ...] = get_args(Dataset)
