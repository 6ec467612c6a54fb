"""What a sweep notes about itself in its file."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tegnas_study.storage.provenance import hardware, versions
from tegnas_study.sweep.rows import Sweep


def provenance(sweep: Sweep, notes: Mapping[str, object]) -> dict[str, object]:
    """Return what a run notes about itself, as JSON values; ``notes`` (command, device …) are added."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "space": sweep.space,
        "settings": sweep.settings,
        "images": sweep.images,
        "seed": sweep.seed,
        "images_digest": sweep.details.get("images_digest", ""),
        "details": dict(sweep.details),
        "versions": versions(),
        "hardware": hardware(),
        **notes,
    }
