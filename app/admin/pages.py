"""The operators' pages: what waits, and the suppliers."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.suppliers import MOVES, WITH_REASON, DecidedBefore, decide
from app.accounts.tables import SupplierState
from app.admin import (
    category_pages,
    dead_letter_pages,
    delivery_lane_pages,
    delivery_level_pages,
    delivery_new_pages,
    delivery_pages,
    delivery_postcode_pages,
    discount_pages,
    kept_pages,
    mail_pages,
    order_pages,
    payment_pages,
    product_pages,
    rate_pages,
    return_pages,
    review_pages,
    synonym_pages,
    synonym_proposals,
    tax_pages,
)
from app.admin.access import operator
from app.admin.metrics_pages import show_metrics
from app.admin.overview import overview
from app.admin.supplier_detail import detail
from app.admin.supplier_list import suppliers
from app.suppliers.tax_numbers import country_names
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

LONGEST_NOTE = 1000

DONE = {
    SupplierState.APPROVED: "{name} may send feeds now.",
    SupplierState.DECLINED: "The application of {name} is declined.",
    SupplierState.SUSPENDED: "{name} is suspended: it sends no feeds, and sells nothing, until it is reinstated.",
}


@get("/admin")
async def show_overview(request: WebRequest) -> Response[str]:
    await operator(request)
    return await page(request, "admin/overview.html", overview=await overview())


@get("/admin/suppliers")
async def show_suppliers(request: WebRequest) -> Response[str]:
    await operator(request)
    state, words = (forms.clean(request.query_params.get(name, "")) for name in ("state", "words"))
    found = await suppliers(state, words, _id(request.query_params.get("before", "")))
    return await page(request, "admin/suppliers.html", found=found, state=state, words=words)


@get("/admin/suppliers/{supplier_id:int}")
async def show_supplier(request: WebRequest, supplier_id: FromPath[int]) -> Response[str]:
    await operator(request)
    return await _supplier(request, supplier_id)


@post("/admin/suppliers/{supplier_id:int}/decisions", status_code=303)
async def send_decision(request: WebRequest, supplier_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        seen, to, note = _decision(values)
        await decide(supplier_id, viewer.id, seen, to, note)
    except forms.Invalid as invalid:
        return await _supplier(request, supplier_id, values, invalid.errors, status=422)
    except DecidedBefore:
        return await _supplier(request, supplier_id, values, decided_before=True, status=409)
    except LookupError:
        raise NotFoundException from None
    found = await detail(supplier_id)
    flash(request, "good", DONE[to].format(name=found.supplier["name"]))
    return Redirect(f"/admin/suppliers/{supplier_id}", status_code=303)


def _decision(values: dict[str, str]) -> tuple[SupplierState, SupplierState, str]:
    """From which state, to which, and the note.

    Raises:
        Invalid: one of them does not fit.
    """
    note = values.get("note", "").replace("\r\n", "\n")
    try:
        seen, to = SupplierState(values.get("from", "")), SupplierState(values.get("to", ""))
    except ValueError:
        raise forms.Invalid({"": "Choose what to do, with one of the buttons"}, values) from None
    if to not in MOVES[seen]:
        raise forms.Invalid({"": f"A supplier that is {seen} cannot become {to}"}, values)
    if len(note) > LONGEST_NOTE:
        raise forms.Invalid({"note": f"Use at most {LONGEST_NOTE} characters"}, values)
    if to in WITH_REASON and not note:
        raise forms.Invalid({"note": "Say why: the supplier reads it"}, values)
    return seen, to, note


async def _supplier(
    request: WebRequest,
    supplier_id: int,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    decided_before: bool = False,
    status: int = 200,
) -> Response[str]:
    try:
        found = await detail(supplier_id)
    except LookupError:
        raise NotFoundException from None
    return await page(
        request,
        "admin/supplier.html",
        status=status,
        found=found,
        values=values or {},
        errors=errors or {},
        decided_before=decided_before,
        countries=country_names(),
        longest_note=LONGEST_NOTE,
    )


def _id(text: str) -> int:
    """A supplier's id from the address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


handlers = [
    show_overview,
    show_suppliers,
    show_supplier,
    send_decision,
    show_metrics,
    *order_pages.handlers,
    *return_pages.handlers,
    *dead_letter_pages.handlers,
    *delivery_pages.handlers,
    *kept_pages.handlers,
    *payment_pages.handlers,
    *review_pages.handlers,
    *delivery_postcode_pages.handlers,
    *delivery_lane_pages.handlers,
    *delivery_level_pages.handlers,
    *delivery_new_pages.handlers,
    *mail_pages.handlers,
    *synonym_pages.handlers,
    *tax_pages.handlers,
    *category_pages.handlers,
    *product_pages.handlers,
    *rate_pages.handlers,
    *discount_pages.handlers,
    *synonym_proposals.handlers,
]
