"""What a card has measured is read from its files, and what it has not is said with the command for it."""

import pytest

from tegnas_core import make_settings
from tegnas_core.errors import TegnasError
from tegnas_study import load_images
from tegnas_study.bench import agreement, epochs
from tegnas_study.bench.card_results import NOT_YET, card_results
from tegnas_study.bench.cells import connected_cells
from tegnas_study.bench.cost import Case
from tegnas_study.bench.epochs import ENOUGH
from tegnas_study.bench.gpu_work import pieces
from tegnas_study.bench.table import MEDIAN_EXACT, Row, record, write


def test_before_a_card_has_run_every_answer_is_a_command_of_make_gpu(tmp_path):
    found = card_results(tmp_path, seed=0, n_draws=10)
    assert set(found["answer"]) == {NOT_YET} and len(found) == 4
    named = {command.split("--only ")[1].rstrip('"') for command in found["command"]}
    assert named <= {piece.name for piece in pieces(tmp_path)}


def test_answers_come_from_the_files(tmp_path):
    write(tmp_path / "bench.json", record([Row(MEDIAN_EXACT, 3.14)], {"device": "card A"}, "", (0, 0)))
    case = Case(make_settings("teg", batch_size=4, repeats=1), load_images("synthetic"))
    cells = connected_cells(ENOUGH, seed=0)
    paid = {"teg_plain": 1.0, "teg_fast": 0.5, "epoch_plain": 12.0, "epoch_fast": 9.0}
    epochs.measure(case, cells[:3], tmp_path / "epoch-cost.parquet", command="", ways=(lambda *_: paid,))
    few = card_results(tmp_path, seed=0, n_draws=10)["answer"].tolist()
    assert few[0] == "3.1" and few[1] == few[2] == f"only 3 of {ENOUGH} cells so far" and few[3] == NOT_YET

    epochs.measure(case, cells, tmp_path / "epoch-cost.parquet", command="", ways=(lambda *_: paid,))
    same = {cell: float(i + 1) for i, cell in enumerate(cells)}
    facts = {"command": "", "images": "", "seed": 0, "card": "card B"}
    sides = {
        "processor": lambda cell, repeat: {"naswot": same[cell] + repeat},
        "card": lambda cell, repeat: {"naswot": 1.01 * same[cell]},
    }
    agreement.measure(cells[:4], tmp_path / "agreement.parquet", **sides, facts=facts)
    assert card_results(tmp_path, seed=0, n_draws=10)["answer"][3] == f"only 4 of {ENOUGH} cells so far"
    agreement.measure(cells, tmp_path / "agreement.parquet", **sides, facts=facts)
    found = card_results(tmp_path, seed=0, n_draws=10)
    assert found["answer"][1].startswith("4.0") and found["answer"][2].startswith("6.0")  # three repeats each
    assert found["answer"][3] == (
        "at most 1.0e-02 (naswot), orders agree by 1.000 or more, 0 values finite on one of them only"
    )
    assert found["card"].tolist() == ["card A", "", "", "card B"]


def test_a_damaged_file_is_one_line(tmp_path):
    (tmp_path / "epoch-cost.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(TegnasError, match=r"epoch-cost\.parquet"):
        card_results(tmp_path, seed=0, n_draws=10)
    (tmp_path / "epoch-cost.parquet").unlink()
    (tmp_path / "bench.json").write_text("{", encoding="utf-8")
    with pytest.raises(TegnasError, match=r"bench\.json"):
        card_results(tmp_path, seed=0, n_draws=10)
