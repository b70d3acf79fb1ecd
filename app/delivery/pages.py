"""The shopper's postcode."""

from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.response import Redirect

from app.delivery.addresses import country_of
from app.delivery.countries import home, in_order, in_words, is_known, name_of, not_served
from app.delivery.estimate import DeliveryMap, Place, delivery_map
from app.delivery.places import not_delivered, place_of_request, prefer_place
from app.delivery.postcodes import examples, looks_like, marked, normal
from app.web import forms
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_htmx, page


@get("/delivery/postcode")
async def show_postcode(request: WebRequest) -> Response[str]:
    place = await place_of_request(request)
    back = local_path(_shown(request), local_path(request.query_params.get("next")))
    typed = {"postcode": place.postcode, "country": place.country} if place else {}
    return await _form(request, {**typed, "next": back}, {})


@post("/delivery/postcode", status_code=303)
async def set_postcode(request: WebRequest) -> Response:
    """Keep the postcode, served or not: then every page says which day, or that nothing is delivered there."""
    values = await forms.read(request)
    back = local_path(values.get("next"))
    try:
        await prefer_place(request, wanted(values, await delivery_map()))
    except forms.Invalid as wrong:
        return await _form(request, {**wrong.values, "next": back}, wrong.errors)
    return Redirect(back, status_code=303)


def _shown(request: WebRequest) -> str:
    """The page that HTMX shows now: a list that was narrowed since has another address than its link here knows."""
    try:
        shown = urlsplit(request.headers.get("hx-current-url", "") if is_htmx(request) else "")
    except ValueError:
        return ""
    return f"{shown.path}?{shown.query}".rstrip("?")


def wanted(values: dict[str, str], delivery: DeliveryMap) -> Place:
    """The place that was typed. Where no country was asked for, that of the only one whose postcodes look so.

    Raises:
        forms.Invalid: with what to mend.
    """
    typed, country, served = values.get("postcode", ""), country_of(values), delivery.countries()
    if country not in served and country != home():
        said = not_served(country) if is_known(country) else "Choose a country"
        raise forms.Invalid({"country": said}, values)
    postcode = normal(country, typed)
    fitting = [each for each in served if normal(each, typed) is not None] if typed and postcode is None else []
    if len(fitting) == 1 and not values.get("country"):
        return wanted({**values, "country": fitting[0]}, delivery)
    if postcode is None:
        said = looks_like(country) if typed else f"Enter your postcode, such as {examples(country)}"
        if len(fitting) == 1:  # the country that the form begins with is easily left as it is
            said = f"{said}. Yours looks like one in {in_words(fitting[0])}: choose that country, too"
        raise forms.Invalid({"postcode": said}, values)
    return delivery.place_of(marked(country, postcode)) or not_delivered(country, postcode)


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
