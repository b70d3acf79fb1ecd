"""Privacy of an account: what is kept, taking it along, deleting it."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts import known_browsers, leaving, sessions, taking_along
from app.accounts.asked import Deletion
from app.accounts.leaving import CannotLeave
from app.accounts.sessions import Viewer, required
from app.accounts.tries import TooMany
from app.accounts.words import beside
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page


@get("/account/privacy")
async def show_privacy(request: WebRequest) -> Response[str]:
    await required(request)
    return await page(request, "accounts/privacy.html")


@post("/account/export", status_code=200)
async def take_along(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    try:
        document = await taking_along.document(viewer)
    except TooMany as often:
        flash(request, "warn", f"You have it several times already. Try again in {often.minutes}.")
        return Redirect("/account/privacy", status_code=303)
    headers = {"content-disposition": 'attachment; filename="feira-account.json"', "cache-control": "no-store"}
    return Response(document, media_type="application/json", headers=headers)


@get("/account/deletion")
async def show_deletion(request: WebRequest) -> Response[str]:
    return await _form(request, await required(request))


@post("/account/deletion", status_code=303)
async def delete(request: WebRequest) -> Response[Any]:
    viewer = await required(request)
    values = await forms.read(request)
    try:
        asked = forms.checked(Deletion, values)
        await beside("password", values, lambda: leaving.delete(viewer, asked.password))
    except forms.Invalid as invalid:
        return await _form(request, viewer, invalid.errors, values)
    except CannotLeave as refusal:
        return await _form(request, viewer, {"": str(refusal)}, values, status=409)
    await sessions.end(request)
    known_browsers.forget(request)
    flash(request, "good", "Your account is deleted. A mail says so, too.")
    return Redirect("/", status_code=303)


async def _form(
    request: WebRequest,
    viewer: Viewer,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    status: int = 422,
) -> Response[str]:
    return await page(
        request,
        "accounts/deletion.html",
        status=status if errors else 200,
        errors=errors or {},
        values=values or {},
        refusal=leaving.why_not(viewer),
    )


handlers = [show_privacy, take_along, show_deletion, delete]
