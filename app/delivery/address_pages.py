"""The pages of an account's address book."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import required
from app.delivery import address_book
from app.delivery.address_book import BookFull, Entry
from app.delivery.address_form import form_of, is_update
from app.delivery.addresses import postal_address
from app.delivery.estimate import delivery_map
from app.delivery.places import learn_place
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

BOOK = "/account/addresses"


def back_to_book() -> Redirect:
    return Redirect(BOOK, status_code=303)


@get(BOOK)
async def show_book(request: WebRequest) -> Response[str]:
    viewer = await required(request)
    entries, delivery = await address_book.entries_of(viewer.id), await delivery_map()
    away = {entry.id for entry in entries if delivery.place_of(entry.address.mark) is None}
    return await page(request, "delivery/address_book.html", entries=entries, away=away, most=address_book.MOST)


@get(f"{BOOK}/new")
async def show_new(request: WebRequest) -> Response[str]:
    viewer = await required(request)
    return await _form(request, {"name": viewer.name})


@post(BOOK, status_code=303)
async def add_address(request: WebRequest) -> Response[Any]:
    viewer, values = await required(request), await forms.read(request)
    delivery = await delivery_map()
    if is_update(values):
        return await _form(request, values)
    try:
        address = postal_address(values, delivery)
        await address_book.add(viewer.id, address)
    except forms.Invalid as invalid:
        return await _form(request, values, invalid.errors)
    except BookFull as full:
        return await _form(request, values, {"": str(full)})
    await learn_place(request, address.mark)
    flash(request, "good", "The address is kept.")
    return back_to_book()


@get(BOOK + "/{entry_id:str}")
async def show_entry(request: WebRequest, entry_id: FromPath[str]) -> Response[str]:
    entry = await _entry(request, entry_id)
    return await _form(request, vars(entry.address), entry=entry)


@post(BOOK + "/{entry_id:str}", status_code=303)
async def change_address(request: WebRequest, entry_id: FromPath[str]) -> Response[Any]:
    entry, values = await _entry(request, entry_id), await forms.read(request)
    if is_update(values):
        return await _form(request, values, entry=entry)
    try:
        address = postal_address(values, await delivery_map())
    except forms.Invalid as invalid:
        return await _form(request, values, invalid.errors, entry)
    if not await address_book.change((await required(request)).id, entry.id, address):
        raise NotFoundException  # deleted in another window at this moment
    flash(request, "good", "The address is changed. Orders that you have placed keep the one of before.")
    return back_to_book()


@post(BOOK + "/{entry_id:str}/default", status_code=303)
async def make_default(request: WebRequest, entry_id: FromPath[str]) -> Redirect:
    entry = await _entry(request, entry_id)
    if await address_book.make_default((await required(request)).id, entry.id):
        flash(request, "good", f"{entry.address.line1} is your usual address now.")
    return back_to_book()


@post(BOOK + "/{entry_id:str}/removal", status_code=303)
async def remove_address(request: WebRequest, entry_id: FromPath[str]) -> Redirect:
    viewer, number = await required(request), forms.number(entry_id)
    entry = await address_book.entry_of(viewer.id, number)
    if entry:
        await address_book.remove(viewer.id, entry.id)
        flash(request, "good", f"{entry.address.line1} is deleted.")
    return back_to_book()


async def _entry(request: WebRequest, entry_id: str) -> Entry:
    """Raises NotFoundException: the account has no such address."""
    entry = await address_book.entry_of((await required(request)).id, forms.number(entry_id))
    if entry is None:
        raise NotFoundException
    return entry


async def _form(
    request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None, entry: Entry | None = None
) -> Response[str]:
    return await page(
        request,
        "delivery/address.html",
        fragment="delivery/_address_fields.html" if is_update(values) else "",
        status=422 if errors else 200,
        values=values,
        form=form_of(values, await delivery_map()),
        errors=errors or {},
        action=f"{BOOK}/{entry.id}" if entry else BOOK,
        heading="Change the address" if entry else "A new address",
    )


handlers = [show_book, show_new, add_address, show_entry, change_address, make_default, remove_address]
