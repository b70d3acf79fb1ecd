"""The supplier desk's offers: what is on sale and what is not, and one of them changed, taken off sale, or new."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import Viewer
from app.accounts.suppliers import SupplierNotApproved, standing_of
from app.accounts.tables import SupplierState
from app.catalog import barring
from app.catalog.currency import RateMissing
from app.catalog.navigation import categories
from app.inventory.receiving import CountedMeanwhile, Held
from app.suppliers import api_offers, own_offers
from app.suppliers.access import own_desk
from app.suppliers.own_offers import STATES, OwnOffer, Shelf
from app.suppliers.prices import PriceInvalid, parse_price
from app.suppliers.stock_fields import MAX_PIECES
from app.suppliers.understood import shown_price
from app.web import forms
from app.web.flashes import flash
from app.web.refusals import Refused
from app.web.rendering import WebRequest, page

PLACE = "/supplier/offers"
LEAP = 2  # a price that is so many times what it was, or less than its part, has to be meant
FIELDS = ("sku", "title", "price", "stock", "category", "brand", "gtin", "description", "image")
NEEDED = {
    "sku": "Enter a SKU, such as LAMP-12",
    "title": "Enter what it is called",
    "price": "Enter a price, such as 48.90",
    "stock": "Enter how many pieces there are",
}
MEANWHILE = "Pieces were sold, or counted, since this page was made. Look at the new numbers, and save again"


@get(PLACE)
async def show_offers(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    asked = request.query_params
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    words = forms.clean(asked.get("words", ""))[: own_offers.LONGEST_QUERY]
    found, more = await own_offers.listed(supplier, words, state, forms.clean(asked.get("after", "")))
    return await page(
        request,
        "suppliers/offers.html",
        viewer=viewer,
        offers=found,
        more=more,
        is_first="after" not in asked,
        state=state,
        states=STATES,
        words=words,
        address=_address,
        asked_price=_asked_price,
        standing=await _standing(viewer, supplier),
    )


@get(f"{PLACE}/new")
async def show_new_offer(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    return await _new(request, viewer, supplier, {"sku": forms.clean(request.query_params.get("sku", ""))[:100]})


@post(f"{PLACE}/new", status_code=303)
async def send_new_offer(request: WebRequest) -> Response[Any]:
    """One offer, judged as a row of a feed is, and on its way as one by API is."""
    viewer, supplier = await own_desk(request)
    values = await forms.read(request)
    sku = values.get("sku", "")
    if known := await own_offers.is_there(supplier, sku):
        errors = {"sku": "You have an offer with this SKU already. Choose another one, or change that"}
        return await _new(request, viewer, supplier, values, errors, known=known)
    sent = {name: values[name] for name in FIELDS[1:] if values.get(name)}
    if errors := {name: words for name, words in NEEDED.items() if not values.get(name)}:
        return await _new(request, viewer, supplier, values, errors)
    try:
        accepted = await api_offers.accept(supplier, sku, json.dumps(sent).encode())
    except Refused as refused:
        return await _new(request, viewer, supplier, values, _beside(refused), status=refused.status_code)
    warned = " ".join(f"{problem.reason} {problem.advice}" for problem in accepted.warnings)
    flash(request, "warn" if warned else "good", f"{accepted.sku} goes on sale in a moment. {warned}".strip())
    return Redirect(_address(words=accepted.sku), status_code=303)


@get(f"{PLACE}/{{offer_id:int}}")
async def show_offer(request: WebRequest, offer_id: FromPath[int]) -> Response[str]:
    viewer, supplier = await own_desk(request)
    offer = await _own(supplier, offer_id)
    return await _one(request, viewer, supplier, offer, {"price": _asked_price(offer)})


@post(f"{PLACE}/{{offer_id:int}}", status_code=303)
async def change_offer(request: WebRequest, offer_id: FromPath[int]) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    offer = await _own(supplier, offer_id)
    values = await forms.read(request)
    shelves = await own_offers.shelves(offer.id)
    errors: dict[str, str] = {}
    price = _price(offer, values, errors)
    pieces, seen = _pieces(shelves, values, errors)
    if errors:
        return await _one(request, viewer, supplier, offer, values, errors)
    assert price is not None
    try:
        await own_offers.change(viewer.id, supplier, offer, price, pieces, seen)
    except CountedMeanwhile:
        kept = {name: value for name, value in values.items() if not name.startswith(("pieces-", "seen-"))}
        return await _one(request, viewer, supplier, offer, kept, {"": MEANWHILE}, status=409)
    except Held as held:
        errors = {
            f"pieces-{code}": f"{count} of them are held for orders: enter at least {count}"
            for code, count in held.held.items()
        }
        return await _one(request, viewer, supplier, offer, values, errors)
    except RateMissing:
        return await _one(
            request, viewer, supplier, offer, values, {"price": f"The shop takes no prices in {price[1]}"}
        )
    except SupplierNotApproved as refused:
        return await _one(request, viewer, supplier, offer, values, {"": refused.sentence}, status=403)
    flash(request, "good", f"{offer.sku} is saved.")
    return Redirect(f"{PLACE}/{offer.id}", status_code=303)


@post(f"{PLACE}/{{offer_id:int}}/removal", status_code=303)
async def take_off_sale(request: WebRequest, offer_id: FromPath[int]) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    offer = await _own(supplier, offer_id)
    try:
        await own_offers.take_off(viewer.id, supplier, offer)
    except SupplierNotApproved as refused:
        return await _one(
            request, viewer, supplier, offer, {"price": _asked_price(offer)}, {"": refused.sentence}, status=403
        )
    flash(request, "good", f"{offer.sku} is off sale.")
    return Redirect(f"{PLACE}/{offer.id}", status_code=303)


def _price(offer: OwnOffer, values: Mapping[str, str], errors: dict[str, str]) -> tuple[int, str] | None:
    typed = values.get("price", "")
    if not typed:
        errors["price"] = NEEDED["price"]
        return None
    try:
        minor, currency = parse_price(typed, offer.source_currency)
    except PriceInvalid as invalid:
        errors["price"] = f"{invalid.reason} {invalid.advice}"
        return None
    if currency == offer.source_currency and values.get("meant") != typed:
        times = minor / offer.source_price_minor
        if not 1 / LEAP <= times <= LEAP:
            how = f"{times:,.1f} times" if times > 1 else f"{times:.0%} of"
            errors["meant"] = f"That is {how} the {_asked_price(offer)} that it is now. Tick the box if you mean it"
    return minor, currency


def _pieces(
    shelves: list[Shelf], values: Mapping[str, str], errors: dict[str, str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Of the warehouses that the form has: what is typed, and what its supplier was shown."""
    pieces, seen = dict[str, int](), dict[str, int]()
    for shelf in shelves:
        name = f"pieces-{shelf.code}"
        if name in values:
            typed = forms.number(values[name])
            if typed is None or typed > MAX_PIECES:
                errors[name] = f"Enter a whole number from 0 to {MAX_PIECES:,}"
            pieces[shelf.code] = typed or 0
            seen[shelf.code] = forms.number(values.get(f"seen-{shelf.code}", "")) or 0
    return pieces, seen


def _beside(refused: Refused) -> dict[str, str]:
    """What is wrong beside the field that it is about."""
    errors: dict[str, str] = {}
    for wrong in refused.errors:
        field = wrong.field if wrong.field in FIELDS else ""
        errors.setdefault(field, f"{wrong.reason} {wrong.advice}".strip())
    return errors or {"": refused.detail}


def _asked_price(offer: OwnOffer) -> str:
    return shown_price(offer.source_price_minor, offer.source_currency)


def _address(words: str = "", state: str = "", after: str = "") -> str:
    asked = {name: value for name, value in (("words", words), ("state", state), ("after", after)) if value}
    return f"{PLACE}?{urlencode(asked, quote_via=quote)}" if asked else PLACE


async def _own(supplier: int, offer_id: int) -> OwnOffer:
    """Another supplier's offer is not found, as if there were none."""
    try:
        return await own_offers.one(supplier, offer_id)
    except LookupError:
        raise NotFoundException from None


async def _standing(viewer: Viewer, supplier: int) -> Any:
    """Why the supplier may not send, if so."""
    return None if viewer.supplier_state == SupplierState.APPROVED else await standing_of(supplier)


async def _one(
    request: WebRequest,
    viewer: Viewer,
    supplier: int,
    offer: OwnOffer,
    values: Mapping[str, str],
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response[str]:
    return await page(
        request,
        "suppliers/offer.html",
        status=status if errors else 200,
        viewer=viewer,
        offer=offer,
        states=STATES,
        shelves=await own_offers.shelves(offer.id),
        barred=await barring.reason_of(offer.product) if offer.is_barred else None,
        values=values,
        errors=errors or {},
        standing=await _standing(viewer, supplier),
    )


async def _new(
    request: WebRequest,
    viewer: Viewer,
    supplier: int,
    values: Mapping[str, str],
    errors: dict[str, str] | None = None,
    status: int = 422,
    known: int = 0,
) -> Response[str]:
    tree = await categories()
    names = {each.path: each.name for each in tree}
    return await page(
        request,
        "suppliers/offer_new.html",
        status=status if errors else 200,
        viewer=viewer,
        values=values,
        errors=errors or {},
        known=known,
        choices={each.path: f"{names[each.parent]}: {each.name}" for each in tree if each.parent},
        standing=await _standing(viewer, supplier),
    )


handlers = [show_offers, show_new_offer, send_new_offer, show_offer, change_offer, take_off_sale]
