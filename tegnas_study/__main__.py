"""``python -m tegnas_study`` is the command ``tegnas``."""

from tegnas_study.cli import main

main()
