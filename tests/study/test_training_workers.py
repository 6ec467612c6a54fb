"""How a batch is shared, and how torch computes."""

import torch

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


def test_threads_are_put_back():
    before = torch.get_num_threads()
    with on_threads(before + 1) as n:
        assert n == torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before


def test_sixteen_bits_are_for_those_who_ask():
    assert takes_bfloat16("cpu", "bfloat16")
    assert not takes_bfloat16("cpu", "auto") and not takes_bfloat16("cuda", "float32")
