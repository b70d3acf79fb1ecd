"""The account's own pages: what there is, the name and address, passwords and devices."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts import admission, email_changes, session_list, sessions
from app.accounts.asked import EmailChange, PasswordChange, Profile
from app.accounts.passwords import unlike
from app.accounts.sessions import Viewer, required
from app.accounts.tries import TooMany
from app.accounts.words import beside, mailed_enough
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

DETAILS, SECURITY = "/account/details", "/account/security"


def go(path: str) -> Redirect:
    return Redirect(path, status_code=303)


@get("/account")
async def show_account(request: WebRequest) -> Response[str]:
    await required(request)
    return await page(request, "accounts/account.html")


@get(DETAILS)
async def show_details(request: WebRequest) -> Response[str]:
    return await _details(request, await required(request))


@post("/account/name", status_code=303)
async def rename(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(Profile, values)
    except forms.Invalid as invalid:
        return await _details(request, viewer, invalid)
    await admission.rename(viewer.id, asked.name)
    flash(request, "good", "Your name is changed.")
    return go(DETAILS)


@post("/account/email", status_code=303)
async def ask_for_email(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(EmailChange, values)
        if asked.new_email == viewer.email:
            raise forms.Invalid({"new_email": "This is your address already"}, values)
        await beside("password", values, lambda: email_changes.ask(viewer, asked.password, asked.new_email))
    except forms.Invalid as invalid:
        return await _details(request, viewer, invalid)
    except TooMany as often:
        return await _details(request, viewer, forms.Invalid({"new_email": mailed_enough(often)}, values), status=429)
    flash(request, "good", f"We have sent a link to {asked.new_email}. The address changes when you open it.")
    return go(DETAILS)


@post("/account/email/removal", status_code=303)
async def keep_email(request: WebRequest) -> Redirect:
    await email_changes.forget(await required(request))
    flash(request, "good", "Your address stays as it is.")
    return go(DETAILS)


@get(SECURITY)
async def show_security(request: WebRequest) -> Response[str]:
    return await _security(request, await required(request))


@post("/account/password", status_code=303)
async def change_password(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(PasswordChange, values)
        _refuse_own_words(viewer, asked.new_password, values)
        change = admission.change_password
        await beside(
            "current_password", values, lambda: change(request, viewer, asked.current_password, asked.new_password)
        )
    except forms.Invalid as invalid:
        return await _security(request, viewer, invalid)
    flash(request, "good", "Your password is changed. You are signed out on every other device.")
    return go(SECURITY)


@post("/account/sessions/{session_id:str}/removal", status_code=303)
async def end_session(request: WebRequest, session_id: FromPath[str]) -> Redirect:
    viewer, number = await required(request), forms.number(session_id)
    if number is None:
        raise NotFoundException
    if number == viewer.session_id:
        await sessions.end(request)
        flash(request, "good", "You are signed out.")
        return go("/")
    device = await session_list.end_one(viewer, number)
    if device:
        flash(request, "good", f"{device} is signed out.")
    else:
        flash(request, "plain", "That device was signed out already.")
    return go(SECURITY)


@post("/account/sessions/removal", status_code=303)
async def end_other_sessions(request: WebRequest) -> Redirect:
    await sessions.end_others(request, (await required(request)).id)
    flash(request, "good", "You are signed out on every other device.")
    return go(SECURITY)


def _refuse_own_words(viewer: Viewer, password: str, values: dict[str, str]) -> None:
    try:
        unlike(password, viewer.email, viewer.name)
    except ValueError as error:
        raise forms.Invalid({"new_password": str(error)}, values) from None


async def _details(
    request: WebRequest, viewer: Viewer, invalid: forms.Invalid | None = None, status: int = 422
) -> Response[str]:
    waiting = await email_changes.asked_for(viewer.id)
    return await _form(request, "accounts/details.html", invalid, status, new_email=waiting)


async def _security(request: WebRequest, viewer: Viewer, invalid: forms.Invalid | None = None) -> Response[str]:
    devices = await session_list.devices_of(viewer)
    return await _form(request, "accounts/security.html", invalid, devices=devices)


async def _form(
    request: WebRequest, template: str, invalid: forms.Invalid | None, status: int = 422, **context: Any
) -> Response[str]:
    return await page(
        request,
        template,
        status=status if invalid else 200,
        values=invalid.values if invalid else {},
        errors=invalid.errors if invalid else {},
        **context,
    )


handlers = [
    show_account,
    show_details,
    rename,
    ask_for_email,
    keep_email,
    show_security,
    change_password,
    end_session,
    end_other_sessions,
]
