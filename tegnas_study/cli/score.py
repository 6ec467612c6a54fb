"""``tegnas score``: the indicators of a network of one's own, or of one from torchvision."""

import json

import click

from tegnas_study.cli import options

SIDE = options.Number(4, 1024)
CLASSES = options.Number(2, 100_000)


@click.command()
@click.argument("network", metavar="MODULE:FACTORY|MODEL")
@options.images
@click.option(
    "--classes",
    type=CLASSES,
    metavar="N",
    help="Outputs of the network, at least as many as the images have classes.  [default: as many]",
)
@click.option("--size", type=SIDE, metavar="N", help="Resize the images to N×N pixels.  [default: as they are]")
@click.option(
    "--batch-size", type=options.BATCH_SIZE, metavar="N", default=32, show_default=True, help="Images in a kernel."
)
@click.option(
    "--repeats",
    type=options.REPEATS,
    metavar="N",
    default=3,
    show_default=True,
    help="How many networks are made, each with fresh weights.",
)
@options.device
@options.seed
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead of a table.")
def score(
    network: str,
    images: str,
    classes: int | None,
    size: int | None,
    batch_size: int,
    repeats: int,
    device: str,
    seed: int,
    as_json: bool,
) -> None:
    """Score a network of your own: κ, R, MSE and every rival that is defined for it.

    MODULE:FACTORY is a function that returns a torch module, such as mynets:make, or models/net.py:Net for a file.
    It is called with num_classes or n_classes if it takes one of them. Without a colon it is the name of a model
    of torchvision. Compare scores only when images, sizes, batch size and seed are the same.

    \b
    Example:
      tegnas score shufflenet_v2_x0_5 --batch-size 8 --repeats 1
    """
    from tegnas_study.data.images import load_images

    source = load_images(images)
    device = options.resolve_device(device)
    from tegnas_study.own_network import words
    from tegnas_study.own_network.factory import find_factory
    from tegnas_study.own_network.score import score_network

    changes = {"n_classes": classes, "size": size, "batch_size": batch_size, "repeats": repeats, "seed": seed}
    found = score_network(find_factory(network), source, device=device, **changes)
    if not found.are_fresh:
        click.echo(
            f"{network} made the same weights more than once, so repeats say nothing of their chance; "
            "a factory should draw fresh ones, or give --repeats 1",
            err=True,
        )
    if as_json:
        side, n_classes = size or source.size, classes or source.n_classes
        about = {"network": network, "images": source.name, "size": side, "classes": n_classes}
        about |= {"batch_size": batch_size, "seed": seed}
        click.echo(json.dumps(about | words.as_object(found), ensure_ascii=False))
        return
    click.echo(f"{network} · {found.n_parameters:,} parameters · images {source.description} · seed {seed}")
    click.echo(words.as_text(found))
