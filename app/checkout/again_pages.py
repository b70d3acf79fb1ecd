"""The button "Order again"."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import remembered_owner
from app.activity.noting import note
from app.activity.tables import Kind
from app.cart.words import FULL, named
from app.checkout.again import Again, order_again
from app.orders.numbers import number_of
from app.orders.ownership import order_id_for
from app.web.flashes import flash
from app.web.rendering import WebRequest


@post("/orders/{number:str}/repetition", status_code=303)
async def repeat(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    order_id = await order_id_for(request, number)
    done = await order_again(order_id, await remembered_owner(request))
    count = len(done.added) + len(done.fewer)
    if count:
        note(request, Kind.CARTED)
        flash(request, "good", "It is in your cart again." if count == 1 else f"{count} things are in your cart again.")
    for words in _news(done):
        flash(request, "warn", words)
    return Redirect("/cart" if count else f"/orders/{number_of(number)}", status_code=303)


def _news(done: Again) -> list[str]:
    said = (
        (done.gone, "Not sold any more or sold out, so not added: {}."),
        (done.left_out, f"{FULL}, so not added: {{}}."),
        (done.fewer, "Fewer pieces than you ordered then are left of: {}."),
        (done.elsewhere, "From another seller this time: {}."),
    )
    return [words.format(named(names)) for names, words in said if names]


handlers = [repeat]
