"""The composition root: settings go in, the whole web application comes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse
from sqlalchemy import Engine, text
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import blockdata.address.register.api
import blockdata.api
import blockdata.grid.api
import blockdata.grid.ogc
import blockdata.landmark_api
import dispatch.api
from blockdata.address.service import AddressService
from blockdata.grid.features import Collections
from blockdata.settings import Settings
from blockdata.storage.database import open_database
from blockdata.storage.patience import bound_statements
from dispatch.desk import Desks
from maps.areas import areas_router
from maps.assets import require_assets
from maps.clock import clock_router
from maps.housekeeping import keep_house
from maps.limits import LIMITS, BodyLimit, Deadline, Limits
from maps.openapi import PROBLEMS, describe_problems
from maps.problems import UnexpectedErrors, install_problems
from maps.security import KnownHost, OwnPages, SecurityHeaders
from maps.slots import Slots
from maps.tiles.router import tiles_router

_STATIC = Path(__file__).resolve().parent / "static"
_PAGES = {"/": "index.html", "/addresses": "addresses.html", "/review": "review.html"}


class _Files(StaticFiles):
    """Our own files: kept by the browser, but asked after each time (the answer is mostly 304)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(settings: Settings, limits: Limits = LIMITS) -> FastAPI:
    """The web application: the page, the tiles and every API, on one database.

    It serves addresses, grids, roads and responders only, never a person's record: there is no
    sign-in yet.

    Raises:
        SetupError: the front end's assets, or the database, are not ready.
    """
    require_assets()
    engine = open_database(settings)
    bound_statements(engine)
    addresses = AddressService(engine, settings)
    desks = Desks(engine, settings, addresses)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house = asyncio.create_task(keep_house(engine, settings.clock))
        yield
        house.cancel()
        with suppress(asyncio.CancelledError):
            await house
        addresses.close()
        engine.dispose()

    # FastAPI's own documentation pages load scripts from elsewhere; /openapi.json stays.
    app = FastAPI(
        title="Block data",
        version=version("blockdata"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=PROBLEMS,
    )
    app.state.addresses, app.state.desks = addresses, desks
    install_problems(app)
    describe_problems(app)
    _add_middleware(app, settings, limits)
    _add_routes(app, settings, engine, addresses, desks)
    _add_pages(app)
    return app


def _add_middleware(app: FastAPI, settings: Settings, limits: Limits) -> None:
    """What every request passes through; the last one added is the outermost."""
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(BodyLimit, most_bytes=limits.body_bytes, seconds=limits.body_s)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(Deadline, seconds=limits.request_s)
    app.add_middleware(OwnPages, pages=_PAGES)
    app.add_middleware(KnownHost, host=settings.host)
    app.add_middleware(SecurityHeaders)


def _add_routes(
    app: FastAPI, settings: Settings, engine: Engine, addresses: AddressService, desks: Desks
) -> None:
    """Every API, by what its routes share a number of slots with (``slots``)."""
    computing, reading, looking_up, health = (
        Depends(slots, scope="function")
        for slots in (Slots(4, 16), Slots(4, 128), Slots(4, 64), Slots(1, 16))
    )
    area = settings.area
    app.include_router(blockdata.api.router(addresses, area), dependencies=[looking_up])
    app.include_router(blockdata.landmark_api.router(addresses, area), dependencies=[looking_up])
    app.include_router(
        blockdata.address.register.api.router(engine, addresses, area), dependencies=[looking_up]
    )
    app.include_router(dispatch.api.router(desks), dependencies=[computing])
    app.include_router(blockdata.grid.api.router(engine, area), dependencies=[reading])
    app.include_router(
        blockdata.grid.ogc.router(Collections(engine), settings.clock), dependencies=[reading]
    )
    app.include_router(clock_router(engine, settings.clock), dependencies=[reading])
    app.include_router(areas_router(engine), dependencies=[reading])
    app.include_router(tiles_router(engine), dependencies=[reading])

    @app.get("/v1/health", tags=["health"], dependencies=[health])
    def health_() -> dict[str, str]:
        """Whether the server and its database answer."""
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ok", "version": app.version}


def _add_pages(app: FastAPI) -> None:
    for path, file in _PAGES.items():
        _add_page(app, path, file)
    app.mount("/static", _Files(directory=_STATIC), name="static")


def _add_page(app: FastAPI, path: str, file: str) -> None:
    @app.get(path, include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_STATIC / file, headers={"cache-control": "no-cache"})
