"""A request refused, as bytes: the one way in which a problem document (RFC 9457) is written."""

import json

from starlette.types import Message, Send

from blockdata.errors import BlockdataError, Busy

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


def problem_body(error: BlockdataError, status: int | None = None) -> tuple[int, bytes]:
    """The status, and the document in UTF-8, that tell of an error.

    A caller's lone surrogates, which UTF-8 does not have, come out as JSON escapes.
    """
    document = error.problem()
    if status is not None:
        document["status"] = status
    words = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return int(document["status"]), words.encode("utf-8", "backslashreplace")


def problem_headers(error: BlockdataError) -> dict[str, str]:
    """What an error adds to the headers: when to ask again."""
    return {"retry-after": str(RETRY_AFTER_S)} if isinstance(error, Busy) else {}


async def refuse(
    send: Send, error: BlockdataError, *, status: int | None = None, close: bool = False
) -> None:
    """Answer with an error from outside the routes; with ``close`` the connection ends."""
    status, body = problem_body(error, status)
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body))}
    headers |= problem_headers(error) | ({"connection": "close"} if close else {})
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
