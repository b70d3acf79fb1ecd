"""What every answer gets: security headers, pending cookies, a reference, a line in the log."""

import secrets
import time
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.infra import background, metrics
from app.infra.database import count_queries
from app.infra.logs import log
from app.infra.outages import QueryCount
from app.infra.settings import settings
from app.web import cookies
from app.web.bodies import paced

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

FORM_TARGETS: list[str] = []  # origins outside the shop to which its forms may lead; `main` fills them in

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]

# Nobody waits for these as a shopper waits for a page.
UNHURRIED = ("/healthz", "/readyz", "/metrics", "/api/", "/supplier/")
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


class ShopMiddleware:
    """Around the whole application, so that answers to unknown addresses get the same.

    HEAD is answered as GET without its body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await self.app(scope, receive, send)
        # A fresh dict: the server may hand the same one to every request.
        state: dict[str, Any] = {**(scope.get("state") or {}), "reference": secrets.token_hex(4)}
        is_head = scope["method"] == "HEAD"
        inner: Any = {**scope, "state": state, "method": "GET" if is_head else scope["method"]}
        structlog.contextvars.bind_contextvars(reference=state["reference"])
        queries = count_queries()
        if not scope["path"].startswith(UNHURRIED):
            background.note_page()
        started = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_headers(state, queries)]
            elif is_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        receive_in_time = paced(receive)

        async def receive_noting() -> Any:
            message = await receive_in_time()
            if message["type"] == "http.disconnect":
                state["broke_off"] = True
            return message

        try:
            await self.app(inner, receive_noting, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            metrics.note_request(inner.get("path_template", ""), scope["method"], status, seconds, queries.value)
            _log_access(scope, status, seconds, queries.value)
            structlog.contextvars.unbind_contextvars("reference")


def _content_security_policy() -> str:
    """Browsers hold redirects of a form against form-action, too, so the provider's payment page has to be in it."""
    allowed = " ".join(["form-action 'self'", *FORM_TARGETS])
    return CONTENT_SECURITY_POLICY.replace("form-action 'self'", allowed)


def _headers(state: dict[str, Any], queries: QueryCount) -> list[tuple[bytes, bytes]]:
    # an answer that holds a stranger's document has a policy of its own
    policy = str(state.get("content_security_policy", _content_security_policy()))
    extra = [
        (b"content-security-policy", policy.encode()),
        *SECURITY_HEADERS,
        *cookies.headers(state.get("cookies", [])),
        *state.get("headers", []),
    ]
    if settings().secure_cookies:
        extra.append(STRICT_TRANSPORT)
    if settings().show_query_count:
        extra.append((b"x-query-count", str(queries.value).encode()))
    return extra


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
