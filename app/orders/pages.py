"""A shopper's orders: the list, each one, and cancelling."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.orders import document_pages, guest_pages, return_pages
from app.orders.cancelling import Cancelled, CannotCancel, cancel
from app.orders.detail import detail_of
from app.orders.links import opens, remember
from app.orders.listing import GROUPS, LONGEST_SEARCH, NONE, YEARS, Asked, orders_of
from app.orders.numbers import number_of
from app.orders.ownership import order_id_for
from app.payments.wanted import MoneyRefused
from app.web import forms
from app.web.flashes import Kind, flash
from app.web.rendering import WebRequest, page

_LINE = re.compile(r"line-[0-9]{1,18}")
NOTHING_LEFT = "The money of this order went back before, so nothing was done. Write to us if that is wrong."


@get("/orders")
async def show_orders(request: WebRequest) -> Response[Any]:
    owner, asked = await owner_of(request), _asked(request)
    found = await orders_of(owner, asked) if owner else NONE
    return await page(request, "orders/list.html", found=found, asked=asked)


def _asked(request: WebRequest) -> Asked:
    show, year, words, before = (
        forms.clean(request.query_params.get(name, "")) for name in ("show", "year", "words", "before")
    )
    number = forms.number(year) or 0
    return Asked(show if show in GROUPS else "", number if number in YEARS else 0, words[:LONGEST_SEARCH], before)


@get("/orders/{number:str}")
async def show_order(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    if opens(request.query_params.get("key", ""), number_of(number)):
        remember(request, number_of(number))
        return Redirect(f"/orders/{number_of(number)}", status_code=303)
    order = await detail_of(await order_id_for(request, number))
    return await page(request, "orders/page.html", order=order)


@get("/orders/{number:str}/cancellation")
async def choose_what_to_cancel(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    order = await detail_of(await order_id_for(request, number))
    return await page(request, "orders/cancellation.html", order=order, error="")


@post("/orders/{number:str}/cancellation", status_code=303)
async def send_cancellation(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    order_id = await order_id_for(request, number)
    values = await forms.read(request)
    lines = None if "whole" in values else {int(name[5:]) for name in values if _LINE.fullmatch(name)}
    try:
        done = await cancel(order_id, lines, "shopper")
    except CannotCancel as reason:
        order = await detail_of(order_id)
        return await page(request, "orders/cancellation.html", status=422, order=order, error=str(reason))
    except MoneyRefused:
        flash(request, "bad", NOTHING_LEFT)
    else:
        flash(request, *_cancelled(done))
    return Redirect(f"/orders/{number_of(number)}", status_code=303)


def _cancelled(done: Cancelled) -> tuple[Kind, str]:
    if not done.lines:
        return "plain", "That was cancelled before. Nothing more was done."
    what = "The order is" if done.is_whole else "One thing is" if done.lines == 1 else f"{done.lines} things are"
    return "good", f"{what} cancelled. {done.credit.said if done.credit else ''}".strip()


handlers = [
    *guest_pages.handlers,
    *return_pages.handlers,
    *document_pages.handlers,
    show_orders,
    show_order,
    choose_what_to_cancel,
    send_cancellation,
]
