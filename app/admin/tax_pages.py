"""The operators' page about VAT: which rate what has, from which day on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field, field_validator

from app.admin.access import operator
from app.catalog import taxes
from app.catalog.taxes import KnownRate, TooManyRates
from app.delivery.countries import home, in_order, name_of
from app.delivery.estimate import delivery_map
from app.infra.clock import today
from app.infra.settings import settings
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/taxes"
TAKEN = "There is another rate from that day on. Choose another day"
FURTHEST = timedelta(days=3660)


class RateForm(BaseModel):
    country: str = ""
    category: str = ""
    percent: Decimal = Field(description="Enter the rate in percent, such as 6 or 13.5")
    valid_from: date = Field(description="Enter the first day of the rate")

    @field_validator("percent", mode="before")
    @classmethod
    def _percent(cls, typed: str) -> Decimal:
        try:
            percent = Decimal(typed.replace(",", ".").removesuffix("%").strip())
        except ArithmeticError:
            raise ValueError("Enter the rate in percent, such as 6 or 13.5") from None
        if not (percent.is_finite() and 0 <= percent < 100 and percent == round(percent, 2)):
            raise ValueError("Enter a rate from 0 to 99.99, with at most two decimals")
        return percent

    @field_validator("valid_from")
    @classmethod
    def _from_today_on(cls, day: date) -> date:
        if day < today():
            raise ValueError("Choose today or a later day: what was sold before has the rate of its day")
        if day > today() + FURTHEST:
            raise ValueError("Choose a day within ten years")
        return day


@get(PLACE)
async def show_rates(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _rates(request)


@post(PLACE, status_code=303)
async def send_rate(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        form = forms.checked(RateForm, values)
        category, country = await _chosen(form.category, values), form.country or home()
        if country not in await _countries():
            raise forms.Invalid({"country": "Choose a country of the list"}, values)
        await taxes.set_rate(viewer.id, country, category, form.percent, form.valid_from)
    except forms.Invalid as invalid:
        return await _rates(request, values, invalid.errors)
    except KnownRate:
        return await _rates(request, values, {"valid_from": TAKEN})
    except TooManyRates:
        return await _rates(request, values, {"": f"There are at most {taxes.MOST_RATES} rates"})
    flash(request, "good", "The rate is set. What is ordered from its day on is taxed by it.")
    return Redirect(PLACE, status_code=303)


@post(f"{PLACE}/{{rate_id:int}}/removal", status_code=303)
async def send_removal(request: WebRequest, rate_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    if await taxes.take_back(rate_id):
        flash(request, "good", "The rate is taken back.")
    else:
        flash(request, "bad", "That rate has begun, or is gone: orders may have been placed with it.")
    return Redirect(PLACE, status_code=303)


async def _chosen(typed: str, values: dict[str, str]) -> int | None:
    """The category's id; None for everything else."""
    if not typed:
        return None
    chosen = forms.number(typed)
    if chosen not in {category for category, _ in await taxes.choices()}:
        raise forms.Invalid({"category": "Choose a category of the list"}, values)
    return chosen


async def _rates(
    request: WebRequest, values: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> Response[str]:
    return await page(
        request,
        "admin/taxes.html",
        status=422 if errors else 200,
        rates=await taxes.rates(),
        usual=settings().vat_percent,
        home=home(),
        countries=await _countries(),
        name_of=name_of,
        choices=[("", "Everything else"), *((str(number), name) for number, name in await taxes.choices())],
        values=values or {"valid_from": today().isoformat()},
        errors=errors or {},
    )


async def _countries() -> dict[str, str]:
    """Those that we deliver to, and the shop's own."""
    return in_order({home(), *(await delivery_map()).countries()})


handlers = [show_rates, send_rate, send_removal]
