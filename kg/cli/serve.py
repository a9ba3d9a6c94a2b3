"""`mismatch serve`: the service, until it is stopped."""

from typing import Annotated

import typer
import uvicorn

from kg.service.app import create_app
from kg.service.settings import read_settings


def command(
    *,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="Where the graphs are: a folder, or memory: for a store that ends with the "
            "service. [default: memory:]",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="H", help="The address to listen on. [default: 127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", help="The port to listen on. [default: 8000]"),
    ] = None,
) -> None:
    """Serve SPARQL and graphs over HTTP.

    MISMATCH_STORE, MISMATCH_HOST and all other settings are read from the environment and from the
    file that MISMATCH_SETTINGS names. Ctrl-C stops it, after the requests that are under way.
    """
    settings = read_settings(store=store, host=host, port=port)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
