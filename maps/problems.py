"""Every error that leaves over HTTP is a problem document (RFC 9457), made in this one place."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from blockdata.errors import BlockdataError, InputError, NotFound, Unavailable, http_status
from blockdata.text import Text
from maps.security import SECURITY_HEADERS

_log = structlog.get_logger(__name__)

# What pydantic says of a field, in words for both languages; anything else is quoted as it is.
_SAID: Mapping[str, Text] = {
    "missing": Text("缺少该项", "it is missing"),
    "int_parsing": Text("应为整数", "it should be a whole number"),
    "float_parsing": Text("应为数字", "it should be a number"),
    "string_too_short": Text("内容过短", "it is too short"),
    "string_too_long": Text("内容过长", "it is too long"),
    "extra_forbidden": Text("没有这一项", "there is no such field"),
    "json_invalid": Text("不是合法的 JSON", "it is not valid JSON"),
}


def install_problems(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""

    @app.exception_handler(BlockdataError)
    async def known(_: Request, error: BlockdataError) -> JSONResponse:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(_from_validation(error.errors()[0]))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            path = request.url.path
            return problem(NotFound(Text(f"没有 {path}", f"there is no {path}"), field="path"))
        about = BlockdataError(Text(f"请求被拒绝:{error.detail}", str(error.detail)))
        return problem(about, status=error.status_code, headers=error.headers)

    @app.exception_handler(OperationalError)
    async def database(_: Request, error: OperationalError) -> JSONResponse:
        _log.error("database does not answer", error=str(error.orig))
        return problem(
            Unavailable(
                Text("数据库没有应答", "the database does not answer"),
                cure=Text("运行:blockdata db start", "run: blockdata db start"),
            )
        )

    @app.exception_handler(Exception)
    async def unexpected(_: Request, __: Exception) -> JSONResponse:
        # The server logs the trace itself; the answer says nothing of the inside. It is made
        # outside every middleware, so it brings the headers along.
        about = BlockdataError(Text("服务内部错误", "an error inside the server"))
        return problem(about, headers=SECURITY_HEADERS)


def problem(
    error: BlockdataError, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that tells of an error."""
    document = error.problem()
    document["status"] = status or http_status(error)
    return JSONResponse(
        document,
        status_code=document["status"],
        headers=dict(headers or {}),
        media_type="application/problem+json",
    )


def _from_validation(first: Mapping[str, Any]) -> InputError:
    """The first thing that a request's model found wrong, naming the field as the caller does."""
    where = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
    message = str(first["msg"])
    said = _SAID.get(str(first["type"]), Text(f"取值不合要求({message})", message))
    return InputError(said, field=".".join(where) or "body")
