"""Search spaces: sets of architectures with a neighbourhood and a metric."""

from tegnas_core.spaces.base import FactorisedSpace as FactorisedSpace
from tegnas_core.spaces.base import SearchSpace as SearchSpace
from tegnas_core.spaces.darts import Darts as Darts
from tegnas_core.spaces.named_genotypes import NAMED as NAMED
from tegnas_core.spaces.named_genotypes import parse_genotype as parse_genotype
from tegnas_core.spaces.nasbench201 import NASBench201 as NASBench201
from tegnas_core.spaces.toy import BitString as BitString
from tegnas_core.spaces.toy import Toy as Toy
