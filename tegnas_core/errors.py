"""The one exception a user may meet."""


class TegnasError(ValueError):
    """Bad input or a damaged file: one line that says what is wrong and what would be right.

    The command line prints the line and exits with code 2; nothing else of the package raises on purpose.
    """
