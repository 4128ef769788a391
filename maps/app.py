"""The composition root: settings go in, the whole web application comes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
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
import dispatch.api
from blockdata.address.service import AddressService
from blockdata.clock import Clock
from blockdata.grid.features import Collections
from blockdata.settings import Settings
from blockdata.storage.database import open_database
from dispatch.desk import Desks
from maps.areas import areas_router
from maps.assets import require_assets
from maps.clock import clock_router
from maps.housekeeping import keep_house
from maps.problems import install_problems
from maps.security import KnownHost, SecurityHeaders
from maps.tiles.router import tiles_router

_STATIC = Path(__file__).resolve().parent / "static"


class _Files(StaticFiles):
    """Our own files: kept by the browser, but asked after each time (the answer is mostly 304)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(settings: Settings) -> FastAPI:
    """The web application: the page, the tiles and every API, on one database.

    It serves addresses, grids, roads and responders only, never a person's record: there is no
    sign-in yet.

    Raises:
        SetupError: the front end's assets, or the database, are not ready.
    """
    require_assets()
    engine = open_database(settings)
    addresses = AddressService(engine, settings)
    desks = Desks(engine, settings, addresses)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house = asyncio.create_task(keep_house(engine))
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
    )
    app.state.addresses, app.state.desks = addresses, desks
    install_problems(app)
    # The last one added is the outermost.
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(KnownHost, host=settings.host)
    app.add_middleware(SecurityHeaders)
    app.include_router(blockdata.api.router(addresses, settings.area))
    app.include_router(blockdata.address.register.api.router(engine, addresses, settings.area))
    app.include_router(blockdata.grid.api.router(engine, settings.area))
    app.include_router(dispatch.api.router(desks))
    _add_routes(app, engine, settings.clock)
    return app


def _add_routes(app: FastAPI, engine: Engine, clock: Clock) -> None:
    app.include_router(clock_router(engine, clock))
    app.include_router(areas_router(engine))
    app.include_router(tiles_router(engine))
    app.include_router(blockdata.grid.ogc.router(Collections(engine), clock))

    @app.get("/v1/health", tags=["health"])
    def health() -> dict[str, str]:
        """Whether the server and its database answer."""
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ok", "version": app.version}

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_STATIC / "index.html", headers={"cache-control": "no-cache"})

    for name in ("addresses", "review"):
        _add_page(app, name)
    app.mount("/static", _Files(directory=_STATIC), name="static")


def _add_page(app: FastAPI, name: str) -> None:
    @app.get(f"/{name}", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_STATIC / f"{name}.html", headers={"cache-control": "no-cache"})
