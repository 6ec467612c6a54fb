"""The locked environment is in step with the ranges, whole, and names files by hash and nothing else."""

import re
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXT = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
PINNED = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)(?: ; (?P<marker>[^\\]+?))? \\\n(?P<hashes>(?: .*\n)+)"
)
SYSTEMS = {
    "linux": {
        "sys_platform": "linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_system": "Linux",
    },
    "mac": {
        "sys_platform": "darwin",
        "os_name": "posix",
        "platform_machine": "arm64",
        "platform_system": "Darwin",
    },
    "windows": {
        "sys_platform": "win32",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_system": "Windows",
    },
}


@cache
def pins() -> list[re.Match]:
    return [*PINNED.finditer(TEXT)]


def locked(environment: dict[str, str]) -> dict[str, str]:
    """Return the version of every package that is installed in an environment."""
    found = {}
    for pin in pins():
        if pin["marker"] is None or Marker(pin["marker"]).evaluate(environment):
            assert canonicalize_name(pin["name"]) not in found, f"{pin['name']} is locked twice"
            found[canonicalize_name(pin["name"])] = pin["version"]
    return found


def wanted() -> list[Requirement]:
    return [Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]


def test_the_lock_holds_names_versions_and_hashes_only():
    rest = PINNED.sub("", TEXT)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []
    for pin in pins():
        for line in pin["hashes"].splitlines():
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line), (pin["name"], line)
    assert "://" not in TEXT and "index" not in TEXT.lower()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_dependency_is_locked_within_its_range(python, system):
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(f"{python}.9")
    environment = {"python_version": python, "python_full_version": f"{python}.9", **SYSTEMS[system]}
    versions = locked({**default_environment(), **environment})
    lacking = [r.name for r in wanted() if canonicalize_name(r.name) not in versions]
    assert lacking == [], "run make lock"
    outside = [str(r) for r in wanted() if not r.specifier.contains(versions[canonicalize_name(r.name)])]
    assert outside == [], "run make lock"


def test_what_the_locked_packages_need_is_locked_too():
    versions, environment = locked(default_environment()), {**default_environment(), "extra": ""}
    lacking = []
    for name, version in versions.items():
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # another environment than the locked one
        if found.version != version:
            continue
        for requirement in map(Requirement, found.requires or ()):
            needed = requirement.marker is None or requirement.marker.evaluate(environment)
            pinned = versions.get(canonicalize_name(requirement.name))
            if needed and (pinned is None or not requirement.specifier.contains(pinned, prereleases=True)):
                lacking.append(f"{name} needs {requirement}")
    assert lacking == []
