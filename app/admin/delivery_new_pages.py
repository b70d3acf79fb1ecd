"""The operators' forms for a new warehouse and a new zone."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.admin import delivery_forms
from app.admin.access import operator
from app.delivery import estimate
from app.delivery.adding import CodeTaken, add_warehouse, add_zone
from app.delivery.changing import WEEKDAYS
from app.delivery.countries import in_order
from app.delivery.upcoming import countries, parts_of
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page


@get("/admin/delivery/warehouses")
async def show_new_warehouse(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _new(request, "warehouse", delivery_forms.for_new_warehouse())


@post("/admin/delivery/warehouses", status_code=303)
async def send_new_warehouse(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        code, rules = delivery_forms.new_warehouse(values)
        await add_warehouse(code, viewer.id, rules)
    except forms.Invalid as invalid:
        return await _new(request, "warehouse", values, invalid.errors)
    except CodeTaken as taken:
        return await _new(request, "warehouse", values, {"code": f"The warehouse {taken.name} has this code"})
    said = f"{rules.name} is there. It sends nothing before it has lanes."
    return await _done(request, said, f"/admin/delivery/warehouses/{code}/lanes")


@get("/admin/delivery/zones")
async def show_new_zone(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _new(request, "zone", delivery_forms.for_new_zone())


@post("/admin/delivery/zones", status_code=303)
async def send_new_zone(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        code, rules = delivery_forms.new_zone(values)
        await add_zone(code, viewer.id, rules)
    except forms.Invalid as invalid:
        return await _new(request, "zone", values, invalid.errors)
    except CodeTaken as taken:
        return await _new(request, "zone", values, {"code": f"The zone {taken.name} has this code"})
    said = f"{rules.name} is there. Give it postcodes, and lanes from the warehouses that send there."
    return await _done(request, said, "/admin/delivery")


async def _done(request: WebRequest, said: str, to: str) -> Response[Any]:
    await estimate.renew()
    flash(request, "good", said)
    return Redirect(to, status_code=303)


async def _new(
    request: WebRequest, kind: str, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[str]:
    return await page(
        request,
        "admin/delivery_new.html",
        status=422 if errors else 200,
        kind=kind,
        values=values,
        errors=errors or {},
        weekdays=WEEKDAYS,
        countries=in_order(countries()),
        time_zones=delivery_forms.time_zones(),
        parts=parts_of(values.get("holiday_country" if kind == "warehouse" else "country", "")),
    )


handlers = [show_new_warehouse, send_new_warehouse, show_new_zone, send_new_zone]
