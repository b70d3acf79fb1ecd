"""The operators' page about service levels."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin import delivery_lane_forms
from app.admin.access import operator
from app.delivery import estimate
from app.delivery.changing import ChangedMeanwhile
from app.delivery.levels import NotAllowed, add_level, change_levels, levels, mark_of, remove_level, words_of
from app.delivery.promises import STANDARD
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/delivery/levels"


@get(PLACE)
async def show_levels(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _levels(request)


@post(PLACE, status_code=303)
async def send_levels(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        to = delivery_lane_forms.levels(values, await levels())
        await change_levels(viewer.id, values.get("seen", ""), to)
    except forms.Invalid as invalid:
        return await _levels(request, values, invalid.errors, status=422)
    except ChangedMeanwhile:
        return await _levels(request, values, meanwhile=True, status=409)
    return await _done(request, "Saved. Shoppers see the service levels so from now on.")


@post(f"{PLACE}/additions", status_code=303)
async def send_addition(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        added = delivery_lane_forms.new_level(values)
        await add_level(viewer.id, added)
    except forms.Invalid as invalid:
        return await _levels(request, added=values, errors=invalid.errors, status=422)
    except NotAllowed as error:
        return await _levels(request, added=values, errors={"code": str(error)}, status=422)
    return await _done(request, f"“{added.name}” is there. Set its lanes on the pages of the warehouses.")


@post(f"{PLACE}/{{code:str}}/removal", status_code=303)
async def send_removal(request: WebRequest, code: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)
    try:
        await remove_level(viewer.id, code)
    except NotAllowed as error:
        return await _levels(request, errors={"": str(error)}, status=422)
    return await _done(request, "The service level is gone.")


async def _done(request: WebRequest, said: str) -> Response[Any]:
    await estimate.renew()
    flash(request, "good", said)
    return Redirect(PLACE, status_code=303)


async def _levels(
    request: WebRequest,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    added: dict[str, str] | None = None,
    meanwhile: bool = False,
    status: int = 200,
) -> Response[str]:
    """An invalid form keeps the mark it was read with, so that mending it does not hide another's change."""
    stand = await levels()
    typed = {f"name-{level.code}": level.name for level in stand}
    typed |= {f"place-{level.code}": str(place) for place, level in enumerate(stand, start=1)}
    return await page(
        request,
        "admin/delivery_levels.html",
        status=status,
        levels=stand,
        words=words_of(stand),
        seen=values.get("seen", "") if values and not meanwhile else mark_of(stand),
        values=typed | (values or {}),
        added=added or {},
        errors=errors or {},
        meanwhile=meanwhile,
        needed=STANDARD,
    )


handlers = [show_levels, send_levels, send_addition, send_removal]
