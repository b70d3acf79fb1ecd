"""The link in a mail that shows one order to whoever holds it: guests have no other way to it from another device.

Opened once, a browser knows the order until it is closed, so the key does not stay in its address and history.
"""

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from app.infra.settings import settings
from app.web.cookies import delete_cookie, set_cookie
from app.web.rendering import WebRequest

GOOD_FOR = 400 * 24 * 3600  # seconds: as long as anybody may come back about an order, and a little more
COOKIE = "feira_orders"
MOST = 20  # orders that a browser knows by their links


def key_of(number: str) -> str:
    """What stands in the link to the order of that number."""
    return _keys().dumps(number)


def opens(key: str, number: str) -> bool:
    """Whether `key` is ours, for exactly this order, and not too old."""
    try:
        return bool(number) and _keys().loads(key, max_age=GOOD_FOR) == number
    except BadSignature:
        return False


def remember(request: WebRequest, number: str) -> None:
    """Let this browser see the order until it is closed."""
    known = [other for other in _known(request) if other != number]
    set_cookie(request, COOKIE, _cookies().dumps([*known, number][-MOST:]), None)


def forget(request: WebRequest) -> None:
    """At sign-out: whoever sits here next sees no order that was opened by its link."""
    delete_cookie(request, COOKIE)


def is_known(request: WebRequest, number: str) -> bool:
    """Whether this browser has opened a link to the order."""
    return bool(number) and number in _known(request)


def _known(request: WebRequest) -> list[str]:
    try:
        found: list[str] = _cookies().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return found


def _keys() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key.get_secret_value(), salt="order link")


def _cookies() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="orders known by link")
