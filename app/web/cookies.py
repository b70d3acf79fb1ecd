"""Cookies to be sent with the answer, whatever that answer will be."""

import re
from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import Cookie

from app.infra.settings import settings

YEAR = 365 * 24 * 3600
QUARTER = 90 * 24 * 3600

_ROBOTS = re.compile(r"bot\b|crawl|spider|slurp", re.IGNORECASE)


@dataclass(frozen=True)
class Pending:
    name: str
    value: str
    max_age: int | None  # seconds; 0 deletes, None: until the browser is closed


def set_cookie(request: Request, name: str, value: str, max_age: int | None = YEAR) -> None:
    """Send a cookie with the answer to this request; HttpOnly, SameSite=Lax, Secure on https.

    `max_age` is in seconds; None keeps it until the browser is closed.
    """
    request.scope["state"].setdefault("cookies", []).append(Pending(name, value, max_age))


def wants_no_record(request: Request) -> bool:
    """Whether the browser says that nothing shall be kept of what its owner does (DNT, Global Privacy Control)."""
    return request.headers.get("dnt") == "1" or request.headers.get("sec-gpc") == "1"


def is_robot(request: Request) -> bool:
    """Whether this is a program that says so of itself and, unlike a browser, brings no cookie."""
    return not request.cookies and bool(_ROBOTS.search(request.headers.get("user-agent", "")[:500]))


def delete_cookie(request: Request, name: str) -> None:
    set_cookie(request, name, "", 0)


def headers(pending: list[Pending]) -> list[tuple[bytes, bytes]]:
    """The Set-Cookie headers; of two for one name the later wins."""
    latest = {cookie.name: cookie for cookie in pending}
    return [(b"set-cookie", _cookie(cookie).to_header(header="").encode("latin-1")) for cookie in latest.values()]


def _cookie(pending: Pending) -> Cookie:
    return Cookie(
        key=pending.name,
        value=pending.value,
        max_age=pending.max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
