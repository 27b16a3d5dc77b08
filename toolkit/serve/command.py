"""The command `serve`: the page in the browser of this machine."""

import logging
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from toolkit.errors import ConfigError, OutputError

HELP = """Serve a page to compare reports in the browser of this machine.

\b
samestory serve
samestory serve --port 9000 --keep comparisons/
"""


def run(  # one parameter an option, as typer has it
    host: Annotated[str, typer.Option("--host", help="Address to listen at; others than this machine's open it.")] = (
        "127.0.0.1"
    ),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 8765,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="DIR", help="Write every result there; else nothing is kept.")
    ] = None,
    config: Annotated[str | None, typer.Option("--config", metavar="FILE", help="Options as YAML.")] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="Another name the page is called by; repeat it."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Read links to this machine and to private networks too.")
    ] = False,
) -> None:
    """The command `samestory serve`."""
    try:
        import fastapi  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn
    except ModuleNotFoundError as error:
        raise ConfigError(f"the page needs {error.name}; install it with: pip install 'samestory[serve]'") from None
    from toolkit.config import CompareConfig
    from toolkit.serve.app import LOOPBACK, ServeOptions, create_app

    folder = _folder(keep)
    options = ServeOptions(
        config=CompareConfig.from_yaml(config) if config else CompareConfig(), keep=folder,
        hosts=(host, *(allow_host or ())), private=allow_private,
    )  # fmt: skip
    app = create_app(options)
    # uvicorn's own set-up of logging closes every handler of the process, and with some of them their streams
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="warning", server_header=False))
    with _listening(host, port) as listener, _log_on_the_terminal():
        at = f"[{host}]" if ":" in host else host
        typer.echo(f"samestory serves at http://{at}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        if host not in LOOPBACK:
            typer.echo("whoever can reach that address can use it: there is no password and no encryption", err=True)
        if folder:
            typer.echo(f"every result is kept in {folder}")
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    if not getattr(app.state, "ended", True):
        # The thread stands in native code; a program that ends around it is aborted, with a message about nothing.
        sys.stdout.flush()
        os._exit(0)


def _folder(keep: str | None) -> Path | None:
    if keep is None:
        return None
    folder = Path(keep)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise OutputError(f"--keep {keep}: cannot be written: {error.strerror or error}") from None
    return folder


@contextmanager
def _log_on_the_terminal() -> Iterator[None]:
    """What goes wrong inside is told where the server was started; the page shows no traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    log = logging.getLogger("toolkit")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, reuse_port=False)
    except OSError as error:
        raise ConfigError(f"cannot listen at {host}:{port}: {error.strerror or error}; give another --port") from None
