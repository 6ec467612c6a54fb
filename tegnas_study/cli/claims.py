"""``tegnas claims``: what the paper claims, and whether it holds here."""

import click


@click.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with every number instead of lines.")
def claims(names: tuple[str, ...], as_json: bool) -> None:
    """Judge the paper's claims by the tables of this study.

    Each line says the verdict, the ID of the claim and our number: the mean, its deviation from draw to draw and
    an interval of 95 %. Without an ID all claims are judged, which takes some seconds.

    \b
    Example:
      tegnas claims fig1-kappa above-parameters
    """
    import json

    from tegnas_study.ledger import read_claims, verdict_of
    from tegnas_study.ledger.plain import plain

    judged = [verdict_of(name) for name in names or [claim.id for claim in read_claims()]]
    if as_json:
        click.echo(json.dumps([plain(found) for found in judged], ensure_ascii=False, indent=1))
        return
    for found in judged:
        numbers = "; ".join(f"{part.name}: {part.found}" if part.name else str(part.found) for part in found.parts)
        click.echo(f"{found.mark} {found.word:<17} {found.claim.id}  {numbers or found.claim.rule.why}")
