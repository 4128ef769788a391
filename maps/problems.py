"""Every error that leaves over HTTP is a problem document (RFC 9457), made in this one place."""

from collections.abc import Mapping

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockdata.deadline import too_long
from blockdata.errors import BlockdataError, Busy, InputError, NotFound, Unavailable
from blockdata.logs import without_words
from blockdata.text import Text
from blockdata.validation import from_validation
from maps.refusing import MEDIA_TYPE, problem_body, problem_headers, refuse

_log = structlog.get_logger(__name__)

# What the framework refuses before a route is asked; anything else is quoted as it is.
_REFUSED: Mapping[int, tuple[str, Text]] = {
    400: ("body", Text("请求体无法解析", "the body cannot be parsed")),
    405: ("method", Text("此地址不支持该方法", "this address does not know the method")),
    415: ("content-type", Text("不支持这种内容类型", "this type of content is not supported")),
}


def install_problems(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""

    @app.exception_handler(BlockdataError)
    async def known(_: Request, error: BlockdataError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> Response:
        return problem(from_validation(list(error.errors()), otherwise="body"))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            path = request.url.path
            return problem(NotFound(Text(f"没有 {path}", f"there is no {path}"), field="path"))
        field, said = _REFUSED.get(
            error.status_code, (None, Text(f"请求被拒绝:{error.detail}", str(error.detail)))
        )
        about = InputError(said, field=field)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        if error.status_code == 405:
            headers["allow"] = ", ".join(_methods_of(app, request.scope))
        return problem(about, status=error.status_code, headers=headers)

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    async def database(_: Request, error: DBAPIError) -> Response:
        return problem(_from_database(error))

    @app.exception_handler(NoConnection)
    async def no_connection(_: Request, __: NoConnection) -> Response:
        return problem(Busy(Text("数据库连接已用完", "all connections of the database are in use")))


class UnexpectedErrors:
    """Answers 500 where something fails that nobody foresaw, and logs where: never what was asked.

    The answer says nothing of the inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 -- this is where all of them end
            _log.error("an error inside the server", trace=without_words(error))
            if begun:  # the connection ends, so that the half is not taken for the whole
                raise RuntimeError("the answer broke off") from None
            await refuse(send, BlockdataError(Text("服务内部错误", "an error inside the server")))


def problem(
    error: BlockdataError, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that tells of an error."""
    status, body = problem_body(error, status)
    more = {**problem_headers(error), **(headers or {})}
    return Response(body, status, more, media_type=MEDIA_TYPE)


def _methods_of(app: FastAPI, scope: Scope) -> list[str]:
    """The methods that a request's path has, over all routes that share it; of files, two."""
    routes = [route for route in app.router.routes if not isinstance(route, Mount)]
    return [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ] or ["GET", "HEAD"]


def _from_database(error: DBAPIError) -> BlockdataError:
    """What the database's not answering means to whoever asked."""
    if isinstance(error.orig, pg.QueryCanceled):
        return too_long()
    if isinstance(error.orig, pg.LockNotAvailable | pg.DeadlockDetected):
        return Busy(
            Text("他人正在修改同一数据", "somebody else is changing the same"),
            cure=Text("稍后再试", "ask again in a moment"),
        )
    state = getattr(error.orig, "sqlstate", None)
    # what the driver says of a connection that fails holds no data; what the server says may
    said = str(error.orig) if state is None else state
    _log.error("the database does not answer", said=said)
    return Unavailable(
        Text("数据库没有应答", "the database does not answer"),
        cure=Text("运行:blockdata db start", "run: blockdata db start"),
    )
