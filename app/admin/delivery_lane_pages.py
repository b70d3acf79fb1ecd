"""The operators' page about the lanes out of a warehouse: a matrix of zones and service levels."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin import delivery_lane_forms
from app.admin.access import operator
from app.admin.delivery_matrix import Matrix, matrix_of
from app.delivery import estimate
from app.delivery.changing import ChangedMeanwhile
from app.delivery.lanes import change_lanes, differing, lanes_of, learned_of, mark_of
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page


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
    found = await matrix_of(code, request.query_params.get("page", ""))
    if found is None:
        raise NotFoundException
    return found


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
