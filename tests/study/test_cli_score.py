"""``tegnas score``: networks from outside and from torchvision, end to end."""

import json

import pytest
from command_line import run, small_images

QUICK = ("--batch-size", 4, "--repeats", 1, "--device", "cpu")
NET = """
from torch import nn


def make(num_classes):
    layers = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    return nn.Sequential(*layers, nn.Linear(4, num_classes))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("score")
    (place / "net.py").write_text(NET)
    small_images(place / "mine")
    return place


def test_a_table_and_an_object_of_a_network_of_ones_own(capsys, folder):
    line = "score", f"{folder}/net.py:make", "--images", folder / "mine", *QUICK
    said = run(capsys, *line)
    assert (said.code, said.err) == (0, "")
    first, header, *rows = said.out.splitlines()
    assert "net.py:make · 140 parameters · images" in first and header.split()[:4] == [
        "indicator",
        "better",
        "repeat",
        "0",
    ]
    assert [row.split()[0] for row in rows[:4]] == [
        "condition_number",
        "linear_regions",
        "regression_error",
        "naswot",
    ]
    found = json.loads(run(capsys, *line, "--json").out)
    assert (found["size"], found["classes"], found["batch_size"], found["seed"]) == (16, 4, 4, 0)
    assert found["indicators"]["condition_number"]["status"] == "ok"
    assert f"{found['indicators']['log_synflow']['value']:.5g}" in said.out


def test_a_factory_without_fresh_weights_is_told(capsys, folder):
    (folder / "kept.py").write_text(f"{NET}\nKEPT = make(4)\n\n\ndef again():\n    return KEPT\n")
    line = "score", f"{folder}/kept.py:again", "--images", folder / "mine", *QUICK, "--repeats", 2
    said = run(capsys, *line)
    assert said.code == 0 and said.err.count("\n") == 1
    assert "again made the same weights more than once" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("model", ["squeezenet1_1", "shufflenet_v2_x0_5", "mnasnet0_5"])
@pytest.mark.long
def test_models_of_torchvision(capsys, folder, model):
    said = run(capsys, "score", model, "--images", folder / "mine", "--size", 32, "--json", *QUICK)
    assert (said.code, said.err) == (0, "")
    indicators = json.loads(said.out)["indicators"]
    for name in ("condition_number", "regression_error", "snip", "log_synflow", "fisher", "naswot", "ntk_trace"):
        assert indicators[name]["status"] == "ok", name
    assert indicators["az_expressivity"]["status"] == "undefined"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resnet19"], "torchvision has no classification model 'resnet19'; close ones are"),
        (["nowhere_at_all:make"], "cannot import 'nowhere_at_all': ModuleNotFoundError"),
        (["net.py:make", "--classes", 3], "3 classes are too few: folder:mine has 4"),
        (["net.py:make", "--size", 3], "Invalid value for '--size'"),
        (
            ["squeezenet1_1", *QUICK],
            "the network does not take images of shape (4, 3, 16, 16): RuntimeError: ",
        ),
        ([], "Missing argument 'MODULE:FACTORY|MODEL'"),
    ],
    ids=str,
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, monkeypatch, folder, arguments, said):
    monkeypatch.chdir(folder)
    mistake = run(capsys, "score", *arguments, "--images", folder / "mine").mistake
    assert mistake.startswith(said) and len(mistake) < 500
