"""The command line: a thin door to the toolkit, where every error becomes a line or two and an exit code."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from toolkit.cli.app import app
from toolkit.cli.terminal import flat
from toolkit.errors import SamestoryError

__all__ = ["app", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and gives the exit code: 0 done, 2 a mistake of the user's, 130 interrupted.

    Args:
        argv: The arguments after the program's name; those of the process when None.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a letter, or text with half of a surrogate pair, is no reason to stop.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = app(args or ["--help"], prog_name="samestory", standalone_mode=False)
        sys.stdout.flush()
    except SamestoryError as error:
        return _fail(str(error))
    except typer.TyperException as error:
        return _fail(_usage(error))
    except typer.Abort:
        return 130
    except BrokenPipeError:
        _let_go_of_stdout()
        return 1
    except OSError as error:
        _let_go_of_stdout()
        return _fail(f"{error.filename or 'standard output'}: cannot be read or written: {error.strerror or error}")
    return code if isinstance(code, int) else 0


def _let_go_of_stdout() -> None:
    """Standard output cannot be written (`samestory … | head`, a full disk): what is left in it is not tried again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str) -> int:
    typer.echo(f"samestory: {flat(message)}", err=True)
    return 2


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().strip().rstrip(".")
    message = message[:1].lower() + message[1:]
    command = getattr(getattr(error, "ctx", None), "command", None)
    if hasattr(error, "option_name") and message.startswith("no such option"):
        options = [o for p in command.params for o in p.opts if o.startswith("--")] if command else []
        return f"{message.split(' (')[0]}; choose from {', '.join([*options, '--help'])}"
    if message.startswith("no such command"):
        names = getattr(command, "commands", {})
        return f"{message.split('.')[0]}; choose from {', '.join(names)}"
    context = getattr(error, "ctx", None)
    return f"{message.replace('Value error, ', '')}; see {context.command_path if context else 'samestory'} --help"
