"""The operators' delivery desk: warehouses, zones and surcharge days."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin import delivery_desk, delivery_forms
from app.admin.access import operator
from app.delivery import estimate
from app.delivery.changing import (
    WEEKDAYS,
    ChangedMeanwhile,
    WarehouseRules,
    ZoneRules,
    change_warehouse,
    change_zone,
    version_of,
)
from app.delivery.countries import in_order
from app.delivery.peaks import add_peak, remove_peak
from app.delivery.upcoming import countries, parts_of, whose_holidays
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

Rules = WarehouseRules | ZoneRules


@get("/admin/delivery")
async def show_desk(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _desk(request, {}, {})


@get("/admin/delivery/warehouses/{code:str}")
async def show_warehouse(request: WebRequest, code: FromPath[str]) -> Response[str]:
    await operator(request)
    return await _rules(request, "warehouse", code, await _found(delivery_desk.warehouse, code))


@post("/admin/delivery/warehouses/{code:str}", status_code=303)
async def send_warehouse(request: WebRequest, code: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)

    def checked(values: dict[str, str], _: WarehouseRules) -> WarehouseRules:
        return delivery_forms.warehouse_rules(values)

    return await _send(request, "warehouse", code, viewer.id, delivery_desk.warehouse, checked, change_warehouse)


@get("/admin/delivery/zones/{code:str}")
async def show_zone(request: WebRequest, code: FromPath[str]) -> Response[str]:
    await operator(request)
    return await _rules(request, "zone", code, await _found(delivery_desk.zone, code))


@post("/admin/delivery/zones/{code:str}", status_code=303)
async def send_zone(request: WebRequest, code: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)

    def checked(values: dict[str, str], is_now: ZoneRules) -> ZoneRules:
        return delivery_forms.zone_rules(values, is_now.country)

    return await _send(request, "zone", code, viewer.id, delivery_desk.zone, checked, change_zone)


@post("/admin/delivery/surcharges", status_code=303)
async def send_peak(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        await add_peak(viewer.id, delivery_forms.peak(values))
    except forms.Invalid as invalid:
        return await _desk(request, values, invalid.errors, status=422)
    except LookupError:
        errors = {"warehouse": "Choose a warehouse and a zone from the lists"}
        return await _desk(request, values, errors, status=422)
    return await _done(request, "The surcharge days count from now on.")


@post("/admin/delivery/surcharges/{peak_id:int}/removal", status_code=303)
async def send_removal(request: WebRequest, peak_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    await remove_peak(viewer.id, peak_id)
    return await _done(request, "The surcharge days are gone.")


async def _send(
    request: WebRequest,
    kind: str,
    code: str,
    account_id: int,
    stands: Callable[[str], Awaitable[Rules]],
    checked: Callable[[dict[str, str], Any], Any],
    change: Callable[[str, int, str, Any], Awaitable[None]],
) -> Response[Any]:
    values = await forms.read(request)
    is_now = await _found(stands, code)
    try:
        await change(code, account_id, values.get("seen", ""), checked(values, is_now))
    except forms.Invalid as invalid:
        return await _rules(request, kind, code, is_now, values, invalid.errors, status=422)
    except ChangedMeanwhile:
        return await _rules(request, kind, code, await _found(stands, code), values, meanwhile=True, status=409)
    return await _done(request, "Saved. Every date is worked out anew within seconds.")


async def _done(request: WebRequest, said: str) -> Response[Any]:
    await estimate.renew()
    flash(request, "good", said)
    return Redirect("/admin/delivery", status_code=303)


async def _found(stands: Callable[[str], Awaitable[Rules]], code: str) -> Rules:
    try:
        return await stands(code)
    except LookupError:
        raise NotFoundException from None


async def _desk(
    request: WebRequest, values: dict[str, str], errors: dict[str, str], *, status: int = 200
) -> Response[str]:
    found = await delivery_desk.desk()
    return await page(
        request,
        "admin/delivery.html",
        status=status,
        found=found,
        values=values,
        errors=errors,
        weekdays=WEEKDAYS,
        whose_holidays=whose_holidays,
    )


async def _rules(
    request: WebRequest,
    kind: str,
    code: str,
    is_now: Rules,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    meanwhile: bool = False,
    status: int = 200,
) -> Response[str]:
    """An invalid form keeps the mark it was read with, so that mending it does not hide another's change."""
    version = version_of(is_now.words)
    typed = values if values is not None else delivery_forms.as_typed(is_now)
    return await page(
        request,
        "admin/delivery_rules.html",
        status=status,
        kind=kind,
        code=code,
        is_now=is_now,
        seen=values.get("seen", "") if values and not meanwhile else version,
        values=typed,
        errors=errors or {},
        meanwhile=meanwhile,
        days=delivery_desk.next_days(is_now),
        weekdays=WEEKDAYS,
        countries=in_order(countries()),
        time_zones=delivery_forms.time_zones(),
        parts=parts_of(is_now.country if isinstance(is_now, ZoneRules) else typed.get("holiday_country", "")),
    )


handlers = [show_desk, show_warehouse, send_warehouse, show_zone, send_zone, send_peak, send_removal]
