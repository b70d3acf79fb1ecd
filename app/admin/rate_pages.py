"""The operators' page about exchange rates: what other currencies are worth, in which suppliers may send prices."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field, field_validator

from app.admin.access import operator
from app.catalog import exchange
from app.catalog.currency import in_shop_currency
from app.infra.clock import today
from app.infra.money import SHOP_CURRENCY, cents
from app.suppliers.lacking_rates import lacking_rates
from app.suppliers.prices import known_currency
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/rates"
OLDEST = timedelta(days=366)
ASKED = f"Enter how much of the currency one {SHOP_CURRENCY} buys, such as 1.0850"

_RATE = re.compile(r"[0-9]{1,8}([.,][0-9]{1,8})?")  # what the table holds


class RateForm(BaseModel):
    currency: str = Field(description="Enter the currency's code of three letters, such as USD")
    per_unit: Decimal = Field(description=ASKED)
    as_of: date = Field(description="Enter the day that the rate is of")

    @field_validator("currency")
    @classmethod
    def _another(cls, typed: str) -> str:
        code = typed.upper()
        if code == SHOP_CURRENCY:
            raise ValueError(f"{SHOP_CURRENCY} is the shop's own currency and needs no rate")
        if not known_currency(code):
            raise ValueError("That is no code of a currency. Enter its three letters of ISO 4217, such as USD")
        return code

    @field_validator("per_unit", mode="before")
    @classmethod
    def _decimal(cls, typed: str) -> Decimal:
        if not _RATE.fullmatch(typed):
            raise ValueError(f"{ASKED}: at most eight digits before the point and eight behind it")
        rate = Decimal(typed.replace(",", "."))
        if not rate:
            raise ValueError("A rate must be more than zero")
        return rate

    @field_validator("as_of")
    @classmethod
    def _known_by_now(cls, day: date) -> date:
        if day > today():
            raise ValueError("Choose today or an earlier day")
        if day < today() - OLDEST:
            raise ValueError("Choose a day within the last year")
        return day


@get(PLACE)
async def show_exchange_rates(request: WebRequest) -> Response[str]:
    await operator(request)
    code = forms.clean(request.query_params.get("currency", ""))
    return await _rates(request, {"currency": code if known_currency(code) else "", "as_of": today().isoformat()})


@post(PLACE, status_code=303)
async def send_exchange_rate(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        form = forms.checked(RateForm, values)
    except forms.Invalid as invalid:
        return await _rates(request, values, invalid.errors)
    least = exchange.least(form.currency)
    if form.per_unit < least:
        said = f"Enter at least {least}: how much {form.currency} one {SHOP_CURRENCY} buys, not the other way round"
        return await _rates(request, values, {"per_unit": said})
    rate = exchange.written(form.per_unit)
    is_meant = values.get("meant", "") == rate  # the box was ticked for this rate, not for one typed before
    try:
        await exchange.set_rate(viewer.id, form.currency, form.per_unit, form.as_of, is_meant=is_meant)
    except exchange.Leaps as leap:
        return await _rates(request, values, {"meant": _far(form, leap.before)}, asked=rate)
    flash(request, "good", f"1 {SHOP_CURRENCY} is {rate} {form.currency} from now on: {_example(form)}.")
    return Redirect(PLACE, status_code=303)


@post(PLACE + "/{currency:str}/removal", status_code=303)
async def remove_exchange_rate(request: WebRequest, currency: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)
    try:
        removed = known_currency(currency) and await exchange.remove(viewer.id, currency)
    except exchange.HasOffers:
        flash(request, "bad", f"Offers on sale have prices in {currency}, so its rate stays.")
        return Redirect(PLACE, status_code=303)
    flash(request, "good", f"{currency} has no rate any more." if removed else "It was removed already.")
    return Redirect(PLACE, status_code=303)


def _example(form: RateForm) -> str:
    minor = in_shop_currency(
        100 * 10 ** get_currency_precision(form.currency), form.currency, {form.currency: form.per_unit}
    )
    return f"a price of 100 {form.currency} becomes {cents(minor)} {SHOP_CURRENCY}"


def _far(form: RateForm, before: Decimal) -> str:
    times = form.per_unit / before
    how = f"{times:,.1f} times" if times >= 2 else f"{abs(times - 1):.0%} {'more' if times > 1 else 'less'} than"
    return f"That is {how} the {exchange.written(before)} that it is now. Tick the box if you mean it: {_example(form)}"


async def _rates(
    request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None, asked: str = ""
) -> Response[str]:
    return await page(
        request,
        "admin/rates.html",
        status=422 if errors else 200,
        rates=await exchange.rates(),
        changes=await exchange.changes(),
        lacking=await lacking_rates(),
        own=SHOP_CURRENCY,
        today=today(),
        values=values,
        errors=errors or {},
        asked=asked,
    )


handlers = [show_exchange_rates, send_exchange_rate, remove_exchange_rate]
