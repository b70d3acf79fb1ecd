"""The last searches of a browser: in a cookie of its own, and nowhere else."""

import base64
import binascii
import time

import msgspec

from app.search.asked import LONGEST, key_of
from app.web.cookies import QUARTER, delete_cookie, set_cookie
from app.web.forms import clean
from app.web.rendering import WebRequest

COOKIE = "feira_searches"
MOST = 6
SOON_SECONDS = 600.0  # after a query, the next one is taken for another try
LONGEST_COOKIE = 3000


class Recent(msgspec.Struct, frozen=True):
    """Newest first; `failed` is the newest, folded, if no product had all of its words."""

    queries: list[str] = []
    failed: str = ""
    at: float = 0.0  # seconds since 1970


def recent(request: WebRequest) -> Recent:
    """What the cookie says; nothing where it says nonsense."""
    sent = request.cookies.get(COOKIE, "")
    if not sent or len(sent) > LONGEST_COOKIE:
        return Recent()
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(sent + "=="), type=Recent)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        return Recent()
    return msgspec.structs.replace(found, queries=[query[:LONGEST] for query in found.queries if query.strip()][:MOST])


def failed_before(request: WebRequest) -> str:
    """The query, folded, that this browser has tried just before in vain; "" where there is none."""
    found = recent(request)
    return key_of(clean(found.failed)) if time.time() - found.at < SOON_SECONDS else ""


def remember(request: WebRequest, typed: str, found: int) -> None:
    """Keep what was typed, and whether any product has all of its words."""
    typed = typed[:LONGEST]
    others = [query for query in recent(request).queries if key_of(query) != key_of(typed)]
    failed = "" if found else key_of(typed)
    _keep(request, Recent([typed, *others][:MOST], failed, round(time.time())))


def forget(request: WebRequest, query: str = "") -> None:
    """Forget one search, or all of them."""
    left = [each for each in recent(request).queries if query and each != query]
    if left:
        _keep(request, Recent(left))
    else:
        delete_cookie(request, COOKIE)


def _keep(request: WebRequest, found: Recent) -> None:
    set_cookie(request, COOKIE, base64.urlsafe_b64encode(msgspec.json.encode(found)).decode().rstrip("="), QUARTER)
