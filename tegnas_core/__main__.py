"""``python -m tegnas_core`` is the command ``tegnas``."""

from tegnas_core.cli import main

main()
