"""A Sphinx extension: where the repository is published, pages lead there, and chapters open in Colab.

The address stands in one place, `repository.url` of ``_config.yml``. Without it there is no button.
"""

from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

COLAB = "https://colab.research.google.com"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", _offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _offer(_app: "Sphinx", config: "Config") -> None:
    options = config.html_theme_options
    address = str(options.get("repository_url") or "").strip().rstrip("/")
    if not address:
        return
    if not address.startswith("https://") or address.count("/") < 4:
        raise ConfigError(
            f"repository.url in _config.yml is {address!r}; it must look like https://github.com/OWNER/NAME"
        )
    options |= {"repository_url": address, "use_repository_button": True, "use_issues_button": True}
    if address.startswith("https://github.com/"):  # the only host that Colab opens notebooks from
        options["launch_buttons"] = {**options.get("launch_buttons", {}), "colab_url": COLAB}
