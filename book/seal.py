"""Seal the answer of an exercise: digest it into the chapter's file of answers, for authors."""

import ast
import json
from pathlib import Path

import click
import yaml

from book.errors import BuildError
from book.offline import write
from tegnas_core.errors import TegnasError
from tegnas_study.command import run_command
from tegnas_study.exercises import Sealed, seal
from tegnas_study.exercises.checking import FOLDER, read_sealed

HEAD = "# Sealed answers: python -m book.seal writes them. The answers cannot be read from them.\n"


def write_sealed(path: Path, key: str, sealed: Sealed) -> None:
    """Put a sealed answer into a chapter's file, in place of the one with the same label."""
    answers = {**(read_sealed(path) if path.exists() else {}), key: sealed}
    lines = [f"{label}: {_fields(answers[label])}\n" for label in sorted(answers)]
    write(path, HEAD + "".join(lines))


def _fields(sealed: Sealed) -> str:
    fields = json.loads(sealed.model_dump_json(exclude_defaults=True))
    return yaml.safe_dump(
        fields, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False
    ).strip()


@click.command(context_settings={"ignore_unknown_options": True})  # an answer may be negative
@click.argument("chapter")
@click.argument("key")
@click.argument("answer")
@click.option("--tolerance", default=0.0, help="How far each number may be off, in its own unit.")
@click.option("--any-order", is_flag=True, help="The order of a list is free.")
@click.option("--choice", "choices", multiple=True, help="A word to choose from; give the option once for each.")
@click.option("--hint", default="", help="What a wrong answer is told besides.")
def main(
    chapter: str, key: str, answer: str, tolerance: float, any_order: bool, choices: tuple[str, ...], hint: str
) -> None:
    """Seal ANSWER, the answer of the exercise labelled KEY, in the file of CHAPTER, such as 02_indicators.

    ANSWER is read as Python: 16, 0.64, True, [1, 2], or a word, with quotes or without.
    """
    if not (FOLDER.parent / f"{chapter}.py").is_file():
        known = ", ".join(path.stem for path in sorted(FOLDER.parent.glob("*.py")))
        raise BuildError(f"there is no chapter {chapter!r}; known are {known}")
    try:
        value = _read(answer)
        sealed = seal(key, value, tolerance=tolerance, unordered=any_order, choices=choices, hint=hint)
        write_sealed(FOLDER / f"{chapter}.yml", key, sealed)
    except TegnasError as error:
        raise BuildError(str(error)) from None
    click.echo(f"{key}: {sealed.kind}; the right answer gets the reply: {sealed.reply(key, value)}")


def _read(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):  # a bare word
        return text


if __name__ == "__main__":
    run_command(main, "seal")
