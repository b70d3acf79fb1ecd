"""What every answer gets: security headers, pending cookies, a reference, a line in the log."""

import secrets
import time
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.infra.database import count_queries
from app.infra.logs import log
from app.infra.settings import settings
from app.web import cookies

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class ShopMiddleware:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await self.app(scope, receive, send)
        reference = secrets.token_hex(4)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["reference"] = reference
        structlog.contextvars.bind_contextvars(reference=reference)
        queries = count_queries()
        started = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                extra = [*SECURITY_HEADERS, *cookies.headers(state.get("cookies", []))]
                if settings().show_query_count:
                    extra.append((b"x-query-count", str(queries.value).encode()))
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            _log_access(scope, status, time.perf_counter() - started, queries.value)
            structlog.contextvars.unbind_contextvars("reference")


def _log_access(scope: Any, status: int, seconds: float, queries: int) -> None:
    """Paths without their query string: that may hold what a shopper typed."""
    write = log("web").info if status < 500 else log("web").error
    write(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=status,
        ms=round(seconds * 1000, 1),
        queries=queries,
    )
