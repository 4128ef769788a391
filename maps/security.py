"""What every answer carries to keep the page closed in itself, and who may ask at all."""

import json
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockdata.errors import NotPermitted
from blockdata.text import Text

# Nothing from any other host, no inline script or style, no frames. MapLibre 6 runs its worker
# from a file of our own (worker-src), and its stylesheet holds its icons as data: images.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; "
    "script-src 'self'; "
    "worker-src 'self'; "
    "style-src 'self'; "
    "font-src 'self'; "
    "img-src 'self' data:; "
    "connect-src 'self'; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'"
)

SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_RAW_HEADERS: Final = [(k.encode(), v.encode()) for k, v in SECURITY_HEADERS.items()]

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class SecurityHeaders:
    """Adds the headers above to every answer, and ``no-store`` where none says otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message.get("headers", ()), *_RAW_HEADERS]
                if all(name.lower() != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownHost:
    """Answers only requests addressed to this server, so that no other site's name can reach it.

    Without this check a page elsewhere could have its own name resolve to the loopback address
    and read the answers (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.known = _LOOPBACK | {host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _host_of(scope) in self.known:
            await self.app(scope, receive, send)
            return
        error = NotPermitted(
            Text("请求的主机名不是本服务", "the request is addressed to another host"),
            field="Host",
            cure=Text("用 http://127.0.0.1 或 localhost 访问", "use http://127.0.0.1 or localhost"),
        )
        body = json.dumps(error.problem(), ensure_ascii=False).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _host_of(scope: Scope) -> str:
    """The host that was asked for, without the port; brackets of IPv6 are taken off."""
    host: str = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
