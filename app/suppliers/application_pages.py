"""For businesses: why and how to sell here, and the form with which they apply."""

from typing import Any

from babel.numbers import get_currency_name
from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.response import Redirect

from app.accounts.sessions import Viewer, account_of
from app.accounts.tables import Role
from app.delivery.countries import home, in_words
from app.delivery.postcodes import examples
from app.infra.money import SHOP_CURRENCY
from app.suppliers import application_form, applying
from app.suppliers.application_form import Offered
from app.suppliers.applying import TooManyApplications
from app.suppliers.tax_numbers import country_names
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page
from app.web.senders import sender_of

TOO_MANY = "Many applications came from your network within the last hour. Please send this one later"
DESK = "/supplier/feeds"


@get("/sell")
async def show_sell(request: WebRequest) -> Response[str]:
    return await page(request, "suppliers/sell.html")


@get("/sell/application")
async def show_application(request: WebRequest) -> Response[Any]:
    viewer = await _applicant(request)
    if viewer and viewer.supplier_id:
        return Redirect(DESK, status_code=303)
    known = {"contact_name": viewer.name, "email": viewer.email} if viewer else {}
    return await _form(request, await applying.offered(), {"tax_country": home(), "currency": SHOP_CURRENCY, **known})


@post("/sell/application", status_code=303)
async def send_application(request: WebRequest) -> Response[Any]:
    viewer = await _applicant(request)
    if viewer and viewer.supplier_id:  # sent twice
        return Redirect(DESK, status_code=303)
    values = await forms.read(request)
    choices = await applying.offered()
    try:
        application = application_form.checked(values, choices, has_account=viewer is not None)
        await applying.count_try(sender_of(request))
    except forms.Invalid as invalid:
        return await _form(request, choices, values, invalid.errors)
    except TooManyApplications:
        return await _form(request, choices, values, {"": TOO_MANY}, status=429)
    if viewer is None:
        await applying.apply_as_stranger(application)
        return Redirect("/sell/application/received", status_code=303)
    await applying.apply_with_account(application, viewer.id)
    flash(request, "good", "Your application is with us.")
    return Redirect(DESK, status_code=303)


@get("/sell/application/received")
async def show_received(request: WebRequest) -> Response[str]:
    return await page(request, "suppliers/application_received.html")


async def _applicant(request: WebRequest) -> Viewer | None:
    """Who applies; None for somebody without an account, or who is not signed in.

    Raises:
        PermissionDeniedException: an operator, who would decide on his own application.
    """
    viewer = await account_of(request)
    if viewer and viewer.role == Role.OPERATOR:
        raise PermissionDeniedException("An operator does not sell")
    return viewer


async def _form(
    request: WebRequest,
    choices: Offered,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response[str]:
    return await page(
        request,
        "suppliers/application.html",
        status=status if errors else 200,
        values=values,
        errors=errors or {},
        choices=choices,
        countries=country_names(),
        own_countries=[in_words(country) for country in choices.countries],
        own_postcodes=[found for country in choices.countries if (found := examples(country))][:3],
        currencies={code: f"{code}, {get_currency_name(code, locale='en')}" for code in choices.currencies},
    )


handlers = [show_sell, show_application, send_application, show_received]
