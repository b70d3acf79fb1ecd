"""The operators' page about discount codes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from app.admin.access import operator
from app.discounts import desk
from app.discounts.desk import CodeTaken, NewCode
from app.discounts.giving import code_of
from app.discounts.tables import Kind
from app.infra import clock
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/discounts"
KINDS = {
    Kind.AMOUNT: "An amount off the goods",
    Kind.PERCENT: "Percent off the goods",
    Kind.FREE_DELIVERY: "Free delivery",
}
MOST = 1_000_000


def _decimal(typed: object) -> Decimal:
    try:
        found = Decimal(str(typed).replace(",", ".").strip(" €%"))
    except ArithmeticError:
        raise ValueError("Enter a number such as 5 or 12.50") from None
    if not (found.is_finite() and 0 <= found <= MOST and found == round(found, 2)):
        raise ValueError(f"Enter a number from 0 to {MOST:,} with at most two decimals")
    return found


def _count(typed: object) -> int:
    found = forms.number(str(typed))
    if not found or found > MOST:
        raise ValueError(f"Enter a whole number from 1 to {MOST:,}, or nothing")
    return found


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Limit = Annotated[int, BeforeValidator(_count)]


class CodeForm(BaseModel):
    code: str = Field(description="Enter a code of letters and digits")
    kind: Kind = Field(description="Choose what the code gives")
    worth: Number | None = None
    minimum: Number = Decimal(0)
    first_day: date = Field(description="Enter the first day")
    last_day: date | None = Field(None, description="Enter the last day, or nothing")
    most_uses: Limit | None = None
    most_per_shopper: Limit | None = None

    @field_validator("code")
    @classmethod
    def _code(cls, typed: str) -> str:
        code = code_of(typed)
        if not (code.isascii() and code.replace("-", "").isalnum()):
            raise ValueError("Use 1 to 30 letters without accents, digits and hyphens")
        return code

    @model_validator(mode="after")
    def _fits(self) -> "CodeForm":
        errors = {}
        if self.kind == Kind.PERCENT and not (self.worth and self.worth < 100):
            errors["worth"] = "Enter the percent, from 0.01 to 99.99"
        if self.kind == Kind.AMOUNT and not self.worth:
            errors["worth"] = "Enter the amount in euro"
        if self.kind == Kind.FREE_DELIVERY and self.worth:
            errors["worth"] = "Leave this empty: the code gives free delivery"
        for name, day in (("first_day", self.first_day), ("last_day", self.last_day)):
            if day and not 2000 <= day.year < 2200:
                errors[name] = "Choose a day of this century"
        if self.last_day and self.last_day < max(self.first_day, clock.today()):
            errors["last_day"] = "Choose a day that is not over, nor before the first one"
        if errors:
            raise forms.Invalid(errors, {})
        return self

    def as_new(self) -> NewCode:
        amount = int(self.worth * 100) if self.kind == Kind.AMOUNT and self.worth else None
        percent = self.worth if self.kind == Kind.PERCENT else None
        ends_at = clock.midnight(date.fromordinal(self.last_day.toordinal() + 1)) if self.last_day else None
        minimum = int(self.minimum * 100)
        limits = (self.most_uses, self.most_per_shopper)
        return NewCode(self.code, self.kind, amount, percent, minimum, clock.midnight(self.first_day), ends_at, *limits)


@get(PLACE)
async def show_codes(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _codes(request)


@post(PLACE, status_code=303)
async def send_code(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        new = forms.checked(CodeForm, values).as_new()
        await desk.make(viewer.id, new)
    except forms.Invalid as invalid:
        return await _codes(request, values, invalid.errors)
    except CodeTaken:
        return await _codes(request, values, {"code": "There is such a code already, with other rules"})
    flash(request, "good", f"Code {new.code} can be used.")
    return Redirect(PLACE, status_code=303)


@post(f"{PLACE}/{{code_id:int}}/end", status_code=303)
async def end_code(request: WebRequest, code_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    ended = await desk.stop(code_id)
    flash(request, "good" if ended else "warn", "The code has ended." if ended else "That code had ended already.")
    return Redirect(PLACE, status_code=303)


async def _codes(
    request: WebRequest, values: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> Response[str]:
    return await page(
        request,
        "admin/discounts.html",
        status=422 if errors else 200,
        codes=await desk.listed(),
        kinds={str(kind): words for kind, words in KINDS.items()},
        values=values or {"first_day": clock.today().isoformat()},
        errors=errors or {},
    )


handlers = [show_codes, send_code, end_code]
