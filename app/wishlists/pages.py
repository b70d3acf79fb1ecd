"""Wishlists: the shopper's own, and those that are shared with others."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from app.accounts.owners import Owner, owner_of, remembered_owner
from app.activity.noting import note
from app.activity.tables import Kind
from app.cart import changing as cart_changing
from app.cart import words as cart_words
from app.delivery.estimate import Promise, delivery_map
from app.delivery.places import place_of_request
from app.infra.clock import now
from app.infra.database import transaction
from app.infra.settings import settings
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_fragment, page
from app.wishlists import changing, telling
from app.wishlists.changing import Full, NotThere
from app.wishlists.contents import EntryView, ListView, entries_of, lists_of, shared
from app.wishlists.tables import Visibility

NOTE_CHARS = 300
HOME = "/wishlists"


class _List(BaseModel):
    name: str = Field(min_length=1, max_length=60, description="Give the list a name of at most 60 characters")
    visibility: Visibility = Field(Visibility.PRIVATE, description="Choose who may see the list")


class _Note(BaseModel):
    note: str = Field("", max_length=NOTE_CHARS, description=f"Write at most {NOTE_CHARS} characters")


@get(HOME)
async def show_main(request: WebRequest) -> Response[str]:
    return await _page(request, None)


@get("/wishlists/{list_id:str}")
async def show_list(request: WebRequest, list_id: FromPath[str]) -> Response[str]:
    return await _page(request, forms.number(list_id) or 0)


@get("/w/{token:str}")
async def show_shared(request: WebRequest, token: FromPath[str]) -> Response[str]:
    found = await shared(token)
    if found is None:
        raise NotFoundException
    entries = await entries_of(found.id)
    response = await page(
        request,
        "wishlists/shared.html",
        wishlist=found,
        rows=await _dated(request, entries),
        root=settings().public_url,
        canonical=f"/w/{token}",
    )
    if found.visibility != Visibility.PUBLIC:
        response.headers["x-robots-tag"] = "noindex"
    return response


@post(HOME, status_code=303)
async def begin_list(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    owner = await remembered_owner(request)
    try:
        made = await changing.begin(owner, forms.checked(_List, {"name": values.get("new_name", "")}).name)
    except forms.Invalid as invalid:
        return await _page(request, None, status=422, errors={"new_name": invalid.errors["name"]}, values=values)
    except Full as full:
        flash(request, "bad", str(full))
        return Redirect(HOME, status_code=303)
    return Redirect(f"{HOME}/{made}", status_code=303)


@post("/wishlists/{list_id:str}", status_code=303)
async def change_list(request: WebRequest, list_id: FromPath[str]) -> Response[Any]:
    values, number = await forms.read(request), forms.number(list_id) or 0
    owner = await remembered_owner(request)
    try:
        if "discard" in values:
            flash(request, "good", f"“{await changing.discard(owner, number)}” is gone, with what was on it.")
            note(request, Kind.UNWISHED)
            return Redirect(HOME, status_code=303)
        if "tells" in values:
            await telling.switch(owner, number, on=values["tells"] == "on")
            flash(request, "good", _told(values["tells"] == "on"))
            return Redirect(f"{HOME}/{number}", status_code=303)
        wanted = forms.checked(_List, values)
        await changing.change(owner, number, wanted.name, wanted.visibility)
    except NotThere:
        raise NotFoundException from None
    except forms.Invalid as invalid:
        return await _page(request, number, status=422, errors=invalid.errors, values=values)
    flash(request, "good", "Saved.")
    return Redirect(f"{HOME}/{number}", status_code=303)


def _told(on: bool) -> str:
    return (
        "You hear from us when something on this list is back or costs less." if on else "No more mails of this list."
    )


@post("/wishlists/entries", status_code=303)
async def add_entry(request: WebRequest) -> Response[Any]:
    """A product from any page onto the main list, or onto the list that is named."""
    values = await forms.read(request)
    offer, chosen = forms.number(values.get("offer", "")) or 0, forms.number(values.get("list", ""))
    colour = values.get("colour", "")
    kept = await changing.in_colour(offer, colour) if colour else offer
    saved, problem = None, ""
    try:
        saved = await changing.add(await remembered_owner(request), kept, chosen)
    except NotThere:
        problem = "Not kept: there is no such product, or the list is gone. Open the product's page again."
    except Full as full:
        problem = str(full)
    if saved:
        note(request, Kind.WISHED, offer=kept)
    news = f"On “{saved.list_name}”{'' if saved.is_new else ' already'}: {saved.name}." if saved else problem
    if is_fragment(request):
        return await page(
            request,
            "wishlists/_saved.html",
            status=200 if saved else 422,
            saved=saved,
            news=news,
            offer=offer,
            colour=colour,
            with_words="words" in values,
        )
    flash(request, "good" if saved else "bad", news)
    return Redirect(local_path(values.get("next"), HOME), status_code=303)


@post("/wishlists/entries/{entry_id:str}", status_code=303)
async def change_entry(request: WebRequest, entry_id: FromPath[str]) -> Response[Any]:
    values, entry = await forms.read(request), forms.number(entry_id) or 0
    owner = await remembered_owner(request)
    try:
        await _change(request, owner, entry, values)
    except NotThere:
        flash(request, "bad", "It is no longer on your list, or nobody sells it now.")
    except Full as full:
        flash(request, "bad", str(full))
    except forms.Invalid as invalid:
        flash(request, "bad", f"{next(iter(invalid.errors.values()))}.")
    except cart_changing.NotForSale as reason:
        flash(request, "bad", cart_words.not_for_sale(reason))
    return Redirect(local_path(values.get("next"), HOME), status_code=303)


async def _change(request: WebRequest, owner: Owner, entry: int, values: dict[str, str]) -> None:
    """One of what an entry's buttons ask for."""
    if "remove" in values:
        name = await changing.remove(owner, entry)
        note(request, Kind.UNWISHED)
        flash(request, "good", f"Removed: {name}." if name else "It is no longer on your list.")
    elif "top" in values:
        await changing.lift(owner, entry)
    elif "up" in values or "down" in values:
        await changing.shift(owner, entry, up="up" in values)
    elif "cart" in values:
        async with transaction():  # in the cart or on the list, never on neither; the cart first, as at sign-in
            offer = await changing.wanted_offer(owner, entry)
            change = await cart_changing.add(owner, offer, 1)
            if await changing.remove(owner, entry) is None:  # a double click, or another window
                raise NotThere
        note(request, Kind.CARTED, offer=offer)
        flash(request, "warn" if change.capped else "good", cart_words.added(change))
    else:
        await changing.annotate(owner, entry, forms.checked(_Note, values).note)
        to = forms.number(values.get("to", ""))
        flash(request, "good", f"Saved on “{await changing.put_on(owner, entry, to)}”." if to else "Saved.")


async def _page(
    request: WebRequest,
    list_id: int | None,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> Response[str]:
    lists = await lists_of(await owner_of(request))
    found = _chosen(lists, list_id)
    rows = await _dated(request, await entries_of(found.id)) if found else []
    return await page(
        request,
        "wishlists/page.html",
        status=status,
        lists=lists,
        wishlist=found,
        rows=rows,
        errors=errors or {},
        values=values or {},
        root=settings().public_url,
        note_chars=NOTE_CHARS,
    )


def _chosen(lists: list[ListView], list_id: int | None) -> ListView | None:
    if list_id is None:
        return lists[0] if lists else None
    found = next((each for each in lists if each.id == list_id), None)
    if found is None:
        raise NotFoundException
    return found


async def _dated(request: WebRequest, entries: list[EntryView]) -> list[tuple[EntryView, Promise | None]]:
    """Entries with the day they would arrive at the shopper's place."""
    place, delivery = await place_of_request(request), await delivery_map()
    if place is None:
        return [(entry, None) for entry in entries]
    table = delivery.promise_table(place.zone, now())
    return [(entry, table.best(entry.warehouses, entry.handling_days) if entry.stocks else None) for entry in entries]


handlers = [show_main, show_list, show_shared, begin_list, change_list, add_entry, change_entry]
