"""Every computation of the book exists, takes the arguments it is given, and is needed."""

import inspect

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.ledger.claim import Computation, read_claims
from tegnas_study.ledger.registry import COMPUTATIONS, compute
from tegnas_study.ledger.sources import Sources

USED = [(c.id, name, part.computation) for c in read_claims() for name, part in c.parts.items()]


@pytest.mark.parametrize("computation", [pytest.param(c, id=f"{i}-{name}") for i, name, c in USED])
def test_a_claim_names_a_computation_and_its_arguments(computation):
    inspect.signature(COMPUTATIONS[computation.name]).bind(Sources(), **computation.arguments)


def test_no_computation_is_left_over():
    assert {computation.name for _, _, computation in USED} == set(COMPUTATIONS)


@pytest.mark.parametrize(
    "name, arguments, told",
    [
        ("guess", {}, "there is no computation 'guess'; there are agreement, "),
        (
            "cost_ratio",
            {"way": "plain", "at": 3},
            "the computation cost_ratio: got an unexpected keyword argument 'at'",
        ),
        ("te_nas_gap", {}, "the computation te_nas_gap: missing a required argument: 'accuracy'"),
    ],
)
def test_what_cannot_be_computed_is_told(name, arguments, told):
    with pytest.raises(TegnasError, match=told):
        compute(Computation(name=name, arguments=arguments), Sources())
