"""What ``/openapi.json`` says of errors: every route may answer with any of these problems."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from maps.refusing import MEDIA_TYPE

_SCHEMA: Final = "#/components/schemas/Problem"
_WHEN: Final = {
    400: "a parameter is not known, or the body cannot be parsed",
    403: "the request comes from another site, or is addressed to another host",
    404: "there is no such thing",
    405: "the path has no such method",
    408: "the body did not arrive in time",
    409: "the state changed since it was read",
    413: "the body is too large",
    422: "what was given cannot be used; names the field and the cure",
    500: "an error inside the server",
    503: "too many requests, or the database does not answer; ask again",
    504: "it was not done in time",
}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": when, "content": {MEDIA_TYPE: {"schema": {"$ref": _SCHEMA}}}}
    for status, when in _WHEN.items()
}
_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "title": "Problem",
    "description": "A problem document (RFC 9457) in English and Chinese.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:blockdata:problem:[a-z-]+$"},
        "title": _TEXT,
        "title_zh": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "detail_zh": _TEXT,
        "field": {"type": "string", "description": "what of the request is meant"},
        "cure": _TEXT,
        "cure_zh": _TEXT,
    },
    "required": ["type", "title", "title_zh", "status", "detail", "detail_zh"],
}


def describe_problems(app: FastAPI) -> None:
    """Let the application's description say what a problem is, and nothing of FastAPI's own."""

    def describe() -> dict[str, Any]:
        if not app.openapi_schema:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schemas = made["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            schemas["Problem"] = _PROBLEM
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]
