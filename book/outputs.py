"""What a chapter shows: its figures, its tables and the numbers in its prose, each with a digest."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode
from PIL import Image

_GLUED = "application/papermill.record/text/plain"
_HEADING = re.compile(r"^#+ +(.+)$", re.M)


@dataclass(frozen=True)
class Output:
    """Something that a chapter shows.

    Attributes:
        file: Where `make check` writes it, under ``_build/check``: chapter and name.
        comment: What it is: a figure's caption, or the heading above a table.
        content: Its bytes.
        digest: The SHA-256 of what can be seen: of the pixels of a picture, and of the text of anything else.
    """

    file: str
    comment: str
    content: bytes = field(repr=False)
    digest: str


def outputs(notebook: NotebookNode, stem: str) -> Iterator[Output]:
    """Yield what an executed chapter shows, in the order of the page, and its numbers at the end."""
    heading, n_tables, numbers = stem, 0, {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = next(iter(_HEADING.findall(cell.source)[::-1]), heading)
            continue
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        pictures = 0
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "scrapbook" in output.get("metadata", {}):
                numbers[output.metadata["scrapbook"]["name"]] = _value(data)
            elif "image/png" in data and figure:
                more = f"-{pictures}" if pictures else ""
                pictures += 1
                yield _picture(f"{stem}/{figure['name']}{more}.png", figure.get("caption", ""), data["image/png"])
            elif "<table" in (text := "".join(data.get("text/html", ""))):
                n_tables += 1
                yield _text(f"{stem}/table-{n_tables}.html", heading, text)
    if numbers:
        text = json.dumps(numbers, indent=1, sort_keys=True, ensure_ascii=False)
        yield _text(f"{stem}/numbers.json", "the numbers in the prose", text)


def _value(data: dict) -> str:
    return "".join(data.get(_GLUED, "")) or json.dumps(data, sort_keys=True)


def _text(file: str, comment: str, text: str) -> Output:
    content = text.encode()
    return Output(file, comment, content, hashlib.sha256(content).hexdigest())


def _picture(file: str, comment: str, encoded: str) -> Output:
    content = base64.b64decode(encoded)
    with Image.open(io.BytesIO(content)) as image:  # a file also names the program that wrote it
        seen = f"{image.size} {image.mode} ".encode() + image.tobytes()
    return Output(file, " ".join(comment.split()), content, hashlib.sha256(seen).hexdigest())
