"""The operators' page about the lanes out of a warehouse: a matrix of zones and service levels."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin import delivery_lane_forms
from app.admin.access import operator
from app.delivery import estimate
from app.delivery.changing import ChangedMeanwhile
from app.delivery.lanes import change_lanes, differing, lanes_of, learned_of, mark_of
from app.infra.database import fetch, fetch_one
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

MOST_CELLS = 300  # of one page: each has three fields, and a form has a thousand at most


@dataclass(frozen=True)
class Matrix:
    """Zones in the order of the delivery desk, MOST_CELLS of the matrix a page."""

    warehouse: Any
    zones: list[Any]
    levels: list[Any]
    page: int
    pages: int

    @property
    def address(self) -> str:
        return f"/admin/delivery/warehouses/{self.warehouse['code']}/lanes"

    @property
    def zone_codes(self) -> list[str]:
        return [zone["code"] for zone in self.zones]


@get("/admin/delivery/warehouses/{code:str}/lanes")
async def show_lanes(request: WebRequest, code: FromPath[str]) -> Response[str]:
    await operator(request)
    return await _lanes(request, await _matrix(request, code))


@post("/admin/delivery/warehouses/{code:str}/lanes", status_code=303)
async def send_lanes(request: WebRequest, code: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)
    values, matrix = await forms.read(request), await _matrix(request, code)
    try:
        to = delivery_lane_forms.lanes(values, matrix.zones, matrix.levels)
    except forms.Invalid as invalid:
        return await _lanes(request, matrix, values, invalid.errors, status=422)
    try:
        changed = await change_lanes(matrix.warehouse["code"], matrix.zone_codes, viewer.id, values.get("seen", ""), to)
    except ChangedMeanwhile:
        matrix = await _matrix(request, code)
        is_now = await lanes_of(matrix.warehouse["code"], matrix.zone_codes)
        return await _lanes(request, matrix, values, meanwhile=differing(is_now, to), status=409)
    await estimate.renew()
    flash(request, "good", f"Saved. Lanes changed: {changed}." if changed else "The lanes say that already.")
    return Redirect(f"{matrix.address}?page={matrix.page}" if matrix.page > 1 else matrix.address, status_code=303)


async def _matrix(request: WebRequest, code: str) -> Matrix:
    warehouse = await fetch_one("SELECT code, name FROM warehouse WHERE code = $1", code.replace("\x00", ""))
    if warehouse is None:
        raise NotFoundException
    levels = await fetch("SELECT id, code, name FROM service_level ORDER BY position, id")
    zones = await fetch("SELECT id, code, name FROM zone ORDER BY id")
    size = max(1, MOST_CELLS // max(1, len(levels)))
    pages = max(1, -(-len(zones) // size))
    typed = request.query_params.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    number = min(max(number, 1), pages)
    return Matrix(warehouse, zones[(number - 1) * size : number * size], levels, number, pages)


async def _lanes(
    request: WebRequest,
    matrix: Matrix,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    meanwhile: list[str] | None = None,
    status: int = 200,
) -> Response[str]:
    """An invalid form keeps the mark it was read with, so that mending it does not hide another's change."""
    is_now = await lanes_of(matrix.warehouse["code"], matrix.zone_codes)
    return await page(
        request,
        "admin/delivery_lanes.html",
        status=status,
        matrix=matrix,
        seen=values.get("seen", "") if values and meanwhile is None else mark_of(is_now),
        values=delivery_lane_forms.as_typed(is_now, matrix.zones, matrix.levels) if values is None else values,
        errors=errors or {},
        meanwhile=meanwhile,
        is_now=is_now,
        learned=await learned_of(matrix.warehouse["code"]),
        field_of=delivery_lane_forms.field_of,
    )


handlers = [show_lanes, send_lanes]
