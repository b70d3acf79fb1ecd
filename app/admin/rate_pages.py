"""The operators' page about exchange rates: what other currencies are worth, in which suppliers may send prices."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect
from pydantic import BaseModel, Field, field_validator

from app.admin.access import operator
from app.catalog import exchange
from app.catalog.taxes import today
from app.infra.money import SHOP_CURRENCY
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
    await operator(request)
    values = await forms.read(request)
    try:
        form = forms.checked(RateForm, values)
    except forms.Invalid as invalid:
        return await _rates(request, values, invalid.errors)
    least = exchange.least(form.currency)
    if form.per_unit < least:
        said = f"Enter at least {least}: how much {form.currency} one {SHOP_CURRENCY} buys, not the other way round"
        return await _rates(request, values, {"per_unit": said})
    await exchange.set_rate(form.currency, form.per_unit, form.as_of)
    rate = exchange.written(form.per_unit)
    flash(request, "good", f"1 {SHOP_CURRENCY} is {rate} {form.currency} from now on.")
    return Redirect(PLACE, status_code=303)


async def _rates(request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None) -> Response[str]:
    return await page(
        request,
        "admin/rates.html",
        status=422 if errors else 200,
        rates=await exchange.rates(),
        lacking=await lacking_rates(),
        own=SHOP_CURRENCY,
        today=today(),
        values=values,
        errors=errors or {},
    )


handlers = [show_exchange_rates, send_exchange_rate]
