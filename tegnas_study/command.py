"""Running a click command as a program: a mistake of the user is one line on stderr and exit code 2."""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import NoReturn

import click

from tegnas_core.errors import TegnasError

LARGEST_SEED = 2**63 - 1  # a signed integer of 64 bits, as tables hold them
_LONGEST = 800  # characters of a message; a mistake of thousands is not repeated in full


def run_command(command: click.Command, name: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code.

    The code is 0 when all went well, also when the reader of a pipe has seen enough; 2 after a mistake of the
    user, or when what is printed cannot be written; and 130 after Ctrl-C.

    Args:
        command: What is run.
        name: How the program calls itself.
        arguments: The words after its name; None takes those of this process.
    """
    stdout = sys.stdout
    words = None if arguments is None else list(arguments)
    try:
        code = command.main(args=words, prog_name=name, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else name
        _fail(name, error.format_message(), hint=f" (see '{where} --help')")
    except (TegnasError, click.ClickException) as error:
        _fail(name, str(error))
    except (KeyboardInterrupt, click.Abort) as error:
        cause = error.__cause__ or error  # click hides what was interrupted behind an Abort
        click.echo(f"{name}: {str(cause) or 'stopped'}", err=True)
        sys.exit(128 + getattr(cause, "signal", 2))
    except SystemExit as error:
        # click replaces it when its reader, as `head`, has gone, and exits with 1
        enough = sys.stdout is not stdout
        sys.exit(0 if enough else error.code)
    except OSError as error:
        if not _was_printing(error):
            raise
        _give_up_stdout()
        _fail(name, f"cannot write the output ({error.strerror})")
    sys.exit(code if isinstance(code, int) else 0)


def number_option(
    flag: str, *names: str, lowest: int, highest: int, default: int, help: str
) -> Callable[[Callable], Callable]:
    """Return an option that is a whole number between two bounds, for the programs beside `tegnas`.

    Args:
        flag: What is typed, such as "--cells".
        *names: What the function calls it, where that differs.
        lowest: The smallest number that is taken.
        highest: The largest one.
        default: The number when it is left out.
        help: What the number is, for the help text.
    """
    bounds = click.IntRange(lowest, highest)
    return click.option(flag, *names, type=bounds, default=default, show_default=True, help=help)


def seed_option(help: str) -> Callable[[Callable], Callable]:
    """Return the option ``--seed``, 0 unless it is given.

    Args:
        help: What follows from the seed, for the help text.
    """
    return number_option("--seed", lowest=0, highest=LARGEST_SEED, default=0, help=help)


def _was_printing(error: OSError) -> bool:
    """Say whether an error comes from printing, and not from a file that was left unguarded."""
    return any(frame.f_code is click.echo.__code__ for frame, _ in traceback.walk_tb(error.__traceback__))


def _give_up_stdout() -> None:
    """Send what is left in the buffer of stdout nowhere: Python would try to write it again as it ends."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _fail(name: str, message: str, *, hint: str = "") -> NoReturn:
    """Print a message as one line of bearable length that any terminal can show, and exit with code 2."""
    line = " ".join(message.split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
    click.echo(f"{name}: {shown}{hint}", err=True)
    sys.exit(2)
