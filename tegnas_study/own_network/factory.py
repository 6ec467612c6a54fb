"""From what a user types to a function that makes a network: ``MODULE:FACTORY``, or a model of torchvision."""

import contextlib
import difflib
import importlib
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from torch import nn

from tegnas_core.errors import TegnasError, quoted

Factory = Callable[[int], nn.Module]  # from a number of classes to a module with fresh weights

_WORDS_FOR_CLASSES = ("num_classes", "n_classes")
_LONGEST = 300  # characters of somebody else's message


def find_factory(text: str) -> Factory:
    """Return the function that a text names; it takes the number of classes and returns a module.

    ``MODULE:FACTORY`` is a function (or a class) of an importable module, or of a Python file when MODULE ends in
    ".py". It is called with ``num_classes`` or ``n_classes`` when it has such an argument. Any other text is a
    classification model of torchvision, which is made without trained weights. The module is imported, so its code
    runs.

    Raises:
        TegnasError: When there is no such module, function or model. The function that is returned raises it when
            the factory fails or makes no `torch.nn.Module`.
    """
    module, colon, name = text.strip().rpartition(":")
    if not colon:
        return _torchvision_model(text.strip())
    if not module or not name:
        raise TegnasError(f"a factory is written MODULE:FACTORY, as in mynets:make, got {quoted(text)}")
    found = _imported(module)
    if not hasattr(found, name):
        close = difflib.get_close_matches(name, dir(found), n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise TegnasError(f"{quoted(module)} has no {quoted(name)}{hint}")
    make = getattr(found, name)
    if isinstance(make, nn.Module):
        raise TegnasError(f"{text} is a module already; name a function that makes one with fresh weights")
    if not callable(make):
        raise TegnasError(f"{text} is {quoted(make)} and no function that makes a module")
    return lambda n_classes: _made(text, make, **_words(make, n_classes))


def told(error: BaseException) -> str:
    """Return somebody else's exception as a part of a line: its kind, and the beginning of its message."""
    message = " ".join(str(error).split())
    message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


@contextlib.contextmanager
def foreign_code() -> Iterator[None]:
    """Let code of others run: what it prints goes to stderr, its warnings nowhere, and it compiles no files."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.dont_write_bytecode = before


def _imported(module: str) -> ModuleType:
    try:
        with foreign_code():
            return _from_file(Path(module)) if module.endswith(".py") else _from_here(module)
    except (Exception, SystemExit) as error:  # whatever the code of others does
        raise TegnasError(f"cannot import {quoted(module)}: {told(error)}") from error


def _from_here(module: str) -> ModuleType:
    """Import by name, from the current folder too, as Python does when it is asked to run a module."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(module)
    finally:
        sys.path.pop(0)


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError("there is no such file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _words(make: Callable, n_classes: int) -> dict[str, int]:
    try:
        parameters = inspect.signature(make).parameters
    except (TypeError, ValueError):  # some builtins have none
        return {}
    return {word: n_classes for word in _WORDS_FOR_CLASSES if word in parameters}


def _torchvision_model(name: str) -> Factory:
    import torchvision  # takes a second, and needs its matching torch

    known = torchvision.models.list_models(module=torchvision.models)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3)
        hint = f"; close ones are {', '.join(close)}" if close else ""
        own = "A network of your own is MODULE:FACTORY"
        raise TegnasError(f"torchvision has no classification model {quoted(name)}{hint}. {own}")
    return lambda n_classes: _made(name, torchvision.models.get_model, name, weights=None, num_classes=n_classes)


def _made(text: str, make: Callable, *arguments: object, **words: object) -> nn.Module:
    try:
        with foreign_code():
            network = make(*arguments, **words)
    except (Exception, SystemExit) as error:
        raise TegnasError(f"{text} cannot be called: {told(error)}") from error
    if not isinstance(network, nn.Module):
        raise TegnasError(f"{text} returns {quoted(network)}; it should return a torch.nn.Module")
    return network
