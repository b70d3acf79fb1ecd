"""A forgotten password: asking for a link, and choosing a new one with it."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts import resetting
from app.accounts.asked import EmailOnly, PasswordChoice
from app.accounts.links import DeadLink
from app.accounts.passwords import unlike
from app.accounts.tries import TooMany
from app.accounts.words import mailed_enough
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page
from app.web.senders import sender_of

CHOICE = "/password-reset/choice"


@get("/password-reset")
async def show_reset(request: WebRequest) -> Response[str]:
    return await _ask(request, {})


@post("/password-reset", status_code=303)
async def ask_for_reset(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    try:
        asked = forms.checked(EmailOnly, values)
        await resetting.ask(asked.email, sender_of(request))
    except forms.Invalid as invalid:
        return await _ask(request, invalid.values, invalid.errors)
    except TooMany as often:
        return await _ask(request, values, {"email": mailed_enough(often)}, status=429)
    return Redirect("/password-reset/sent", status_code=303)


@get("/password-reset/sent")
async def show_sent(request: WebRequest) -> Response[str]:
    return await page(request, "accounts/reset_sent.html")


@get(CHOICE)
async def show_choice(request: WebRequest) -> Response[str]:
    token = request.query_params.get("token", "")
    try:
        return await _choose(request, token, await resetting.email_of(token))
    except DeadLink:
        return await _dead(request)


@post(CHOICE, status_code=303)
async def choose(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    token = values.get("token", "")
    try:
        email = await resetting.email_of(token)
        new = _checked(values, email)
        await resetting.choose(request, token, new)
    except forms.Invalid as invalid:
        return await _choose(request, token, email, invalid.errors)
    except DeadLink:
        return await _dead(request)
    flash(request, "good", "Your new password is set. You are signed in here, and signed out everywhere else.")
    return Redirect("/account", status_code=303)


def _checked(values: dict[str, str], email: str) -> str:
    password = forms.checked(PasswordChoice, values).new_password
    try:
        return unlike(password, email, "")
    except ValueError as error:
        raise forms.Invalid({"new_password": str(error)}, values) from None


async def _ask(
    request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None, status: int = 422
) -> Response[str]:
    return await page(
        request, "accounts/reset.html", status=status if errors else 200, values=values, errors=errors or {}
    )


async def _choose(request: WebRequest, token: str, email: str, errors: dict[str, str] | None = None) -> Response[str]:
    return await page(
        request,
        "accounts/reset_choice.html",
        status=422 if errors else 200,
        token=token,
        email=email,
        errors=errors or {},
    )


async def _dead(request: WebRequest) -> Response[str]:
    return await page(request, "accounts/dead_link.html", status=410, purpose="password")


handlers = [show_reset, ask_for_reset, show_sent, show_choice, choose]
