"""Where the links that confirm an e-mail address lead. Opening one changes nothing, because programs that look through
mails open links, too: a button does it.
"""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts import confirming, email_changes
from app.accounts.admission import EmailTaken
from app.accounts.links import DeadLink
from app.accounts.sessions import required
from app.accounts.tries import TooMany
from app.accounts.words import mailed_enough
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

CONFIRM, MOVE = "/account/confirmation", "/account/email/confirmation"


@get(CONFIRM)
async def show_confirmation(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    token = request.query_params.get("token", "")
    if viewer.email_confirmed:
        return _is_confirmed(request, viewer.email)
    try:
        confirming.link_is_for(viewer, token)
    except DeadLink:
        return await _dead(request)
    return await _button(request, CONFIRM, token, viewer.email)


@post(CONFIRM, status_code=303)
async def confirm(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    token = (await forms.read(request)).get("token", "")
    if viewer.email_confirmed:
        return _is_confirmed(request, viewer.email)
    try:
        await confirming.confirm(viewer, token)
    except DeadLink:
        return await _dead(request)
    return _is_confirmed(request, viewer.email)


@post("/account/confirmation/mails", status_code=303)
async def send_again(request: WebRequest) -> Redirect:
    viewer = await required(request)
    try:
        await confirming.ask_again(viewer)
    except TooMany as often:
        flash(request, "warn", mailed_enough(often))
    else:
        flash(request, "good", f"A mail with the link is on its way to {viewer.email}.")
    return Redirect("/account", status_code=303)


@get(MOVE)
async def show_move(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    token = request.query_params.get("token", "")
    try:
        new_email = await email_changes.link_is_for(viewer, token)
    except DeadLink:
        return await _dead(request)
    return await _button(request, MOVE, token, new_email)


@post(MOVE, status_code=303)
async def move(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    token = (await forms.read(request)).get("token", "")
    try:
        new_email = await email_changes.confirm(viewer, token)
    except DeadLink:
        return await _dead(request)
    except EmailTaken:
        return await page(request, "accounts/email_taken.html", status=409)
    flash(request, "good", f"{new_email} is now the address of your account.")
    return Redirect("/account/details", status_code=303)


def _is_confirmed(request: WebRequest, email: str) -> Redirect:
    flash(request, "good", f"{email} is confirmed.")
    return Redirect("/account", status_code=303)


async def _button(request: WebRequest, action: str, token: str, email: str) -> Response[str]:
    return await page(request, "accounts/confirmation.html", action=action, token=token, email=email)


async def _dead(request: WebRequest) -> Response[str]:
    return await page(request, "accounts/dead_link.html", status=410, purpose="email")


handlers = [show_confirmation, confirm, send_again, show_move, move]
