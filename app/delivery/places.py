"""The shopper's place: a postcode in a cookie, and what it means on today's map."""

from typing import Any

from app.accounts import preferences
from app.accounts.sessions import account_of
from app.delivery import address_book
from app.delivery.estimate import Place, delivery_map
from app.delivery.postcodes import marked, normal, unmarked
from app.infra.outages import DatabaseUnavailable
from app.web.cookies import delete_cookie, set_cookie
from app.web.rendering import WebRequest

COOKIE = "feira_postcode"
NOT_SERVED = "(no delivery yet)"


async def place_of_request(request: WebRequest) -> Place | None:
    """Where this shopper wants things, even if we do not deliver there any more; None when we do not know.

    Raises:
        DatabaseUnavailable: there is a postcode, and this process has never seen the map.
    """
    state = request.scope["state"]
    if "place" not in state:
        postcode = request.cookies.get(COOKIE)
        state["place"] = await _place_of(postcode) if postcode else None
    found: Place | None = state["place"]
    return found


async def _place_of(mark: str) -> Place | None:
    country, typed = unmarked(mark)
    tidy = normal(country, typed)
    if tidy is None:
        return None
    return (await delivery_map()).place_of(mark) or not_delivered(country, tidy)


def not_delivered(country: str, postcode: str) -> Place:
    """A place that nobody drives to; the postcode as its country writes it."""
    return Place(postcode, NOT_SERVED, "", country)


def remember_place(request: WebRequest, place: Place) -> None:
    """Keep the postcode for a year."""
    request.scope["state"]["place"] = place
    set_cookie(request, COOKIE, place.mark)


async def prefer_place(request: WebRequest, place: Place) -> None:
    """Keep the postcode with this browser, and with the account that is signed in."""
    remember_place(request, place)
    viewer = await account_of(request)
    if viewer:
        await preferences.keep_postcode(viewer.id, place.mark)


async def learn_place(request: WebRequest, mark: str) -> None:
    """Of who had given no postcode yet, or one that nobody drives to: things are wanted where they were sent. A gift to
    somewhere else changes nothing."""
    known = await place_of_request(request)
    if not (known and known.is_served) and (place := (await delivery_map()).place_of(mark)):
        await prefer_place(request, place)


async def arrive(request: WebRequest, account_id: int) -> None:
    """At sign-in: a browser that knows a postcode tells it to the account; another one learns the account's, or that of
    its usual address."""
    country, typed = unmarked(request.cookies.get(COOKIE, ""))
    here = normal(country, typed)
    if here is not None:
        return await preferences.keep_postcode(account_id, marked(country, here))
    place = await _place_of(await preferences.postcode_of(account_id) or await address_book.usual_mark(account_id))
    if place:
        remember_place(request, place)


def depart(request: WebRequest) -> None:
    """At sign-out: the account keeps the postcode. Left here, whoever signs in next would have it for theirs."""
    request.scope["state"]["place"] = None
    delete_cookie(request, COOKIE)


async def shell_part(request: WebRequest) -> dict[str, Any]:
    """The header's place. A page that needs no dates is shown without one when the database is away."""
    try:
        return {"place": await place_of_request(request)}
    except DatabaseUnavailable:
        return {"place": None}
