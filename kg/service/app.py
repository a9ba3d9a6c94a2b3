"""The application: every resource of this folder behind its gates, around one engine.

A module with a `router` is a resource; one with a `background` works as long as the engine runs.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from kg import __version__
from kg.extensions import modules
from kg.service import engine as engines
from kg.service import openapi, sparql
from kg.service.access import Access
from kg.service.pages.problems import ProblemPages, unforeseen
from kg.service.settings import Settings
from kg.service.wire import logs
from kg.service.wire.gates import Heads, Loopback, Tokens
from kg.service.wire.problems import tell_problems
from kg.service.wire.responses import ID, TRUNCATED, ClientGone
from kg.service.wire.watching import Counts, Watched

_GONE = 499
_ASKED = [
    "Accept",
    "Authorization",
    "Content-Type",
    "Query-Timeout",
    "Query-Rows",
    "Query-Memory",
    ID,
]


def create_app(settings: Settings, access: Access | None = None) -> FastAPI:
    """An application for these settings; its store is opened when it starts."""
    counts = Counts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            engines.running(settings, access, counts.tell) as engine,
            AsyncExitStack() as works,
        ):
            app.state.engine = engine
            for module in modules("kg.service").values():
                background = getattr(module, "background", None)
                if background is not None:
                    await works.enter_async_context(background(engine))
            yield
        logs.tell("stopped")

    # The pages that FastAPI offers would fetch their scripts from elsewhere.
    app = FastAPI(
        title="ml-mismatch",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        **openapi.said(settings),
    )
    openapi.describe(app, settings)
    tell_problems(app)
    app.add_exception_handler(Exception, unforeseen)
    app.add_exception_handler(ClientGone, _gone)
    for module in modules("kg.service").values():
        router = getattr(module, "router", None)
        if router is not None:
            app.include_router(router)
        made = getattr(module, "router_for", None)
        if made is not None:
            app.include_router(made(settings))
    # What is asked most passes by all that FastAPI could do with it, which takes longer than it.
    direct = [
        Route(route.path, route.endpoint, methods=route.methods)
        for route in sparql.router.routes
        if isinstance(route, Route)
    ]
    app.router.routes[:0] = direct
    _gate(app, settings)
    app.state.counts = counts
    app.add_middleware(Watched, counts=counts, settings=settings)
    return app


def running(app: FastAPI) -> AbstractAsyncContextManager[object]:
    """What the application needs to answer, from its start to its end; raises what keeps it from
    starting.
    """
    return app.router.lifespan_context(app)


def _gate(app: FastAPI, settings: Settings) -> None:
    """Puts the gates before the resources; what is added last is passed first."""
    # Within what packs bodies for those of resources, and without for those of the gates.
    app.add_middleware(ProblemPages)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Heads)
    app.add_middleware(Tokens)
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors),
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
            allow_headers=_ASKED,
            expose_headers=["ETag", "Location", "Retry-After", ID, TRUNCATED, logs.HEADER],
        )
    if settings.loopback:
        app.add_middleware(Loopback, origins=settings.cors)
    app.add_middleware(ProblemPages)


async def _gone(_: Request, __: Exception) -> Response:
    """Nobody reads this; a log may."""
    return Response(status_code=_GONE)
