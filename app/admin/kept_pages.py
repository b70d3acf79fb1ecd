"""How delivery promises are kept, and which lanes hold the days set by hand."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from app.admin.access import operator
from app.admin.kept_chart import HEIGHT, WIDTH, chart
from app.delivery import estimate
from app.delivery.learning.safety import ON_TIME
from app.delivery.transit.holding import hold
from app.delivery.transit.kept import kept, warehouse_names
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, page

PAGE = "/admin/delivery/kept"


@get(PAGE)
async def show_kept(request: WebRequest) -> Response[str]:
    await operator(request)
    warehouses = await warehouse_names()
    asked = request.query_params.get("warehouse", "")
    chosen = asked if asked in warehouses else ""
    found = await kept(chosen)
    return await page(
        request,
        "admin/delivery_kept.html",
        found=found,
        chart=chart(found.by_week),
        width=WIDTH,
        height=HEIGHT,
        on_time=ON_TIME,
        warehouses=warehouses,
        chosen=chosen,
    )


@post(f"{PAGE}/hold", status_code=303)
async def send_hold(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    held = values.get("held") == "yes"
    try:
        await hold(viewer.id, *(values.get(name, "") for name in ("warehouse", "zone", "level")), held=held)
    except LookupError:
        raise NotFoundException from None
    await estimate.renew()
    said = "The lane holds the days set by hand." if held else "The lane follows what is learned."
    flash(request, "good", said)
    return Redirect(local_path(values.get("next"), PAGE), status_code=303)


handlers = [show_kept, send_hold]
