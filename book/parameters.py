"""The sizes of every experiment: which file says what, and whether the notebooks know those names."""

import ast
from pathlib import Path

import papermill
import yaml

from book.errors import BuildError

Parameters = dict[str, object]


def load_parameters(size: str, folder: Path) -> dict[str, Parameters]:
    """Return the parameters of each notebook at one size, read from ``folder/size.yml``.

    Raises:
        BuildError: When there is no such size or the file is not a mapping of notebooks to parameters.
    """
    path = folder / f"{size}.yml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yml")))
        raise BuildError(f"there is no size {size!r}; known are {known}")
    try:
        sections = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise BuildError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(sections, dict) or not all(isinstance(part, dict) for part in sections.values()):
        raise BuildError(f"{path.name} must map the name of each notebook to its parameters")
    return sections


def changed_parameters(notebook: Path, parameters: Parameters) -> Parameters:
    """Return those parameters that differ from what the notebook itself says.

    papermill only warns of a name that the notebook does not have, and then runs at the wrong size.

    Raises:
        BuildError: When a name is not in the notebook's cell tagged ``parameters``.
    """
    if not parameters:
        return {}
    known = papermill.inspect_notebook(str(notebook))
    for name in parameters:
        if name not in known:
            names = ", ".join(known) or "none: it has no cell tagged parameters"
            raise BuildError(f"{notebook.name} has no parameter {name!r}; it has {names}")
    return {name: value for name, value in parameters.items() if default_of(known[name]) != value}


def default_of(parameter: dict) -> object:
    """Return the value that a notebook gives a parameter, or None when it is an expression."""
    try:
        return ast.literal_eval(parameter["default"])
    except (ValueError, SyntaxError):  # an expression: treated as different from any value
        return None
