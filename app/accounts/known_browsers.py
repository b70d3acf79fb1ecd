"""Browsers in which an account's password was right before: their owners go on while strangers are made to wait.

Wrong passwords typed in one are counted for it alone, so nobody can shut somebody else out by guessing, and a stolen
cookie gives no more guesses than any browser has.
Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.settings import settings
from app.web.cookies import YEAR, delete_cookie, set_cookie
from app.web.rendering import WebRequest

COOKIE = "feira_known"


def known_as(request: WebRequest, email: str) -> str:
    """What wrong passwords for the address are counted under in this browser; "" in one that does not know it."""
    try:
        address, browser = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(browser) if hmac.compare_digest(str(address), _digest(email)) else ""


def remember(request: WebRequest, email: str) -> None:
    """The password of the account with this address was right here. One account is known, the latest; the cookie does
    not say which to whoever reads it.
    """
    browser = known_as(request, email) or secrets.token_urlsafe(16)
    set_cookie(request, COOKIE, str(_signer().dumps([_digest(email), browser])), YEAR)


def forget(request: WebRequest) -> None:
    delete_cookie(request, COOKIE)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt="known browser")


def _digest(email: str) -> str:
    return hmac.new(_secret().encode(), f"known browser of {email}".encode(), hashlib.sha256).hexdigest()[:32]


def _secret() -> str:
    return settings().secret_key.get_secret_value()
