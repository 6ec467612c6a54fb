"""The explorer: its numbers are those of the tables, it is small, and in a browser it does what a reader asks."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import numpy as np
import pandas as pd
import pytest
from browser import CHROMIUM
from devtools import Reader, reading
from hypothesis import given
from hypothesis import strategies as st

from book.errors import BuildError
from book.explorer import assets
from book.explorer.assets import MOST_DATA, MOST_TOGETHER, explorer_data, write_explorer
from book.explorer.cells import N_CELLS, draw_tables, every_draw, number_of
from book.explorer.coding import linear, logarithmic, read, unpacked, whole
from book.explorer.projection import fit_projection
from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import TEG
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, OPERATIONS
from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.data.benchmark import Benchmark, load_benchmark
from tegnas_study.experiments.files import read_histories
from tegnas_study.paths import ATLAS, SEARCHES
from tegnas_study.tables.atlases import atlas_repeats
from tegnas_study.tables.ranking import rank_sum
from tegnas_study.tables.sizes import complexity_table

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SPACE = NASBench201()
EVERY = SPACE.all()
NUMBERS = np.array([number_of(architecture) for architecture in EVERY])
RELATIVE = 0.0005  # what 16 bits of a logarithm leave, as the page says

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


# The coding


@given(st.lists(st.floats(0, 655.33) | st.sampled_from([np.inf, np.nan]), min_size=1))
def test_a_linear_column_is_right_to_half_a_step(values):
    back = read(linear(values, step=0.01))
    np.testing.assert_allclose(back, values, rtol=0, atol=0.005 * (1 + 1e-9))


@given(st.lists(st.floats(1e-6, 1e9) | st.sampled_from([np.inf, np.nan]), min_size=1))
def test_a_logarithmic_column_is_right_to_a_share(values):
    np.testing.assert_allclose(read(logarithmic(values)), values, rtol=RELATIVE)


@pytest.mark.parametrize("pack", [whole, lambda v: linear(v, step=1.0)])
@pytest.mark.parametrize("value", [-1, 65_534])
def test_what_16_bits_do_not_hold_is_refused(pack, value):
    with pytest.raises(TegnasError, match="16 bits"):
        pack([0, value])


def test_a_logarithm_needs_positive_numbers():
    with pytest.raises(TegnasError, match="positive"):
        logarithmic([1.0, 0.0])


# The data


@pytest.fixture(scope="module")
def benchmark() -> Benchmark:
    return load_benchmark("analog")


@pytest.fixture(scope="module")
def data(benchmark) -> dict:
    return explorer_data(benchmark)


@pytest.fixture(scope="module")
def of_class(data) -> np.ndarray:
    return unpacked(data["class"])


@pytest.fixture(scope="module")
def representatives() -> list[str]:
    """Return the representative of each cell, by the cell's number."""
    found = [""] * N_CELLS
    for architecture in EVERY:
        found[number_of(architecture)] = str(SPACE.representative(architecture))
    return found


def test_cells_are_numbered_without_gaps():
    assert sorted(NUMBERS) == list(range(N_CELLS))
    first = EVERY[0]
    assert [int(d) for d in np.base_repr(number_of(first), 5).zfill(6)] == list(SPACE.decisions(first))


def test_the_page_knows_the_benchmarks_index_of_every_cell(data):
    assert unpacked(data["index"])[NUMBERS].tolist() == list(range(N_CELLS))


def test_every_draw_on_the_page_is_that_of_the_table(data, of_class, representatives):
    number = 0
    for name in draw_tables():
        rows = atlas_repeats(name)
        for repeat in sorted(rows["repeat"].unique()):
            table = rows[rows["repeat"] == repeat].set_index("architecture").reindex(representatives)
            for indicator in TEG:
                single = read(data["indicators"][indicator]["draws"]).reshape(data["draws"], -1)[number][of_class]
                np.testing.assert_allclose(single, table[indicator], rtol=RELATIVE)
            number += 1
    assert number == data["draws"] >= 6


def test_averages_are_those_of_all_draws(data, of_class, representatives):
    draws = every_draw()
    mean = {
        "condition_number": lambda x: np.exp(np.log(x).mean()),  # by the logarithm, as the settings say
        "linear_regions": np.mean,
        "regression_error": np.mean,
    }
    for name, average in mean.items():
        expected = draws.groupby("architecture")[name].agg(average).reindex(representatives)
        found = read(data["indicators"][name]["mean"])[of_class]
        np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=0.051 if name == "linear_regions" else 0)


def test_sums_of_ranks_are_those_of_the_averages_in_the_whole_space(data, of_class):
    draws = every_draw().assign(condition_number=lambda rows: np.log(rows["condition_number"]))
    averages = draws.groupby("architecture")[[*TEG]].mean()
    every = averages.reindex([str(SPACE.representative(architecture)) for architecture in EVERY])
    found = read(data["rank_sum"])[of_class][NUMBERS]
    np.testing.assert_allclose(found, rank_sum(every.reset_index(drop=True)), atol=0.5)


def test_accuracies_are_the_benchmarks(data, benchmark):
    (known,) = data["accuracies"]
    expected = benchmark.accuracy("cifar10", "test")
    assert known["name"] == expected.name
    assert "re-trained" in known["label"]
    found = read(known["values"])[NUMBERS]
    np.testing.assert_allclose(found, expected.loc[[str(a) for a in EVERY]], atol=0.005 + 1e-9)


def test_parameters_are_sums_over_edges(data):
    expected = complexity_table().set_index("architecture")["parameters"]
    each = data["parameters"]
    found = [each["fixed"] + sum(each[operation] for operation in a.operations) for a in EVERY]
    assert found == expected.loc[[str(a) for a in EVERY]].tolist()


def test_every_recorded_evaluation_is_replayed(data):
    searches = {search["name"]: search for search in data["searches"]}
    replayed = 0
    for path in SEARCHES.glob("nas-bench-201-*.parquet"):
        file = read_histories(path)
        for seed, rows in file.histories.groupby("seed"):
            search = searches[f"{path.stem.removeprefix('nas-bench-201-')}-{seed}"]
            check_replay(search, rows)
            derived = file.outcomes.set_index("seed").loc[seed, "derived"]
            assert search["found"] == number_of(SPACE.parse(derived))
            replayed += 1
    assert replayed == len(searches) > 20


def check_replay(search: dict, rows: pd.DataFrame) -> None:
    assert search["n"] == len(rows)
    assert unpacked(search["step"]).tolist() == rows["step"].tolist()
    for name, column in search["seen"].items():
        np.testing.assert_allclose(read(column), rows[name], rtol=RELATIVE)
    if "cells" in search:
        assert unpacked(search["cells"]).tolist() == [
            number_of(SPACE.parse(text)) for text in rows["architecture"]
        ]
        return
    masks = unpacked(search["options"]).view("<u4")
    for mask, text in zip(masks, rows["architecture"], strict=True):
        active = tuple(
            tuple(o for o in range(len(OPERATIONS)) if int(mask) >> (5 * e + o) & 1) for e in range(len(EDGES))
        )
        assert Mixture(active) == Mixture.parse(text)


def test_the_draws_are_those_of_every_seed_and_of_no_rival(tmp_path):
    names = draw_tables()
    assert names[:2] == ("teg-cifar10", "teg-cifar10-seed1")
    copy(ATLAS / "teg-cifar10-seed1.parquet", tmp_path)
    copy(ATLAS / "rivals-cifar10.parquet", tmp_path)
    assert draw_tables(tmp_path) == ("teg-cifar10-seed1",)
    assert every_draw(tmp_path)["repeat"].nunique() == 3


def test_the_projection_finds_the_plane_that_was_hidden():
    rng = np.random.default_rng(0)
    plane = np.linalg.qr(rng.normal(size=(30, 2)))[0].T
    codes = 0.2 + rng.normal(size=(200, 2)) * [3, 1] @ plane + 1e-3 * rng.normal(size=(200, 30))
    fitted = fit_projection(codes)
    np.testing.assert_allclose(np.abs(fitted.axes @ plane.T), np.eye(2), atol=0.2)
    assert sum(fitted.explained) == pytest.approx(1, abs=1e-3)
    assert fitted.explained[0] > fitted.explained[1]


def test_codes_that_span_no_plane_are_refused():
    with pytest.raises(TegnasError, match="span a plane"):
        fit_projection(np.ones((5, 30)))


# The files


@pytest.fixture(scope="module")
def page(data, tmp_path_factory) -> Path:
    """Write the page's files beside a bare page that holds what the book's page holds."""
    folder = tmp_path_factory.mktemp("page")
    write_explorer(folder / "explorer", data)
    fragment = (ROOT / "book" / "explorer" / "explorer.html").read_text(encoding="utf-8")
    head = '<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>explorer</title>'
    (folder / "page.html").write_text(f"{head}<body>{fragment}</body></html>", encoding="utf-8")
    return folder / "page.html"


def test_the_page_is_small(page):
    sizes = {path.name: path.stat().st_size for path in (page.parent / "explorer").iterdir()}
    assert set(sizes) == {"vega.js", "data.js", "explorer.js", "explorer.css"}
    assert sizes["data.js"] < MOST_DATA == 1_000_000
    assert sum(sizes.values()) < MOST_TOGETHER == 3_000_000


def test_the_same_tables_make_the_same_page(page, data, tmp_path):
    write_explorer(tmp_path, data)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (page.parent / "explorer" / path.name).read_bytes()


def test_a_page_too_large_is_not_written(tmp_path, data, monkeypatch):
    monkeypatch.setattr(assets, "MOST_DATA", 1_000)
    with pytest.raises(BuildError, match="too large"):
        write_explorer(tmp_path / "none", data)
    assert not (tmp_path / "none").exists()


def test_tables_that_are_not_there_stop_the_build_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "explorer_data", lambda: explorer_data(atlas=tmp_path))
    with pytest.raises(BuildError, match=r"^the explorer has no data: [^\n]+$"):
        write_explorer(tmp_path / "none")


def test_every_script_is_in_the_page():
    folder = ROOT / "book" / "explorer"
    assert sorted(path.stem for path in folder.glob("*.js")) == sorted(assets.SCRIPTS)


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Reader]:
    with reading(tmp_path_factory.mktemp("chromium")) as reader:
        yield reader


@pytest.fixture
def reader(browser, page) -> Iterator[Reader]:
    """Yield a browser; whatever a test does, the page complains of nothing and asks for its own files only."""
    browser.complaints.clear()
    browser.requests.clear()
    yield browser
    browser.evaluate("1")  # takes in what is still under way
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith((page.parent.as_uri(), "about:", "data:"))] == []


def visit(reader: Reader, page: Path, address: str = "", *, width: int = 1280) -> None:
    reader.open(f"{page.as_uri()}{address}", width=width)
    reader.wait("document.getElementById('explorer')?.dataset.ready === 'true'")


def code(reader: Reader) -> str:
    return reader.evaluate("document.querySelector('[data-part=code]').textContent")


def value(reader: Reader, key: str) -> str:
    return reader.evaluate(f"document.querySelector('[data-quantity={key}] .value').textContent")


def wrong(reader: Reader) -> str:
    return reader.evaluate("(e => e.hidden ? '' : e.textContent)(document.querySelector('[data-part=wrong]'))")


def address(reader: Reader) -> str:
    return reader.evaluate("location.hash")


@needs_chromium
@pytest.mark.long
def test_the_numbers_on_the_page_are_those_of_the_tables(reader, page, data, benchmark):
    accuracies = benchmark.accuracy("cifar10", "test")
    parameters = complexity_table().set_index("architecture")["parameters"]
    means = every_draw().groupby("architecture")[[*TEG]].mean()
    for text in ("333133", "241310", "124003"):
        cell = SPACE.compose([int(digit) for digit in text])
        visit(reader, page, f"#cell={text}")
        assert reader.evaluate("document.querySelector('[data-part=string]').textContent") == str(cell)
        assert value(reader, "accuracy") == f"{accuracies[str(cell)]:.2f} %"
        assert value(reader, "parameters") == f"{parameters[str(cell)] / 1e6:.3f} M"
        mean = means.loc[str(SPACE.representative(cell))]
        assert float(value(reader, "mse")) == pytest.approx(mean["regression_error"], abs=0.0015)
        assert float(value(reader, "regions")) == pytest.approx(mean["linear_regions"], abs=0.051)
        draws = reader.evaluate(
            "document.querySelectorAll('tbody[data-part=values] tr:nth-child(2) .draw').length"
        )
        assert draws == data["draws"]


@needs_chromium
@pytest.mark.long
def test_a_percentile_is_the_share_of_the_space_that_is_worse(reader, page, benchmark):
    accuracies = benchmark.accuracy("cifar10", "test")
    cell = SPACE.compose((2, 4, 1, 3, 1, 0))
    visit(reader, page, "#cell=241310")
    share = 100 * (accuracies.round(2) < round(accuracies[str(cell)], 2)).mean()
    told = reader.evaluate("document.querySelector('[data-part=values] .standing').textContent")
    assert float(told.removeprefix("better than ").removesuffix(" %")) == pytest.approx(share, abs=0.6)


@needs_chromium
@pytest.mark.long
def test_a_clicked_edge_gets_the_chosen_operation_and_the_numbers_change(reader, page):
    visit(reader, page, "#cell=333133&show=kappa")
    before = {key: value(reader, key) for key in ("accuracy", "kappa", "regions", "mse", "parameters")}
    reader.click('.brush label[data-operation="avg_pool_3x3"]')
    reader.click('.edge[data-edge="1"] .label')
    assert code(reader) == "343133"
    assert address(reader) == "#cell=343133&show=kappa"
    after = {key: value(reader, key) for key in before}
    assert all(after[key] != before[key] for key in before)
    reader.evaluate("history.back()")
    reader.wait("document.querySelector('[data-part=code]').textContent === '333133'")


@needs_chromium
@pytest.mark.long
def test_an_edge_can_be_typed_at(reader, page):
    visit(reader, page, "#cell=000000")
    reader.focus('.edge[data-edge="5"]')
    for key, expected in (("ArrowUp", "000001"), ("4", "000004"), ("ArrowUp", "000000"), ("Enter", "000003")):
        reader.press(key)
        assert code(reader) == expected
        assert reader.evaluate("document.activeElement.dataset.edge") == "5"
    assert reader.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "conv 3×3, leads nowhere"


@needs_chromium
@pytest.mark.long
def test_the_tab_key_reaches_every_kind_of_thing(reader, page):
    visit(reader, page)
    reached = set()
    for _ in range(40):
        reader.press("Tab")
        reached.add(
            reader.evaluate(
                "(e => e.name || e.dataset.part || e.className.baseVal || e.className || e.dataset.best"
                " || e.dataset.zoom)(document.activeElement)"
            )
        )
    assert {"tegnas-brush", "edge", "show", "canvas", "search", "accuracy", "0"} <= reached
    assert reached & {"here", "better", "worse", "same", "neutral"}  # a neighbour


@needs_chromium
@pytest.mark.long
def test_everything_that_can_be_used_has_a_name(reader, page):
    visit(reader, page, "#search=evolution-0")
    told = reader.send("Accessibility.getFullAXTree")["nodes"]
    used = {"button", "spinbutton", "slider", "combobox", "radio", "application", "link"}
    nodes = [node for node in told if not node["ignored"] and node["role"]["value"] in used | {"ComboBox"}]
    assert len(nodes) > 45
    assert [node["role"]["value"] for node in nodes if not node.get("name", {}).get("value", "").strip()] == []


@needs_chromium
@pytest.mark.long
def test_a_neighbour_is_told_of_and_jumped_to(reader, page, benchmark):
    visit(reader, page, "#cell=333133")
    reader.focus('.neighbours button[tabindex="0"]')  # the edge in → 1, none
    reader.press("ArrowDown")
    reader.press("ArrowRight")  # the edge in → 2, skip
    told = reader.evaluate("document.querySelector('[data-part=changes]').textContent")
    assert told.startswith("Edge in → 2, conv 3×3 → skip:")
    change = reader.evaluate("document.activeElement.textContent")
    reader.press("Enter")
    assert code(reader) == "313133"
    accuracies = benchmark.accuracy("cifar10", "test")
    a, b = (accuracies[str(SPACE.compose(map(int, text)))] for text in ("333133", "313133"))
    assert float(change.strip("▲▼").replace("−", "-")) == pytest.approx(b - a, abs=0.011)
    assert change.endswith("▼" if b < a else "▲")


@needs_chromium
@pytest.mark.long
def test_a_dot_is_picked_by_mouse_and_by_key(reader, page, data):
    visit(reader, page, "#cell=333133")
    reader.evaluate("document.querySelector('.canvas').scrollIntoView({block: 'center'})")
    box = reader.evaluate(
        "(b => [b.x, b.y, b.width, b.height])(document.querySelector('.canvas').getBoundingClientRect())"
    )
    reader.click_at(*expected_pixel(data, "222222", box))
    near = code(reader)
    assert near != "333133"
    there, meant = (np.array(expected_pixel(data, text, box)) for text in (near, "222222"))
    assert np.linalg.norm(there - meant) <= 2  # that dot, or one beside it
    reader.focus(".canvas")
    reader.press("ArrowLeft")
    assert expected_pixel(data, code(reader), box)[0] < there[0]


def expected_pixel(data: dict, text: str, box: list[float]) -> tuple[float, float]:
    """Return where a cell's dot should be in the window, by the projection and the map's margins."""
    codes = np.array([SPACE.encode(architecture) for architecture in EVERY])
    axes, origin = np.array(data["projection"]["axes"]), np.array(data["projection"]["origin"])
    places = codes @ axes.T + origin
    place = SPACE.encode(SPACE.compose(map(int, text))) @ axes.T + origin
    margin = 0.04 * np.ptp(places, axis=0)
    share = (place - places.min(axis=0) + margin) / (np.ptp(places, axis=0) + 2 * margin)
    return box[0] + 1 + share[0] * (box[2] - 2), box[1] + 1 + (1 - share[1]) * (box[3] - 2)


@needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.long
def test_the_map_is_drawn_in_both_themes(reader, page, theme):
    visit(reader, page, "#cell=333133")
    reader.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    reader.evaluate("new Promise(done => setTimeout(done, 200))")
    colours = reader.evaluate(
        "(all => all.map(c => { const seen = {};"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 250) {"
        "   const k = [d[i], d[i + 1], d[i + 2]]; seen[k] = (seen[k] || 0) + 1; }"
        " return seen; }))([...document.querySelectorAll('.canvas canvas')])"
    )
    dots, marks = colours
    assert len(dots) > 100  # from dark violet to yellow
    ink = {"light": "31,41,51", "dark": "228,231,235"}[theme]
    assert marks.get(ink, 0) > 20  # the rings


@needs_chromium
@pytest.mark.parametrize("name", ["evolution-0", "reinforce-1", "te-nas-0"])
@pytest.mark.long
def test_a_replay_runs_to_its_end_and_shows_what_was_found(reader, page, data, name):
    search = next(search for search in data["searches"] if search["name"] == name)
    visit(reader, page, f"#search={name}&at={search['n'] - 6}")
    reader.evaluate("document.querySelector('[data-part=speed]').value = '40'")
    reader.click("[data-part=play]")
    reader.wait(f"document.querySelector('[data-part=at]').value === '{search['n']}'")
    reader.wait("document.querySelector('[data-part=play]').textContent === 'Play'")
    last = unpacked(search["cells"])[-1] if "cells" in search else search["found"]
    assert code(reader) == np.base_repr(int(last), 5).zfill(6)
    told = reader.evaluate("document.querySelector('[data-part=moment]').textContent")
    assert f"Evaluation {search['n']:,} of {search['n']:,}" in told
    assert np.base_repr(search["found"], 5).zfill(6) in told
    reader.wait(f"location.hash.endsWith('search={name}&at={search['n']}')")


@needs_chromium
@pytest.mark.long
def test_a_moment_of_a_search_is_an_address(reader, page, data):
    search = next(search for search in data["searches"] if search["name"] == "fp-nas-1")
    visit(reader, page, "#search=fp-nas-1&at=77")
    assert code(reader) == np.base_repr(int(unpacked(search["cells"])[76]), 5).zfill(6)


@needs_chromium
@pytest.mark.long
def test_every_search_can_be_replayed(reader, page, data):
    visit(reader, page)
    for search in data["searches"]:
        reader.evaluate(f"location.hash = '#search={search['name']}&at={search['n']}'")
        reader.wait(f"document.querySelector('[data-part=at]').value === '{search['n']}'")
        assert wrong(reader) == ""


@pytest.mark.long
@needs_chromium
@pytest.mark.parametrize(
    ("hash_", "told"),
    [
        ("#cell=33313", "has 5 digits"),
        ("#cell=333173", "digit 7"),
        ("#cell=hello", "is no cell"),
        ("#cell=%E0%A4%A", "is no cell"),
        ("#cell=<img src=x onerror=alert(1)>", "is no cell"),
        ("#show=beauty", "nothing to show"),
        ("#search=magic", "no recorded search"),
        ("#search=evolution-0&at=99999", "no evaluation"),
        ("#at=5", "no evaluation"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_shows_the_default(reader, page, hash_, told):
    visit(reader, page)
    default = code(reader)
    visit(reader, page, hash_)
    assert told in wrong(reader)
    assert code(reader) == default
    assert reader.evaluate("document.querySelectorAll('#explorer img').length") == 0
    reader.click('.edge[data-edge="3"] .label')
    assert (code(reader), wrong(reader)) == (f"{default[:3]}3{default[4:]}", "")


@needs_chromium
@pytest.mark.long
def test_an_address_is_obeyed(reader, page):
    cell = SPACE.compose((2, 4, 1, 3, 1, 0))
    visit(reader, page, f"#cell={cell}&show=mse")
    assert (code(reader), wrong(reader)) == ("241310", "")
    assert reader.evaluate("document.querySelector('[data-part=show]').value") == "mse"
    reader.evaluate("location.hash = '#cell=000000'")
    reader.wait("document.querySelector('[data-part=code]').textContent === '000000'")
    assert value(reader, "kappa") == "failed"


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.long
def test_the_page_is_no_wider_than_its_window(reader, page, width):
    visit(reader, page, "#cell=333133&show=kappa&search=reinforce-0&at=300", width=width)
    wide = reader.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= width
    small = reader.evaluate(
        "[...document.querySelectorAll('#explorer button, #explorer select')].filter(e => e.offsetParent)"
        ".map(e => e.getBoundingClientRect()).filter(b => b.height < 24 || b.right > innerWidth).length"
    )
    assert small == 0


BUILT = ROOT / "_build" / "html"


@needs_chromium
@pytest.mark.skipif(not (BUILT / "explorer" / "data.js").exists(), reason="the book is not built: make book")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.long
def test_the_page_of_the_built_book_works_from_its_folder(browser, width):
    browser.complaints.clear()
    browser.requests.clear()
    visit(browser, BUILT / "explorer.html", "#cell=333133&search=evolution-0&at=100", width=width)
    browser.click('.edge[data-edge="3"] .label')
    assert code(browser) == "333333"
    browser.evaluate("new Promise(done => setTimeout(done, 500))")
    assert browser.evaluate("document.scrollingElement.scrollWidth") <= width
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith((BUILT.as_uri(), "about:", "data:"))] == []


def test_the_data_is_plain_json(data):
    assert json.loads(json.dumps(data, allow_nan=False)) == data
