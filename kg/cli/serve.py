"""`mismatch serve`: the service, until it is stopped."""

import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from math import ceil
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from kg import __version__
from kg.cli._output import write
from kg.errors import NotAllowed
from kg.service.app import create_app, running
from kg.service.engine import check_store
from kg.service.settings import Settings, operated, read_settings
from kg.service.wire import logs
from kg.service.wire.connections import protocol

_WORDS = 500
_STRANGE = (
    "Of what `mismatch check` put into the store nothing is served: {}. "
    "Take it in with `mismatch load PATH --store {}`.\n"
)
_FRESH = """Other machines reach it, and MISMATCH_OPERATOR_TOKEN is not set: it is read-only.
To change anything set it to a secret of your own, or to this one, told only once, and start anew:
{}
"""


def command(
    *,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="Where the graphs are: a folder, memory: for a store that ends with the "
            "service, or http(s)://… of an endpoint. [default: memory:]",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="H", help="The address to listen on. [default: 127.0.0.1]"),
    ] = None,
    load: Annotated[
        list[Path] | None,
        typer.Option(
            "--load",
            metavar="PATH",
            help="Load this folder as a project at the start; can be repeated. "
            "One that is there already is replaced where it differs.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", help="The port to listen on. [default: 8000]"),
    ] = None,
) -> None:
    """Serve projects, SPARQL and graphs over HTTP.

    MISMATCH_STORE, MISMATCH_HOST and all other settings are read from the environment and from the
    file that MISMATCH_SETTINGS names. Ctrl-C stops it, after the requests that are under way.
    """
    given = read_settings(store=store, host=host, port=port, load=tuple(load or ()) or None)
    settings, fresh = operated(given)
    logs.configure(settings)
    strange = check_store(settings)
    app = create_app(settings)
    with _listening(settings) as found:
        config = uvicorn.Config(
            app,
            # What keeps it from starting is told as all else is: see below.
            lifespan="off",
            http=protocol(settings),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            # What a proxy says of a client, anybody can say.
            proxy_headers=False,
            timeout_graceful_shutdown=ceil(settings.grace),
        )
        name = f"[{settings.host}]" if ":" in settings.host else settings.host

        def tell() -> None:
            write(f"Serving http://{name}:{found.getsockname()[1]}/sparql until Ctrl-C\n", None)
            if strange:
                write(_STRANGE.format(", ".join(strange)[:_WORDS], settings.store), None)
            if fresh is not None:
                write(_FRESH.format(fresh), None)
            logs.tell("started", address=name, port=found.getsockname()[1], version=__version__)

        _Server(config, running(app), tell).run(sockets=[found])


class _Server(uvicorn.Server):
    """Lets requests end when it is to stop, and stops at once when it is told so again."""

    def __init__(
        self,
        config: uvicorn.Config,
        running: AbstractAsyncContextManager[object],
        tell: Callable[[], None],
    ) -> None:
        """A server for an application, while that runs; tells when it begins."""
        super().__init__(config)
        self._running = running
        self._tell = tell

    async def _serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve as long as the application runs; raises what keeps it from starting."""
        async with AsyncExitStack() as works:
            await works.enter_async_context(self._running)
            self._tell()
            await super()._serve(sockets)
            if self.force_exit:
                works.pop_all()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop, or stop."""
        self.force_exit = self.force_exit or self.should_exit
        logs.tell("stopping at once" if self.force_exit else "stopping", signal=sig)
        super().handle_exit(sig, frame)


def _listening(settings: Settings) -> socket.socket:
    """The socket to listen on; raises NotAllowed where it is taken, or not this machine's."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Where the protocol is not told, asyncio leaves Nagle's algorithm on: 40 ms a small answer.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((settings.host, settings.port))
        return found
    except OSError as error:
        found.close()
        raise NotAllowed(
            f"Nothing can listen on {settings.host}, port {settings.port}: {error.strerror}",
            "Name another with --host or --port, or stop the program that has it",
        ) from error
