"""``tegnas architecture``: an architecture of NAS-Bench-201 in every notation."""

import json

import click

from tegnas_study.cli import options

_NOTATIONS = ("string", "index", "naslib")


@click.command()
@click.argument("architectures", nargs=-1, required=True, metavar="ARCH…")
@click.option("--to", type=click.Choice(_NOTATIONS), help="Print this notation only, a line for each.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line instead of a table.")
def architecture(architectures: tuple[str, ...], to: str | None, as_json: bool) -> None:
    """Write architectures of NAS-Bench-201 in the notations of other packages.

    ARCH is the benchmark's string, which NATS-Bench shares; its index, 0 to 15,624; or the tuple of NASLib,
    as in "(4, 0, 3, 1, 4, 3)". Which of them it is shows from how it looks.

    \b
    Example:
      tegnas architecture "(4, 0, 3, 1, 4, 3)" 0
    """
    from tegnas_core.spaces import NASBench201
    from tegnas_study.data.benchmark.notations import read_architecture, to_naslib, written

    if as_json:
        options.refuse(["to"], "with --json, which holds every notation")
    found = [read_architecture(text) for text in architectures]  # all of them, before anything is printed
    if to is not None:
        click.echo("\n".join(written(one, to) for one in found))
        return
    for one in found:
        if as_json:
            index = NASBench201().index_of(one)
            click.echo(json.dumps({"string": str(one), "index": index, "naslib": to_naslib(one)}))
        else:
            click.echo(f"{written(one, 'index'):>5}  {written(one, 'naslib')}  {one}")
