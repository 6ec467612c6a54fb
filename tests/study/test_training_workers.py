"""How a batch is shared, and how torch computes."""

import json
import subprocess
import sys

import pytest
import torch
from trainings import GENOTYPE

from tegnas_core.spaces.genotype import Genotype
from tegnas_study.training.network import has_dead_ends
from tegnas_study.training.workers import Worker, on_threads, takes_bfloat16, this_worker


def test_shares_are_equal_disjoint_and_in_order():
    parts = [Worker(rank, 3).part_of(torch.arange(11)).tolist() for rank in range(3)]
    assert parts == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_one_process_is_the_first_of_one_and_shares_nothing():
    network = torch.nn.Linear(1, 1)
    with this_worker("cpu") as worker:
        assert (worker.rank, worker.n, worker.device, worker.is_first) == (0, 1, "cpu", True)
        assert worker.shared(network) is network
        assert worker.total([1.5, 2]) == [1.5, 2]
        worker.same_buffers(network)


_NO_INPUT = Genotype(normal=(("none", 0), ("sep_conv_3x3", 1)) * 4, reduce=GENOTYPE.reduce)
_EACH = """
import json, sys
from pathlib import Path
import torch
from trainings import GENOTYPE, SOURCE, tiny
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.training.data import training_data
from tegnas_study.training.training import Job, Training
from tegnas_study.training.workers import this_worker

folder, genotype = sys.argv[1:]
protocol = tiny("darts-cifar10", drop_path=0.3)
with this_worker("cpu") as worker:
    job = Job(Genotype.parse(genotype), protocol, 0, SOURCE.n_classes)
    training = Training(job, training_data(SOURCE, protocol, device="cpu"), worker)
    first = [value.double().sum().item() for value in training.network.parameters()]
    training.run_epoch()
    found = {kind: [value.double().sum().item() for value in getattr(training.network, kind)()]
             for kind in ("parameters", "buffers")}
    Path(folder, f"{worker.rank}.json").write_text(json.dumps({"first": first, **found}))
"""


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("genotype", [GENOTYPE, _NO_INPUT], ids=["whole", "an input that nothing reads"])
def test_two_processes_end_with_the_same_weights_though_their_images_differ(tmp_path, monkeypatch, genotype):
    """Without averaged gradients or shared running averages the two would part in the first step."""
    script = tmp_path / "each.py"
    script.write_text(_EACH, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(script)]
    ended = subprocess.run([*command, str(tmp_path), str(genotype)], capture_output=True, text=True, timeout=400)
    assert ended.returncode == 0, ended.stderr
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert first == second and first["first"] != first["parameters"]


def test_dead_ends_are_edges_of_the_benchmark_and_inputs_that_nothing_reads():
    assert has_dead_ends(object()) and has_dead_ends(_NO_INPUT) and not has_dead_ends(GENOTYPE)


def test_threads_are_put_back():
    before = torch.get_num_threads()
    with on_threads(before + 1) as n:
        assert n == torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before


def test_sixteen_bits_are_for_those_who_ask():
    assert takes_bfloat16("cpu", "bfloat16")
    assert not takes_bfloat16("cpu", "auto") and not takes_bfloat16("cuda", "float32")
