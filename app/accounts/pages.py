"""Signing in, up and out, and the account's own page."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts import admission, sessions
from app.accounts.admission import EmailTaken, WrongPassword
from app.accounts.asked import PasswordChange, Profile, SignIn, SignUp
from app.accounts.guessing import Paused
from app.accounts.sessions import SignInNeeded, Viewer, account_of, required
from app.accounts.words import paused, wrong_password
from app.infra.database import DatabaseUnavailable
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
        await _counting("password", values, lambda: admission.sign_in(request, **asked.model_dump()))
    except forms.Invalid as invalid:
        return await _door(request, "accounts/sign_in.html", invalid.values, invalid.errors)
    return Redirect(local_path(values.get("next")), status_code=303)


@get("/sign-up")
async def show_sign_up(request: WebRequest) -> Response[Any]:
    return await _door(request, "accounts/sign_up.html", {})


@post("/sign-up", status_code=303)
async def sign_up(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    try:
        asked = forms.checked(SignUp, values)
        await admission.sign_up(request, **asked.model_dump())
    except forms.Invalid as invalid:
        return await _door(request, "accounts/sign_up.html", invalid.values, invalid.errors)
    except EmailTaken:
        errors = {"email": "There is an account with this e-mail address. Sign in, or use another address"}
        return await _door(request, "accounts/sign_up.html", values, errors)
    flash(request, "good", f"Welcome to Feira, {asked.name}.")
    return Redirect(local_path(values.get("next")), status_code=303)


@post("/sign-out", status_code=303)
async def sign_out(request: WebRequest) -> Redirect:
    await sessions.end(request)
    flash(request, "good", "You are signed out.")
    return Redirect("/", status_code=303)


@get("/account")
async def show_account(request: WebRequest) -> Response[str]:
    return await _account(request, await required(request))


@post("/account/name", status_code=303)
async def rename(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(Profile, values)
    except forms.Invalid as invalid:
        return await _account(request, viewer, invalid)
    await admission.rename(viewer.id, asked.name)
    flash(request, "good", "Your name is changed.")
    return Redirect("/account", status_code=303)


@post("/account/password", status_code=303)
async def change_password(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(PasswordChange, values)
        change = admission.change_password
        await _counting(
            "current_password", values, lambda: change(request, viewer, asked.current_password, asked.new_password)
        )
    except forms.Invalid as invalid:
        return await _account(request, viewer, invalid)
    flash(request, "good", "Your password is changed. You are signed out on every other device.")
    return Redirect("/account", status_code=303)


async def _counting(field: str, values: dict[str, str], verb: Callable[[], Awaitable[None]]) -> None:
    """Run a verb that looks at a password; what is wrong with that is said beside `field`."""
    try:
        await verb()
    except WrongPassword as wrong:
        raise forms.Invalid({field: wrong_password(wrong.tries_left)}, values) from None
    except Paused as pause:
        raise forms.Invalid({field: paused(pause)}, values) from None


async def _door(
    request: WebRequest, template: str, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[Any]:
    """The sign-in or sign-up form; who is in already goes on to where they wanted to be."""
    back = local_path(values.get("next") or request.query_params.get("next"))
    if not errors and await account_of(request):
        return Redirect(back, status_code=303)
    # the header's own "Sign in" keeps the way back, too
    return await page(
        request,
        template,
        status=422 if errors else 200,
        values=values,
        errors=errors or {},
        next=back,
        request_path=back,
    )


async def _account(request: WebRequest, viewer: Viewer, invalid: forms.Invalid | None = None) -> Response[str]:
    return await page(
        request,
        "accounts/account.html",
        status=422 if invalid else 200,
        values=invalid.values if invalid else {},
        errors=invalid.errors if invalid else {},
    )


handlers = [show_sign_in, sign_in, show_sign_up, sign_up, sign_out, show_account, rename, change_password]
