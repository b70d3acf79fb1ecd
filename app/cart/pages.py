"""The cart's page, and the forms that change it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import owner_of, remembered_owner
from app.activity.noting import note
from app.activity.tables import Kind
from app.cart import aside, changing, contents, words
from app.cart.counting import known_count
from app.cart.overview import overview
from app.delivery.estimate import delivery_map
from app.delivery.places import place_of_request
from app.infra.clock import now
from app.infra.settings import settings
from app.web import forms
from app.web.flashes import Kind as FlashKind
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_fragment, page


@get("/cart")
async def show_cart(request: WebRequest) -> Response[str]:
    return await _cart(request)


@post("/cart/lines", status_code=303)
async def add_line(request: WebRequest) -> Response:
    values = await forms.read(request)
    offer, quantity = forms.number(values.get("offer", "")), forms.number(values.get("quantity", "1"))
    if not quantity:
        return await _not_added(request, values, words.WRONG_QUANTITY)
    try:
        change = await changing.add(await remembered_owner(request), offer or 0, quantity)
    except changing.NotForSale as reason:
        return await _not_added(request, values, words.not_for_sale(reason))
    note(request, Kind.CARTED, offer=offer or 0)
    if is_fragment(request):
        return await page(request, "cart/_added.html", change=change, news=words.added(change), problem="")
    flash(request, "warn" if change.capped else "good", words.added(change))
    return Redirect(local_path(values.get("next"), "/cart"), status_code=303)


async def _not_added(request: WebRequest, values: dict[str, str], problem: str) -> Response:
    if is_fragment(request):
        return await page(request, "cart/_added.html", status=422, change=None, news="", problem=problem)
    flash(request, "bad", problem)
    return Redirect(local_path(values.get("next"), "/cart"), status_code=303)


@post("/cart/lines/{line_id:str}", status_code=303)
async def change_line(request: WebRequest, line_id: FromPath[str]) -> Response:
    values = await forms.read(request)
    line, quantity = forms.number(line_id) or 0, _asked(values)
    if "save" in values:
        kept = await aside.save(await remembered_owner(request), line)
        note(request, Kind.UNCARTED)
        return await _changed(request, words.saved(kept), told=True)
    if "seen" in values:
        told = (forms.number(values.get(name, "")) for name in ("price", "stock"))
        await changing.seen(await remembered_owner(request), line, *told)
        return await _changed(request, "")
    if quantity is None:
        wrong = {line: (values.get("quantity", ""), words.WRONG_QUANTITY)}
        return await _cart(request, status=422, wrong=wrong, news=words.WRONG_QUANTITY, changed=True)
    owner = await remembered_owner(request)
    if quantity == 0:
        news = words.removed(await aside.remove(owner, line))
        note(request, Kind.UNCARTED)
        return await _changed(request, news)  # the page itself says what was removed, with the way back
    change = await changing.set_quantity(owner, line, quantity)
    return await _changed(request, words.changed(change), told=change is None or change.capped, kind="warn")


@post("/cart/aside/{aside_id:str}", status_code=303)
async def change_aside(request: WebRequest, aside_id: FromPath[str]) -> Response:
    """Bring back what was saved or removed, or keep it no longer."""
    values, number = await forms.read(request), forms.number(aside_id) or 0
    owner = await remembered_owner(request)
    if "forget" in values:
        return await _changed(request, words.forgotten(await aside.forget(owner, number)))
    try:
        change = await aside.bring_back(owner, number)
    except changing.NotForSale as reason:
        return await _changed(request, words.not_for_sale(reason), told=True, kind="bad")
    note(request, Kind.CARTED)
    kind: FlashKind = "warn" if change is None or change.capped else "good"
    return await _changed(request, words.brought_back(change), told=True, kind=kind)


async def _changed(request: WebRequest, news: str, *, told: bool = False, kind: FlashKind = "good") -> Response:
    """The cart after a change: `news` is read aloud, and `told` stands at its top for all to see."""
    if told:
        flash(request, kind, news)
    if is_fragment(request):
        return await _cart(request, news=news, changed=True)
    return Redirect("/cart", status_code=303)


def _asked(values: dict[str, str]) -> int | None:
    """The quantity that a line's form asks for: the number in its field, moved by the button pressed; None: none."""
    if "remove" in values:
        return 0
    typed = forms.number(values.get("quantity", ""))
    if typed is None:
        return None
    return max(0, typed + ("more" in values) - ("less" in values))


async def _cart(request: WebRequest, *, status: int = 200, **extra: Any) -> Response[str]:
    """The page; for HTMX its contents, and what else moves with a change."""
    delivery, at = await delivery_map(), now()
    place = await place_of_request(request)
    found = await contents.load(await owner_of(request), place.country if place else "")
    known_count(request, found.count)
    context = {"wrong": {}, "news": "", "held_minutes": settings().reservation_minutes, **extra}
    context["soonest"] = place and delivery.promise(delivery.warehouses(), 0, place.zone, at)
    fragment = "cart/_changed.html" if extra.get("changed") else "cart/_contents.html"
    cart = overview(found, place, at, delivery)
    return await page(request, "cart/page.html", fragment=fragment, status=status, cart=cart, **context)


handlers = [show_cart, add_line, change_line, change_aside]
