"""`tegnas train`, as a user sees it: to the end, killed and resumed, wrong, and on two processes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from command_line import RICH, run, small_images
from images_on_disk import encoded, random_pixels

TINY = ("train", "--epochs", 1, "--threads", 1, "--device", "cpu")
FILES = {"checkpoint.pt", "log.csv", "outcome.json", "curve.png", "curve.svg"}
CLOCK = ["seconds", "cpu_seconds"]


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return small_images(tmp_path_factory.mktemp("train") / "images", n=36)


@pytest.fixture(autouse=True)
def fresh_machine(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)


def contents(folder):
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_variables_that_torchrun_did_not_set_are_told(capsys, monkeypatch, images):
    for name, value in (("RANK", "5"), ("WORLD_SIZE", "2")):
        monkeypatch.setenv(name, value)
    said = run(capsys, *TINY, RICH, "--images", images)
    assert said.code == 0 and said.err.count("\n") == 1
    assert said.err.startswith("RANK and WORLD_SIZE ignored, as torchrun did not start this process")


def test_a_cell_is_trained_and_recorded_and_finished_ones_are_shown_again(capsys, tmp_path, images):
    line = *TINY, RICH, "--images", images, "--out", tmp_path
    said = run(capsys, *line)
    assert (said.code, said.err) == (0, "")
    assert "nas-bench-201 · size quick · folder images" in said.out and "test accuracy" in said.out
    (folder,) = tmp_path.iterdir()
    assert contents(folder) == FILES
    outcome = json.loads((folder / "outcome.json").read_text())
    log = pd.read_csv(folder / "log.csv")
    assert outcome["finished"] and outcome["test_accuracy"] == log["test_accuracy"].iloc[-1]
    assert outcome["protocol"]["width"] == 4 and outcome["images_trained"] == 36 and outcome["threads"] == 1
    assert str(tmp_path) not in json.dumps(outcome)

    assert "go on with --resume" in run(capsys, *line).mistake
    before = (folder / "log.csv").read_bytes()
    assert "test accuracy" in run(capsys, *line, "--resume").out
    assert (folder / "log.csv").read_bytes() == before


def test_genotypes_are_trained_once_each_without_files(capsys, monkeypatch, tmp_path, images):
    monkeypatch.chdir(tmp_path)
    said = run(capsys, *TINY, "DARTS_V2", "darts-v2", "--space", "darts", "--images", images)
    assert (said.code, said.err) == (0, "")
    assert said.out.count("test accuracy") == 1 and not [*tmp_path.iterdir()]


def test_large_images_are_read_from_a_folder_of_classes(capsys, tmp_path):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = tmp_path / split / label
            folder.mkdir(parents=True)
            for number in range(4):
                (folder / f"{number}.png").write_bytes(encoded(random_pixels(1, 80, seed=number)[0]))
    said = run(capsys, *TINY, "DARTS_V2", "--space", "darts", "--protocol", "darts-imagenet", "--images", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert "darts-imagenet · size quick" in said.out


BAD = {
    "no cell": (("nonsense",), "nonsense"),
    "a genotype of the other space": (("DARTS_V2",), "DARTS_V2"),
    "nothing": ((), "Missing argument"),
    "the protocol of the other space": ((RICH, "--protocol", "darts-cifar10"), "belongs to another --space"),
    "nowhere to resume": ((RICH, "--resume"), "name the folder with --out"),
    "nothing to resume": ((RICH, "--resume", "--out", "there"), "no such training was begun"),
    "no epochs": ((RICH, "--epochs", 0), "--epochs"),
    "no such images": ((RICH, "--images", "nowhere"), "nowhere"),
    "no such size": ((RICH, "--size", "huge"), "--size"),
    "too small for an auxiliary head": (("DARTS_V2", "--space", "darts", "--size", "full"), "needs images of 32"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, monkeypatch, tmp_path, images, case):
    monkeypatch.chdir(tmp_path)
    arguments, said = BAD[case]
    line = ("train", *(() if "--images" in arguments else ("--images", images)), *arguments)
    assert said in run(capsys, *line).err.replace("\n", " ")
    assert run(capsys, *line).code == 2 and not [*tmp_path.iterdir()]


def test_a_hostile_checkpoint_is_refused_in_one_line(capsys, tmp_path, images):
    line = *TINY, RICH, "--images", images, "--out", tmp_path
    assert run(capsys, *line).code == 0
    (folder,) = tmp_path.iterdir()
    (folder / "checkpoint.pt").write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")
    log = (folder / "log.csv").read_bytes()
    assert "damaged or no checkpoint" in run(capsys, *line, "--resume").mistake
    assert (folder / "log.csv").read_bytes() == log and not (tmp_path / "ran").exists()


def start(*arguments, folder, more=()):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, *more, "-m", "tegnas_study", *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, stderr=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.long
def test_a_killed_training_goes_on_to_the_same_curve(capsys, tmp_path, images):
    line = "train", RICH, "--epochs", 4, "--threads", 1, "--device", "cpu", "--images", images, "--out"
    assert run(capsys, *line, tmp_path / "whole").code == 0
    process = start(*line, tmp_path / "killed", folder=tmp_path)
    (name,) = (path.name for path in (tmp_path / "whole").iterdir())
    checkpoint, deadline = tmp_path / "killed" / name / "checkpoint.pt", time.monotonic() + 240
    while not checkpoint.exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert run(capsys, *line, tmp_path / "killed", "--resume").code == 0
    whole, resumed = (pd.read_csv(tmp_path / part / name / "log.csv") for part in ("whole", "killed"))
    assert len(whole) == 4
    pd.testing.assert_frame_equal(whole.drop(columns=CLOCK), resumed.drop(columns=CLOCK), check_exact=True)


@pytest.mark.slow
@pytest.mark.long
def test_two_processes_share_the_batches_and_the_first_writes(tmp_path, images):
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    line = *TINY, RICH, "--images", images, "--out", tmp_path / "out"
    process = start(*line, folder=tmp_path, more=torchrun)
    _, err = process.communicate(timeout=400)
    assert process.returncode == 0, err.decode()
    (folder,) = (tmp_path / "out").iterdir()
    assert contents(folder) == FILES
    outcome = json.loads((folder / "outcome.json").read_text())
    assert outcome["processes"] == 2 and outcome["epochs_done"] == 1
