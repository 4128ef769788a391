"""What every answer carries to keep the page closed in itself, and who may ask at all."""

from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockdata.errors import NotPermitted
from blockdata.text import Text
from maps.refusing import refuse

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
        await refuse(send, error)


class OwnPages:
    """Answers pages of other sites with their own pages only: they may link here, and no more.

    A browser lets any site have an image or a script fetched from here. It cannot read the answer,
    but the server would work for it. Browsers say from where a request comes (Sec-Fetch-Site, and
    Origin where it could change something); what is no browser says nothing, and is answered.
    """

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        self.app = app
        self.pages = frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self.pages or not _is_foreign(scope):
            await self.app(scope, receive, send)
            return
        error = NotPermitted(
            Text("请求来自其他网站的页面", "the request comes from a page of another site"),
            field="Sec-Fetch-Site",
            cure=Text("从本服务的页面或程序中请求", "ask from this server's pages, or a program"),
        )
        await refuse(send, error)


def _is_foreign(scope: Scope) -> bool:
    """Whether a browser asks for a page of another site, or of another port of this host."""
    headers = dict(scope["headers"])
    if headers.get(b"sec-fetch-site", b"none") not in (b"none", b"same-origin"):
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host")


def _host_of(scope: Scope) -> str:
    """The host that was asked for, without the port; brackets of IPv6 are taken off."""
    host: str = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
