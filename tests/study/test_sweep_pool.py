"""What the pool promises to everyone who uses it, besides what the sweeps' own tests see."""

import functools
import os
import signal
from pathlib import Path

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.sweep.pool import pool_answers

pytestmark = pytest.mark.slow


def work(log: Path, task: str) -> str:
    with log.open("a") as file:
        file.write(f"{task}\n")
    if task == "wrong":
        raise TegnasError("there is no such table")
    if task == "bug":
        raise ZeroDivisionError("a bug")
    if task == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return task.upper()


def make_work(log: Path):
    return functools.partial(work, log)


def give_up(task: str, cause: str) -> str:
    return f"{task}: {cause}"


def answers(log: Path, jobs, *, workers=1, give_up=give_up):
    batches = pool_answers(jobs, functools.partial(make_work, log), workers=workers, give_up=give_up)
    return [answer for batch in batches for answer in batch]


def test_every_task_has_one_answer_in_the_order_of_its_job(tmp_path):
    jobs = [("a", "b", "c"), ("d", "e")]
    found = answers(tmp_path / "log", jobs, workers=2)
    assert sorted(found) == ["A", "B", "C", "D", "E"]
    assert [task for task in found if task in "ABC"] == ["A", "B", "C"]
    assert answers(tmp_path / "log", []) == []


def test_a_task_that_kills_twice_is_given_up_and_the_rest_of_its_job_is_done(tmp_path):
    log = tmp_path / "log"
    found = answers(log, [("a", "dies", "b")])
    assert found == ["A", "dies: its worker process died twice, killed by signal 9 (out of memory?)", "B"]
    assert log.read_text().split() == ["a", "dies", "dies", "b"]


def test_giving_up_may_end_the_run(tmp_path):
    def refuse(task, cause):
        raise TegnasError(f"{task} {cause}")

    with pytest.raises(TegnasError, match="dies its worker process died twice"):
        answers(tmp_path / "log", [("dies",)], give_up=refuse)


def test_a_mistake_arrives_as_it_is_and_a_bug_with_its_traceback(tmp_path):
    with pytest.raises(TegnasError, match=r"^there is no such table$") as mistake:
        answers(tmp_path / "log", [("a", "wrong")])
    assert not hasattr(mistake.value, "__notes__")
    with pytest.raises(ZeroDivisionError) as bug:
        answers(tmp_path / "log", [("bug",)])
    assert "in work" in bug.value.__notes__[0]
