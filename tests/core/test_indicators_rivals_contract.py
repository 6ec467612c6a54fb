"""What every rival promises, through the evaluator."""

import math

import pytest
import torch
from contracts.indicator import IndicatorContract
from small_source import small_settings, small_source
from torch import nn

from tegnas_core.indicators import INDICATORS, RIVALS, STRUCTURAL, TEG, rivals
from tegnas_core.indicators.rivals import grad_norm, jacob_cov, log_synflow, naswot, snip
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

NAN, TWINS = torch.full((4, 4), math.nan), torch.eye(4)[[0, 1, 1, 2]] > 0
FAILURES = {
    "naswot": [(lambda: naswot([TWINS]), "singular"), (lambda: naswot([]), "singular")],
    "jacob_cov": [
        (lambda: jacob_cov(NAN), "not_finite"),
        (lambda: jacob_cov(torch.zeros(4, 4)), "singular"),
        (lambda: jacob_cov(torch.ones(4, 4)), "singular"),
    ],
    "grad_norm": [(lambda: grad_norm([NAN]), "not_finite"), (lambda: grad_norm([NAN / 0]), "not_finite")],
    "snip": [(lambda: snip([NAN], [NAN]), "not_finite"), (lambda: snip([NAN], [torch.ones(4, 4)]), "not_finite")],
    "log_synflow": [
        (lambda: log_synflow(constant_network(0.0), (1, 1, 1)), "disconnected"),
        (lambda: log_synflow(constant_network(math.inf), (1, 1, 1)), "not_finite"),
    ],
    "label_gradient_alignment": [],
    "swap": [(lambda: rivals.swap([]), "singular")],
    "meco": [(lambda: rivals.meco(nn.Conv2d(1, 2, 1), torch.full((1, 1, 4, 4), math.inf)), "not_finite")],
    "az_expressivity": [(lambda: rivals.az_expressivity([math.nan, 1.0]), "not_finite")],
    "az_progressivity": [(lambda: rivals.az_progressivity([math.nan, 1.0]), "not_finite")],
    "az_trainability": [],
    "zico": [
        (lambda: rivals.zico([torch.ones(2)], [torch.ones(2)]), "singular"),
        (lambda: rivals.zico([NAN], [torch.ones(4, 4)]), "not_finite"),
    ],
    "zen": [],
    "epe_nas": [
        (lambda: rivals.epe_nas(NAN, torch.zeros(4), 4), "not_finite"),
        (lambda: rivals.epe_nas(torch.eye(4), torch.arange(4), 4), "singular"),
        (lambda: rivals.epe_nas(torch.ones(4, 4), torch.zeros(4), 4), "singular"),
    ],
    "plain": [(lambda: rivals.plain([NAN], [torch.ones(4, 4)]), "not_finite")],
    "l2_norm": [(lambda: rivals.l2_norm([NAN]), "not_finite")],
    "fisher": [(lambda: rivals.fisher(constant_network(math.nan), *ONE), "not_finite")],
    "grasp": [(lambda: rivals.grasp(constant_network(math.nan), *ONE), "not_finite")],
    "ntk_trace": [(lambda: rivals.ntk_trace(NAN), "not_finite")],
    "ntk_mean": [(lambda: rivals.ntk_mean(NAN), "not_finite")],
}
ONE = torch.ones(1, 1, 1, 1), torch.zeros(1, dtype=torch.long)


def constant_network(value: float) -> nn.Module:
    network = nn.Sequential(nn.Flatten(), nn.Linear(1, 2, bias=False))
    network[1].weight.data.fill_(value)
    return network


@pytest.fixture(scope="module")
def source():
    return small_source()


class RivalContract(IndicatorContract):
    """Every rival through the evaluator."""

    @pytest.fixture
    def measure(self, source):
        def measure(seed: int):
            # of eight images there are 256 patterns only, and every network shows nearly all of them
            settings = small_settings(batch_size=24)
            evaluator = RivalEvaluator(settings, source, seed=seed, names=(self.name,))
            found = evaluator.evaluate_repeat(Architecture.parse(EXAMPLE), 0)
            return found.values[self.name], found.status

        return measure

    @pytest.fixture
    def failures(self):
        return FAILURES[self.name]


class TestNaswot(RivalContract):
    name = "naswot"


class TestJacobCov(RivalContract):
    name = "jacob_cov"


class TestGradNorm(RivalContract):
    name = "grad_norm"


class TestSnip(RivalContract):
    name = "snip"


class TestLogSynflow(RivalContract):
    name = "log_synflow"


class TestLabelGradientAlignment(RivalContract):
    name = "label_gradient_alignment"


class TestSwap(RivalContract):
    name = "swap"


class TestMeco(RivalContract):
    name = "meco"


class TestAzExpressivity(RivalContract):
    name = "az_expressivity"


class TestAzProgressivity(RivalContract):
    name = "az_progressivity"


class TestAzTrainability(RivalContract):
    name = "az_trainability"


class TestZico(RivalContract):
    name = "zico"


class TestZen(RivalContract):
    name = "zen"


class TestEpeNas(RivalContract):
    name = "epe_nas"


class TestPlain(RivalContract):
    name = "plain"


class TestL2Norm(RivalContract):
    name = "l2_norm"


class TestFisher(RivalContract):
    name = "fisher"


class TestGrasp(RivalContract):
    name = "grasp"


class TestNtkTrace(RivalContract):
    name = "ntk_trace"


class TestNtkMean(RivalContract):
    name = "ntk_mean"


def test_every_rival_is_listed_and_has_its_contract():
    assert list(INDICATORS) == [*TEG, *STRUCTURAL, *RIVALS]
    assert {c.name for c in RivalContract.__subclasses__()} == {*RIVALS} == {*FAILURES}
    assert all(entry.name == name for name, entry in INDICATORS.items())
    assert all(entry.higher_is_better for entry in (*STRUCTURAL.values(), *RIVALS.values()))
