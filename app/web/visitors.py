"""A visitor without an account: a random token in a cookie, known to the database only by its hash."""

import hashlib
import secrets
from datetime import timedelta

from litestar import Request

from app.web.cookies import YEAR, set_cookie

COOKIE = "feira_visitor"
LASTS = timedelta(seconds=YEAR)  # from its making on: what was touched last before that nobody can reach any more


def hash_token(token: str) -> bytes:
    """SHA-256: enough for tokens of 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def visitor(request: Request) -> bytes | None:
    """The hash of the visitor's token; None for somebody we remember nothing of."""
    minted = request.scope["state"].get("visitor_token")
    token = minted or request.cookies.get(COOKIE)
    return hash_token(token) if token else None


def remember_visitor(request: Request) -> bytes:
    """The hash of the visitor's token, minting one if there is something to remember for the first time."""
    known = visitor(request)
    if known:
        return known
    token = secrets.token_urlsafe(32)
    request.scope["state"]["visitor_token"] = token
    set_cookie(request, COOKIE, token, int(LASTS.total_seconds()))
    return hash_token(token)


def forget_visitor(request: Request) -> bytes:
    """A fresh token in the place of the old one (at sign-in: what a visitor had now belongs to the account)."""
    request.scope["state"]["visitor_token"] = token = secrets.token_urlsafe(32)
    set_cookie(request, COOKIE, token, int(LASTS.total_seconds()))
    return hash_token(token)
