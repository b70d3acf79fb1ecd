"""The shopper's postcode."""

from litestar import Response, get, post
from litestar.response import Redirect

from app.delivery.addresses import country_of
from app.delivery.countries import home, in_order, is_known, name_of, not_served
from app.delivery.estimate import Place, delivery_map
from app.delivery.places import place_of_request, prefer_place
from app.delivery.postcodes import examples, looks_like, marked, normal
from app.web import forms
from app.web.paths import local_path
from app.web.rendering import WebRequest, page


@get("/delivery/postcode")
async def show_postcode(request: WebRequest) -> Response[str]:
    place = await place_of_request(request)
    back = local_path(request.query_params.get("next"))
    typed = {"postcode": place.postcode, "country": place.country} if place else {}
    return await _form(request, {**typed, "next": back}, {})


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
    typed, country = values.get("postcode", ""), country_of(values)
    delivery = await delivery_map()
    if country not in delivery.countries() and country != home():
        said = not_served(country) if is_known(country) else "Choose a country"
        raise forms.Invalid({"country": said}, values)
    postcode = normal(country, typed)
    if postcode is None:
        said = looks_like(country) if typed else f"Enter your postcode, such as {examples(country)}"
        raise forms.Invalid({"postcode": said}, values)
    place = delivery.place_of(marked(country, postcode))
    if place is None:
        raise forms.Invalid({"postcode": f"We do not deliver to {postcode or name_of(country)} yet"}, values)
    return place


async def _form(request: WebRequest, values: dict[str, str], errors: dict[str, str]) -> Response[str]:
    return await page(
        request,
        "delivery/postcode.html",
        status=422 if errors else 200,
        typed=values.get("postcode", ""),
        country=country_of(values),
        countries=in_order((await delivery_map()).countries()),
        hint=_hint((await delivery_map()).countries()),
        back=values["next"],
        errors=errors,
    )


def _hint(countries: frozenset[str]) -> str:
    """Examples of the first countries."""
    few = list(in_order(countries))[:3]
    said = [examples(each) + (f" in {name_of(each)}" if len(countries) > 1 else "") for each in few if examples(each)]
    short = " Of a Portuguese one the first four digits are enough." if "PT" in countries else ""
    return f"Such as {' or '.join(said)}.{short}" if said else ""


handlers = [show_postcode, set_postcode]
