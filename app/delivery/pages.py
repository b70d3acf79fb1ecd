"""The shopper's postcode."""

from litestar import Response, get, post
from litestar.response import Redirect

from app.delivery.estimate import Place, delivery_map
from app.delivery.places import place_of_request, prefer_place
from app.delivery.postcodes import EXAMPLE, LOOKS_LIKE, normal
from app.web import forms
from app.web.paths import local_path
from app.web.rendering import WebRequest, page


@get("/delivery/postcode")
async def show_postcode(request: WebRequest) -> Response[str]:
    place = await place_of_request(request)
    back = local_path(request.query_params.get("next"))
    return await _form(request, {"postcode": place.postcode if place else "", "next": back}, {})


@post("/delivery/postcode", status_code=303)
async def set_postcode(request: WebRequest) -> Response:
    values = await forms.read(request)
    back = local_path(values.get("next"))
    try:
        await prefer_place(request, await _served(values))
    except forms.Invalid as wrong:
        return await _form(request, {**wrong.values, "next": back}, wrong.errors)
    return Redirect(back, status_code=303)


async def _served(values: dict[str, str]) -> Place:
    typed = values.get("postcode", "")
    postcode = normal(typed)
    if postcode is None:
        raise forms.Invalid({"postcode": LOOKS_LIKE if typed else f"Enter your postcode, such as {EXAMPLE}"}, values)
    place = (await delivery_map()).place_of(postcode)
    if place is None:
        raise forms.Invalid({"postcode": f"We do not deliver to {postcode} yet"}, values)
    return place


async def _form(request: WebRequest, values: dict[str, str], errors: dict[str, str]) -> Response[str]:
    return await page(
        request,
        "delivery/postcode.html",
        status=422 if errors else 200,
        typed=values.get("postcode", ""),
        back=values["next"],
        errors=errors,
    )


handlers = [show_postcode, set_postcode]
