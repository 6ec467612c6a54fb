"""A network from outside is scored as `evaluate_module` scores it, once for every draw of its weights."""

import math
from functools import partial

import pytest
import torch
from small_source import small_source
from torch import nn

from tegnas_core import evaluate_module, make_settings
from tegnas_core.data.proxy_data import draw_proxy_data
from tegnas_core.errors import TegnasError
from tegnas_core.indicators import RIVALS, TEG
from tegnas_core.seeding import derive_seed
from tegnas_study.own_network import score as home
from tegnas_study.own_network.score import score_network


def make(n_classes: int) -> nn.Module:
    layers = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    return nn.Sequential(*layers, nn.Linear(4, n_classes))


@pytest.fixture(scope="module")
def source():
    return small_source()


@pytest.fixture
def score(source):
    return partial(score_network, source=source, batch_size=8, repeats=2, seed=3)


def test_a_repeat_is_what_evaluate_module_says_of_fresh_weights(source, score):
    found = score(make)
    settings = make_settings("teg", batch_size=8, region_images=1000, region_size=3)
    data = draw_proxy_data(source, settings, seed=3, index=0, device=torch.device("cpu"))
    for repeat in range(2):
        torch.manual_seed(derive_seed(3, "own network", repeat))
        expected = evaluate_module(
            make(source.n_classes),
            data.images,
            data.labels,
            data.held_out_images,
            data.held_out_labels,
            region_images=data.crops.repeat(1, 3, 1, 1),
            rivals=tuple(RIVALS),
            seed=3,
        )
        assert found.indicators["condition_number"].repeats[repeat].value == expected.condition_number
        assert found.indicators["linear_regions"].repeats[repeat].value == expected.linear_regions
        assert found.indicators["regression_error"].repeats[repeat].value == expected.regression_error
        assert {name: found.indicators[name].repeats[repeat] for name in RIVALS} == expected.rivals
    assert list(found.indicators) == [*TEG, *RIVALS] and len(found.seconds) == 2
    assert found.n_parameters == sum(p.numel() for p in make(source.n_classes).parameters())
    kappas = [m.value for m in found.indicators["condition_number"].repeats]
    assert (
        found.mean("condition_number") == pytest.approx(math.sqrt(kappas[0] * kappas[1])) and len({*kappas}) == 2
    )
    assert found.mean("snip") == pytest.approx(sum(m.value for m in found.indicators["snip"].repeats) / 2)


def test_the_same_seed_gives_the_same_score_and_torch_keeps_its_random_numbers(score):
    torch.manual_seed(0)
    first = score(make).indicators
    after = torch.rand(1)
    torch.manual_seed(0)
    assert torch.rand(1) == after
    assert score(make).indicators == first != score(make, seed=4).indicators


def test_what_is_not_defined_has_a_reason_and_no_mean(score):
    def plain(n_classes):
        return nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, n_classes))

    found = score(plain)
    regions = found.indicators["linear_regions"]
    assert regions.status == "undefined" and "3×3" in regions.reason and math.isnan(found.mean("linear_regions"))
    assert found.indicators["naswot"].reason == "no nn.ReLU module sees a map of features"
    assert found.indicators["condition_number"].status == "ok"

    def smooth(n_classes):
        return nn.Sequential(
            nn.Conv2d(3, 4, 1), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, n_classes)
        )

    regions = score(smooth).indicators["linear_regions"]
    assert (regions.status, regions.reason) == ("undefined", "no nn.ReLU module sees a map of features")


def test_a_module_that_a_factory_hands_out_again_stays_as_it_is(source, score):
    kept = make(source.n_classes)
    before = {name: tensor.clone() for name, tensor in kept.state_dict().items()}
    found = score(lambda n_classes: kept)
    assert kept.training and all(torch.equal(before[name], tensor) for name, tensor in kept.state_dict().items())
    first, second = found.indicators["condition_number"].repeats
    assert first == second and not found.are_fresh
    assert score(make).are_fresh and score(lambda n_classes: kept, repeats=1).are_fresh


def test_weights_that_cannot_be_differentiated_are_told(score):
    with pytest.raises(TegnasError, match=r"none of .* requires a gradient; call requires_grad_\(True\)"):
        score(lambda n_classes: make(n_classes).requires_grad_(False))
    with pytest.raises(TegnasError, match="lies on the meta device"):
        score(lambda n_classes: make(n_classes).to("meta"))


def test_sizes_classes_and_lazy_layers(source, score):
    seen = []

    class Net(nn.Module):
        def __init__(self, n_classes):
            super().__init__()
            self.head = nn.LazyLinear(n_classes)

        def forward(self, x):
            seen.append(tuple(x.shape))
            return self.head(x.flatten(1))

    n_more = source.n_classes + 3
    found = score(Net, size=20, n_classes=n_more)
    assert (8, 3, 20, 20) in seen and found.n_parameters == (1200 + 1) * n_more


class Wrong(nn.Module):
    """A module that takes its answer from outside."""

    def __init__(self, answer):
        super().__init__()
        self.weight, self.answer = nn.Parameter(torch.ones(1)), answer

    def forward(self, x):
        return self.answer(x, self.weight)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, w: x.reshape(7, -1), r"does not take images of shape \(8, 3, 16, 16\): RuntimeError: shape"),
        (lambda x, w: [x], "returns a list; it should return a tensor of logits"),
        (lambda x, w: x.flatten(1) * w, r"with shape \(8, 768\) and should answer with \(8, 4\)"),
        (lambda x, w: x.mean() * w, r"with shape \(1,\)"),
        (lambda x, w: x.flatten(1)[:, :4], "fails when it is differentiated: RuntimeError: element 0"),
        (lambda x, w: 1 / 0, "ZeroDivisionError: division by zero"),
    ],
)
def test_a_network_that_does_not_fit_is_one_line(score, answer, said):
    with pytest.raises(TegnasError, match=said) as caught:
        score(lambda n_classes: Wrong(answer))
    assert len(str(caught.value).splitlines()) == 1


def test_classes_that_are_too_few(score):
    with pytest.raises(TegnasError, match=r"3 classes are too few: .* has 4"):
        score(make, n_classes=3)


def test_a_network_without_parameters_or_one_that_cannot_be_copied(score):
    with pytest.raises(TegnasError, match="no parameters"):
        score(lambda n_classes: nn.Sequential(nn.AdaptiveAvgPool2d((2, 2)), nn.Flatten(), Cut(n_classes)))
    with pytest.raises(TegnasError, match="cannot be copied: TypeError"):
        score(lambda n_classes: Uncopied())


class Cut(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x[:, : self.n]


class Uncopied(nn.Module):
    def __deepcopy__(self, memo):
        raise TypeError("no")


def test_gradients_that_would_fill_the_memory_are_refused_with_a_batch_that_fits(score, monkeypatch):
    monkeypatch.setattr(home, "MOST_BYTES", 4000)
    with pytest.raises(TegnasError, match=r"the gradients of 0\.weight, 108 numbers, .* Try --batch-size 4"):
        score(make)
    monkeypatch.setattr(home, "MOST_BYTES", 2 * 4 * 108 * 4)
    assert score(make, batch_size=4).indicators["snip"].status == "ok"
