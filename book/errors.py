"""What goes wrong in a build is told in one line."""

import click


class BuildError(click.ClickException):
    """A build that cannot go on; its message is one line that says what to do, its exit code is 2."""

    exit_code = 2

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """Travel between processes with the message alone."""
        return type(self), (self.message,)
