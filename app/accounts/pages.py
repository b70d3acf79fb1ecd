"""Signing in, up and out."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts import account_pages, admission, email_pages, leaving_pages, reset_pages, sessions
from app.accounts.admission import EmailTaken
from app.accounts.asked import SignIn, SignUp
from app.accounts.sessions import SignInNeeded, account_of
from app.accounts.tries import TooMany
from app.accounts.words import beside, too_many_here
from app.infra.outages import DatabaseUnavailable
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, page


async def shell_part(request: WebRequest) -> dict[str, Any]:
    """The header's name. A page that needs no account is shown without one when the database is away."""
    try:
        return {"viewer": await account_of(request)}
    except DatabaseUnavailable:
        return {"viewer": None}


def on_sign_in_needed(request: WebRequest, needed: SignInNeeded) -> Response[Any]:
    """To the sign-in page. HTMX would put that page in the place of a fragment, so it is told to go there."""
    headers = {"cache-control": "no-store", "vary": "HX-Request"}
    if request.headers.get("hx-request") == "true":
        return Response("", status_code=200, headers={**headers, "hx-redirect": needed.address})
    return Redirect(needed.address, status_code=303, headers=headers)


exception_handlers: dict[Any, Any] = {SignInNeeded: on_sign_in_needed}


@get("/sign-in")
async def show_sign_in(request: WebRequest) -> Response[Any]:
    return await _door(request, "accounts/sign_in.html", {"keep": "on"})


@post("/sign-in", status_code=303)
async def sign_in(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    try:
        asked = forms.checked(SignIn, values)
        await beside("password", values, lambda: admission.sign_in(request, **asked.model_dump()))
    except forms.Invalid as invalid:
        return await _door(request, "accounts/sign_in.html", invalid.values, invalid.errors)
    except TooMany as often:
        return await _door(request, "accounts/sign_in.html", values, {"": too_many_here(often)}, status=429)
    return Redirect(local_path(values.get("next")), status_code=303)


@get("/sign-up")
async def show_sign_up(request: WebRequest) -> Response[Any]:
    return await _door(request, "accounts/sign_up.html", {})


@post("/sign-up", status_code=303)
async def sign_up(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    try:
        asked = forms.checked(SignUp, values)
        is_new = await admission.sign_up(request, **asked.model_dump())
    except forms.Invalid as invalid:
        return await _door(request, "accounts/sign_up.html", invalid.values, invalid.errors)
    except EmailTaken:
        errors = {"email": "There is an account with this e-mail address. Sign in, or use another address"}
        return await _door(request, "accounts/sign_up.html", values, errors)
    except TooMany as often:
        return await _door(request, "accounts/sign_up.html", values, {"": too_many_here(often)}, status=429)
    if is_new:
        flash(
            request, "good", f"Welcome to Feira, {asked.name}. We have sent a mail to {asked.email}: confirm it there."
        )
    else:
        flash(request, "good", f"You have an account with {asked.email}, and are signed in.")
    return Redirect(local_path(values.get("next")), status_code=303)


@post("/sign-out", status_code=303)
async def sign_out(request: WebRequest) -> Redirect:
    await sessions.end(request)
    flash(request, "good", "You are signed out.")
    return Redirect("/", status_code=303)


async def _door(
    request: WebRequest,
    template: str,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response[Any]:
    """The sign-in or sign-up form; who is in already goes on to where they wanted to be."""
    back = local_path(values.get("next") or request.query_params.get("next"))
    if not errors and await account_of(request):
        return Redirect(back, status_code=303)
    # the header's own "Sign in" keeps the way back, too
    return await page(
        request,
        template,
        status=status if errors else 200,
        values=values,
        errors=errors or {},
        next=back,
        request_path=back,
    )


handlers = [
    show_sign_in,
    sign_in,
    show_sign_up,
    sign_up,
    sign_out,
    *account_pages.handlers,
    *email_pages.handlers,
    *reset_pages.handlers,
    *leaving_pages.handlers,
]
