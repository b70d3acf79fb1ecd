"""A shopper's orders: the list, and each one."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.orders.detail import detail_of
from app.orders.links import opens, remember
from app.orders.listing import OrderList, orders_of
from app.orders.numbers import number_of
from app.orders.ownership import order_id_for
from app.web.rendering import WebRequest, page


@get("/orders")
async def show_orders(request: WebRequest) -> Response[Any]:
    owner = await owner_of(request)
    show, before = request.query_params.get("show", ""), request.query_params.get("before", "")
    found = await orders_of(owner, show, before) if owner else OrderList((), (), "")
    return await page(request, "orders/list.html", found=found, show=show)


@get("/orders/{number:str}")
async def show_order(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    if opens(request.query_params.get("key", ""), number_of(number)):
        remember(request, number_of(number))
        return Redirect(f"/orders/{number_of(number)}", status_code=303)
    order = await detail_of(await order_id_for(request, number))
    return await page(request, "orders/page.html", order=order)


handlers = [show_orders, show_order]
