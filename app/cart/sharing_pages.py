"""Sharing a cart by its address: making one, ending it, and looking at another's."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import owner_of, remembered_owner
from app.activity.noting import note
from app.activity.tables import Kind
from app.cart import sharing, words
from app.infra.settings import settings
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/cart/shared"


@get(PLACE)
async def show_addresses(request: WebRequest) -> Response[str]:
    owner = await owner_of(request)
    found = await sharing.addresses(owner) if owner else []
    return await page(
        request, "cart/addresses.html", addresses=found, base=settings().public_url, days=sharing.SHARED_DAYS
    )


@post(PLACE, status_code=303)
async def make_address(request: WebRequest) -> Redirect:
    owner = await owner_of(request)
    if owner is None or await sharing.share(owner) is None:
        flash(request, "warn", "There is nothing in your cart to share.")
        return Redirect("/cart", status_code=303)
    flash(request, "good", "Here is the address of what is in your cart now.")
    return Redirect(PLACE, status_code=303)


@get(f"{PLACE}/{{token:str}}")
async def show_shared(request: WebRequest, token: FromPath[str]) -> Response[str]:
    lines = await sharing.shared(token)
    if not lines:
        raise NotFoundException
    return await page(request, "cart/shared.html", lines=lines, token=token)


@post(f"{PLACE}/{{token:str}}", status_code=303)
async def take_shared(request: WebRequest, token: FromPath[str]) -> Response[Any]:
    """All of it, or the one line whose button was pressed."""
    values = await forms.read(request)
    chosen = forms.number(values["offer"]) if "offer" in values else None
    if not await sharing.shared(token):
        raise NotFoundException
    offers = None if "offer" not in values else {chosen or 0}
    done, refused = await sharing.take(await remembered_owner(request), token, offers)
    for offer in done:
        note(request, Kind.CARTED, offer=offer)
    for kind, said in words.taken(list(done.values()), refused):
        flash(request, kind, said)
    return Redirect("/cart", status_code=303)


@post(f"{PLACE}/{{token:str}}/end", status_code=303)
async def end_shared(request: WebRequest, token: FromPath[str]) -> Redirect:
    owner = await owner_of(request)
    ended = owner is not None and await sharing.end(owner, token)
    flash(request, "good" if ended else "warn", "Nobody sees it any more." if ended else "It had ended already.")
    return Redirect(PLACE, status_code=303)


handlers = [show_addresses, make_address, show_shared, take_shared, end_shared]
