"""The supplier desk's sales: what was sold of his, what it comes to, what sells best and what runs out."""

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response, get
from litestar.response import Stream

from app.accounts.sessions import Viewer
from app.accounts.suppliers import standing_of
from app.accounts.tables import SupplierState
from app.orders import sales
from app.orders.running_out import PACE_DAYS, WITHIN_DAYS, running_out
from app.orders.sales import STATES, Asked, Tally
from app.suppliers.access import own_desk
from app.suppliers.sales_chart import HEIGHT, WIDTH, chart
from app.suppliers.sales_file import as_csv
from app.suppliers.sales_period import PERIODS, USUAL, Period, chosen
from app.suppliers.understood import shown_price
from app.web import forms
from app.web.rendering import WebRequest, page

PLACE = "/supplier/sales"
SLOW = 20_000  # parcels: to add up more takes so long that the list does not wait for it
FILTER = ("period", "from", "to", "state", "words")


@get(PLACE)
async def show_sales(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    values = _values(request)
    try:
        period, asked = await _asked(supplier, values)
    except forms.Invalid as invalid:
        return await _page(request, viewer, values, invalid.errors)
    after = sales.place_of(request.query_params.get("after", ""))
    found, more = await sales.listed(asked, after)
    is_late = asked.parcels > SLOW and "figures" not in request.query_params
    return await _page(
        request,
        viewer,
        values,
        period=period,
        found=found,
        more=more,
        is_first=not after,
        is_late=is_late,
        standing=None if viewer.supplier_state == SupplierState.APPROVED else await standing_of(supplier),
        **(await _summary(asked, period) if found and not after and not is_late else {}),
    )


@get(f"{PLACE}.csv")
async def download_sales(request: WebRequest) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    values = _values(request)
    try:
        period, asked = await _asked(supplier, values)
    except forms.Invalid as invalid:
        return await _page(request, viewer, values, invalid.errors)
    name = f"sales-{period.first}-{period.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Stream(as_csv(asked), media_type="text/csv; charset=utf-8", headers=headers)


def _values(request: WebRequest) -> dict[str, str]:
    typed = {name: forms.clean(request.query_params.get(name, "")) for name in FILTER}
    return typed | {"words": typed["words"][: sales.LONGEST_WORDS]}


async def _asked(supplier: int, values: dict[str, str]) -> tuple[Period, Asked]:
    """Raises Invalid: the address asks for days or a state that there are not."""
    period = chosen(values)
    if values["state"] not in STATES:
        raise forms.Invalid({"": "There is no such state. Choose one of those shown"}, values)
    asked = Asked(supplier, period.since, period.until, values["state"], values["words"])
    return period, await sales.narrowed(asked)


async def _summary(asked: Asked, period: Period) -> dict[str, Any]:
    """What stands above the first page of the list."""
    sold = await sales.by_day(asked)
    return {
        "sums": [(money, sum(days.values(), Tally()), chart(period, days)) for money, days in sold.items()],
        "best": await sales.best(asked),
        "running_out": await running_out(asked.supplier),
    }


async def _page(
    request: WebRequest, viewer: Viewer, values: dict[str, str], errors: dict[str, str] | None = None, **found: Any
) -> Response[str]:
    return await page(
        request,
        "suppliers/sales.html",
        fragment="suppliers/_sales_figures.html" if "sums" in found else "",
        status=422 if errors else 200,
        viewer=viewer,
        values=values,
        errors=errors or {},
        states=STATES,
        periods=PERIODS,
        usual=USUAL,
        pace_days=PACE_DAYS,
        within_days=WITHIN_DAYS,
        width=WIDTH,
        height=HEIGHT,
        money=shown_price,
        address=lambda place=PLACE, **changed: _address(place, values | changed),
        **found,
    )


def _address(place: str, asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"{place}?{urlencode(kept, quote_via=quote)}" if kept else place


handlers = [show_sales, download_sales]
