"""What a user types becomes a function that makes a network, or one line that says why not."""

import sys

import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_study.own_network.factory import find_factory, told

CODE = """
import sys

from torch import nn

print("code of others may print")


def plain():
    return nn.Linear(3, 2)


def named(num_classes):
    return nn.Linear(3, num_classes)


def other(*, n_classes=7):
    return nn.Linear(3, n_classes)


class Net(nn.Module):
    def __init__(self, num_classes=2):
        super().__init__()
        self.head = nn.Linear(3, num_classes)


module = plain()
text = "no function"


def wrong():
    return [1, 2]


def fails():
    raise KeyError("first line\\nsecond " + 400 * "x")


def leaves():
    sys.exit("bye")
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "nets_of_mine.py").write_text(CODE)
    (tmp_path / "broken_nets.py").write_text("import nothing_of_the_kind\n")
    (tmp_path / "leaving_nets.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "wrong_nets.py").write_text("def (:\n")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("nets_of_mine", None)


@pytest.mark.parametrize("module", ["nets_of_mine", "nets_of_mine.py", "./nets_of_mine.py"])
@pytest.mark.parametrize(("name", "outputs"), [("plain", 2), ("named", 5), ("other", 5)])
def test_a_function_of_a_module_or_a_file(place, capsys, module, name, outputs):
    made = find_factory(f"{module}:{name}")(5)
    assert made.out_features == outputs
    assert capsys.readouterr().out == ""
    assert not (place / "__pycache__").exists() and str(place) not in sys.path


def test_a_class_is_a_factory(place):
    assert find_factory("nets_of_mine.py:Net")(4).head.out_features == 4


def test_a_model_of_torchvision_has_no_trained_weights_and_the_classes():
    torch.manual_seed(0)
    first, second = (find_factory("squeezenet1_1")(4) for _ in range(2))
    assert first(torch.zeros(1, 3, 64, 64)).shape == (1, 4)
    assert not torch.equal(first.features[0].weight, second.features[0].weight)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resnet19", r"no classification model 'resnet19'; close ones are resnet1"),
        ("", "no classification model ''"),
        ("fcn_resnet50", "no classification model"),
        (":make", "is written MODULE:FACTORY"),
        ("nets_of_mine:", "is written MODULE:FACTORY"),
        ("no_such_module:make", "cannot import 'no_such_module': ModuleNotFoundError: No module named"),
        ("no_such.py:make", "cannot import 'no_such.py': FileNotFoundError: there is no such file"),
        (".relative:make", "cannot import '.relative': "),
        ("broken_nets:make", "No module named 'nothing_of_the_kind'"),
        ("leaving_nets:make", "cannot import 'leaving_nets': SystemExit: 0"),
        ("wrong_nets.py:make", "cannot import 'wrong_nets.py': SyntaxError: "),
        ("nets_of_mine.py:plane", "has no 'plane'; did you mean plain?"),
        ("nets_of_mine.py:module", "is a module already"),
        ("nets_of_mine.py:text", "is 'no function' and no function"),
    ],
)
def test_what_is_no_factory_is_one_line(place, text, said):
    with pytest.raises(TegnasError, match=said) as caught:
        find_factory(text)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wrong", "returns a list; it should return a torch.nn.Module"),
        ("fails", r"cannot be called: KeyError: 'first line\\nsecond x+…"),
        ("leaves", "cannot be called: SystemExit: bye"),
    ],
)
def test_a_factory_that_makes_no_module_is_one_line(place, name, said):
    with pytest.raises(TegnasError, match=said) as caught:
        find_factory(f"nets_of_mine.py:{name}")(3)
    assert len(str(caught.value)) < 500


def test_an_exception_is_told_by_its_kind_and_the_beginning_of_its_message():
    assert told(ValueError("a\n  b")) == "ValueError: a b"
    assert told(KeyError()) == "KeyError"
    assert len(told(RuntimeError("y" * 10_000))) < 330
