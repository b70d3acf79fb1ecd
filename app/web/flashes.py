"""Messages for the next page that the shopper sees, in a signed cookie."""

from typing import Literal

import msgspec
from itsdangerous import BadSignature, URLSafeSerializer
from litestar import Request

from app.infra.settings import settings
from app.web.cookies import delete_cookie, set_cookie

COOKIE = "feira_flash"
MOST = 4  # that wait: browsers drop a cookie above 4 KB

Kind = Literal["good", "warn", "bad", "plain"]


class Flash(msgspec.Struct, frozen=True):
    kind: Kind
    text: str


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="flash")


def flash(request: Request, kind: Kind, text: str) -> None:
    """Show `text` on this answer's page, or after a redirect on the next one."""
    waiting = [*_waiting(request), Flash(kind, text)][-MOST:]
    request.scope["state"]["flashes"] = waiting
    set_cookie(request, COOKIE, _signer().dumps([(f.kind, f.text) for f in waiting]), 300)


def take_flashes(request: Request) -> list[Flash]:
    """What is waiting, to be shown now and not again."""
    waiting = _waiting(request)
    if waiting:
        request.scope["state"]["flashes"] = []
        delete_cookie(request, COOKIE)
    return waiting


def _waiting(request: Request) -> list[Flash]:
    state = request.scope["state"]
    if "flashes" not in state:
        state["flashes"] = _from_cookie(request.cookies.get(COOKIE))
    found: list[Flash] = state["flashes"]
    return found


def _from_cookie(value: str | None) -> list[Flash]:
    if not value:
        return []
    try:
        return [msgspec.convert({"kind": kind, "text": text}, Flash) for kind, text in _signer().loads(value)]
    except (BadSignature, ValueError, TypeError, msgspec.ValidationError):
        return []
