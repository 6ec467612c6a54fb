"""What goes wrong in a build is told in one line."""

import click


class BuildError(click.ClickException):
    """A build that cannot go on; its message is one line that says what to do."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """Travel between processes with the message alone."""
        return type(self), (self.message,)
