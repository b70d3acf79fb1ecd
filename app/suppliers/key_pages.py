"""The supplier desk's keys: which programs may act for the supplier, and what each may do."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import Viewer
from app.suppliers import api_keys
from app.suppliers.access import own_desk
from app.suppliers.api_keys import LIVE_KEYS, NAME_CHARS, Scope, TooManyKeys
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

WORDS = {
    Scope.FEEDS_WRITE: "Send feeds",
    Scope.FEEDS_READ: "Read feeds, their reports and your offers",
    Scope.OFFERS_WRITE: "Set single offers, and read them",
}
FULL = f"You have {LIVE_KEYS} keys, and more are not needed at once. Revoke one that is no longer used"


@get("/supplier/keys")
async def show_keys(request: WebRequest) -> Response[str]:
    return await _keys(request, *await own_desk(request))


@post("/supplier/keys", status_code=200)
async def create_key(request: WebRequest) -> Response[str]:
    """Answers with the page itself: the key stands there, and nowhere else ever."""
    viewer, supplier = await own_desk(request)
    typed = await forms.read(request)
    name, scopes = " ".join(typed.get("name", "").split()), {scope for scope in Scope if typed.get(scope)}
    errors = _errors(name, scopes)
    key = ""
    if not errors:
        try:
            key = await api_keys.create(supplier, viewer.id, name, scopes)
        except TooManyKeys:
            errors = {"name": FULL}
    return await _keys(request, viewer, supplier, typed=typed if errors else {}, errors=errors, key=key, key_name=name)


@post("/supplier/keys/{key_id:int}/revocation", status_code=303)
async def revoke_key(request: WebRequest, key_id: FromPath[int]) -> Redirect:
    _, supplier = await own_desk(request)
    name = await api_keys.revoke(supplier, min(key_id, 2**63 - 1))
    if name is None:
        raise NotFoundException
    flash(request, "good", f"The key “{name}” is revoked. What still sends it is refused.")
    return Redirect("/supplier/keys", status_code=303)


def _errors(name: str, scopes: set[Scope]) -> dict[str, str]:
    errors = {}
    if not any(character.isalnum() for character in name):
        errors["name"] = "Name the program that will use the key"
    elif len(name) > NAME_CHARS:
        errors["name"] = f"Use at most {NAME_CHARS} characters"
    if not scopes:
        errors["scopes"] = "Choose what the key may do"
    return errors


async def _keys(
    request: WebRequest,
    viewer: Viewer,
    supplier: int,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    **made: Any,
) -> Response[str]:
    answer = await page(
        request,
        "suppliers/keys.html",
        status=422 if errors else 200,
        viewer=viewer,
        keys=await api_keys.live_keys(supplier),
        words=WORDS,
        typed=typed or {},
        errors=errors or {},
        **{"key": "", "key_name": "", **made},
    )
    answer.headers["cache-control"] = "no-store"
    return answer


handlers = [show_keys, create_key, revoke_key]
