"""What pyproject.toml cannot say: the tables travel inside a wheel, so that it works without the repository."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SUFFIXES = (".parquet", ".csv", ".json", ".txt", ".md")  # and not what an interrupted sweep left


class WithTables(build_py):
    """Build the packages, and put the tables and the claims where `tegnas_study.paths` looks for them."""

    def run(self) -> None:
        """Copy them, unless the package is installed in place, where the repository has them."""
        super().run()
        if self.editable_mode:
            return
        shipped = Path(self.build_lib) / "tegnas_study" / "shipped"
        files = [path for path in (ROOT / "data").rglob("*") if path.suffix in SUFFIXES]
        for path in (*files, ROOT / "book" / "claims.yml"):
            target = shipped / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


setup(cmdclass={"build_py": WithTables})
