"""The project on a fresh machine: what is declared where, the two commands, no path of one machine."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = {"help", "book", "full", "chapter", "slides", "pdf", "test", "quick", "bench", "lint", "pair", "clean"}
COMMANDS |= {"release", "gpu", "long", "data", "lock", "check"}
HERE = re.compile(r"(?<![\w.~-])/(?:home|root|work|farm|opt|Users|mnt)/|[A-Z]:\\\\?Users")

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not a git checkout"
)


def make(*arguments: str, folder: Path = ROOT) -> str:
    """Run make without what an outer make hands down."""
    handed_down = ("MAKE", "PYTHON", "PARAMETERS", "VENV", "LOCKED")  # a variable of its command line, too
    environment = {name: value for name, value in os.environ.items() if not name.startswith(handed_down)}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_conda_environment_holds_nothing_of_its_own():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == PROJECT["name"]
    assert environment["dependencies"] == [
        f"python{PROJECT['requires-python']}",
        "pip",
        {"pip": ["-e .[dev]"]},
    ]


def test_this_python_is_one_the_project_allows():
    lowest, highest = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    assert int(lowest) <= sys.version_info.minor < int(highest)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"(3, {lowest}) <= sys.version_info < (3, {highest})" in makefile


def test_torch_and_torchvision_are_a_pair():
    bounds = {}
    for requirement in PROJECT["dependencies"]:
        if match := re.fullmatch(r"(torch|torchvision)>=\d+\.(\d+),<\d+\.(\d+)", requirement):
            bounds[match[1]] = int(match[2]), int(match[3])
    assert {bounds["torchvision"][i] - bounds["torch"][i] for i in (0, 1)} == {15}  # 2.9 with 0.24, …


@needs_make
def test_help_lists_every_command():
    listed = set(re.findall(r"^  (\w+)\t", make("help"), re.MULTILINE))
    assert listed == COMMANDS


@needs_make
@pytest.mark.parametrize("changed", [False, True], ids=["unchanged", "changed"])
def test_only_a_changed_project_file_installs_again(tmp_path, changed):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyproject.installed").write_text("as installed")
    (tmp_path / "pyproject.toml").write_text("changed" if changed else "as installed")
    plan = make("--dry-run", "--always-make", "test", "VENV=env", f"PYTHON={sys.executable}", folder=tmp_path)
    assert ("pip install" in plan) == changed
    assert "-m pytest" in plan.rstrip().splitlines()[-1]


@needs_make
def test_a_locked_environment_takes_the_locked_files_only(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "env").mkdir()
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", "requirements/lock.txt", "env/pyproject.installed"):
        (tmp_path / name).write_text("the same")
    plan = make("--dry-run", "book", "VENV=env", "LOCKED=1", f"PYTHON={sys.executable}", folder=tmp_path)
    assert "pip install --quiet --require-hashes --requirement requirements/lock.txt" in plan
    assert "--no-deps --no-build-isolation --editable ." in plan and "[dev]" not in plan
    (tmp_path / "env" / "lock.installed").write_text("the same")
    assert "pip install" not in make("--dry-run", "book", "VENV=env", "LOCKED=1", folder=tmp_path)


def test_ci_runs_the_tests_and_then_the_book():
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in text
    assert 0 < text.index("\nmake test\n") < text.index("\nmake book\n")


def readme_lines() -> list[str]:
    blocks = re.findall(r"```(?:bash|sh)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_commands_of_the_readme_exist(tmp_path, monkeypatch):
    from tegnas_study.cli import tegnas

    monkeypatch.chdir(tmp_path)  # a fresh clone: what the lines make before comes first, and is checked too
    lines = [shlex.split(line) for line in readme_lines()]
    assert {("make", "book"), ("make", "test")} <= {tuple(words) for words in lines}
    assert {*tegnas.commands} == {words[1] for words in lines if words[0] == "tegnas"}
    for words in lines:
        if words[0] == "make":
            assert words[1] in COMMANDS
        if "mkdir" in words:
            Path(words[-1]).mkdir()
        if words[0] == "tegnas":  # parsed as the command line would, and not run
            tegnas.commands[words[1]].make_context(words[1], words[2:])
        if words[:2] == ["python", "-m"]:
            assert find_spec(words[2])


def test_files_that_the_readme_links_to_exist():
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    built = ("_build/", "book/notebooks/")
    assert [link for link in links if not link.startswith(built) and not (ROOT / link).exists()] == []


@needs_git
def test_tracked_files_name_no_folder_of_one_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            lines = data.decode("utf-8", "replace").splitlines()
            found += [f"{name}:{i}: {line}" for i, line in enumerate(lines, 1) if HERE.search(line)]
    assert found == []


def test_lint_is_clean():
    for arguments in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *arguments, "."], cwd=ROOT, capture_output=True)
        assert done.returncode == 0, done.stdout.decode()
