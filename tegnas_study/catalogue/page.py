"""The tables of columns in ``data/README.md``, written between two marks."""

from collections.abc import Sequence

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.column import Column
from tegnas_study.catalogue.contents import DataFile
from tegnas_study.catalogue.kinds import KINDS, Kind

BEGIN = "<!-- columns: written by `make data` from tegnas_study/catalogue -->"
END = "<!-- end of columns -->"
_MOST_NAMED = 3


def with_columns(page: str, files: Sequence[DataFile]) -> str:
    """Return the page with fresh tables between its marks.

    Raises:
        TegnasError: When the page lacks one of the marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise TegnasError(f"data/README.md must hold the lines {BEGIN} and {END}; the columns stand between them")
    there = {file.kind.name for file in files if file.kind}
    tables = "\n\n".join(_section(kind, files) for kind in KINDS.values() if kind.name in there)
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def _section(kind: Kind, files: Sequence[DataFile]) -> str:
    used = [file for file in files if file.kind == kind]
    names = {column.name for file in used for column in file.columns}
    lines = [f"### {kind.title[0].upper()}{kind.title[1:]}", "", f"{_where(used)}: one row for {kind.row}.", ""]
    lines += ["| column | meaning | unit | values |", "|---|---|---|---|"]
    lines += [_row(column) for column in kind.columns]
    lines += [_row(column, some=True) for column in kind.others if column.name in names]
    return "\n".join(lines)


def _where(files: Sequence[DataFile]) -> str:
    names = [f"`{file.name}`" for file in files]
    if len(names) <= _MOST_NAMED:
        return " and ".join(names)
    folders = dict.fromkeys(f"`{file.name.split('/')[0]}/`" for file in files)
    return f"{len(names)} files in {' and '.join(folders)}"


def _row(column: Column, *, some: bool = False) -> str:
    name = f"`{column.name}`{' (some)' if some else ''}"
    cells = (name, column.meaning, column.unit, column.allowed)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
