"""The operators' pages about products: finding one, and barring it from the shop, whoever sells it."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.catalog import barring
from app.catalog.barring import LONGEST_QUERY, LONGEST_REASON, MOST
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/products"


@get(PLACE)
async def show_products(request: WebRequest) -> Response[str]:
    await operator(request)
    words = forms.clean(request.query_params.get("words", ""))[:LONGEST_QUERY]
    products = await barring.found(words) if words else await barring.barred()
    return await page(request, "admin/products.html", words=words, products=products, most=MOST)


@get(f"{PLACE}/{{product_id:int}}")
async def show_one_product(request: WebRequest, product_id: FromPath[int]) -> Response[str]:
    await operator(request)
    return await _one(request, product_id, {})


@post(f"{PLACE}/{{product_id:int}}/decisions", status_code=303)
async def decide_on_product(request: WebRequest, product_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    is_barred, reason = values.get("decision") == "bar", values.get("reason", "")
    if is_barred and not reason:
        return await _one(request, product_id, values, "Say why: its sellers read it")
    if len(reason) > LONGEST_REASON:
        return await _one(request, product_id, values, f"Use at most {LONGEST_REASON} characters")
    changed = await barring.decide(viewer.id, product_id, is_barred=is_barred, reason=reason)
    said = "Nobody can find or buy it any more." if is_barred else "It is back, with what its sellers offer of it."
    flash(request, "good", said if changed else "That was decided already.")
    return Redirect(f"{PLACE}/{product_id}", status_code=303)


async def _one(request: WebRequest, product_id: int, values: dict[str, str], error: str = "") -> Response[str]:
    try:
        product = await barring.product_of(product_id)
    except LookupError:
        raise NotFoundException from None
    return await page(
        request,
        "admin/product.html",
        status=422 if error else 200,
        product=product,
        offers=await barring.offers_of(product_id),
        decisions=await barring.decisions_of(product_id),
        longest_reason=LONGEST_REASON,
        values=values,
        errors={"reason": error} if error else {},
    )


handlers = [show_products, show_one_product, decide_on_product]
