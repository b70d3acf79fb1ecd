"""/privacy, and what a shopper decides there or at a shelf: which shelves, whether anything personal at all."""

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import Owner, owner_of
from app.activity import keeping
from app.activity.choices import Choice, choice_here, choose, remember_here
from app.activity.noting import key_of, note_arrival, noted
from app.infra.outages import DatabaseUnavailable
from app.recommendations.known import known_of
from app.search import recent
from app.storefront import viewed
from app.storefront.shelves import NAMES, ShelfKind
from app.web import forms
from app.web.cookies import delete_cookie, wants_no_record
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_fragment, page

SECTION = "/privacy#recommendations"


@get("/privacy")
async def show_privacy(request: WebRequest) -> Response[str]:
    choice, kept = choice_here(request), 0
    try:
        if owner := await owner_of(request):
            choice = choice.with_also((await known_of(owner)).choice)
            kept = await keeping.count_kept(owner)
    except DatabaseUnavailable:
        pass  # what the browser says is said
    hidden = [(kind, name) for kind, name in NAMES.items() if kind in choice.hidden]
    return await page(
        request,
        "pages/privacy.html",
        choice=choice,
        hidden=hidden,
        kept=kept + len(viewed.viewed(request)) + len(recent.recent(request).queries),
        is_untracked=wants_no_record(request),
    )


@post("/privacy/recommendations", status_code=303)
async def choose_recommendations(request: WebRequest) -> Redirect:
    """Turn what is personal off, which deletes what was kept; on again; or only delete."""
    values = await forms.read(request)
    owner = await owner_of(request)
    choice = await _choice(request, owner)
    match values.get("personal"):
        case "off":
            await choose(request, owner, replace(choice, is_off=True))
            await _forget(request, owner)
            flash(request, "good", "Nothing personal is shown or kept any more, and what was kept is deleted.")
        case "on":
            await choose(request, owner, replace(choice, is_off=False))
            flash(request, "good", "You are shown what fits you again. We begin with nothing.")
        case "forget":
            await _forget(request, owner)
            flash(request, "good", "What was kept of what you did is deleted.")
        case _:
            flash(request, "bad", "Choose whether you want personal shelves.")
    return Redirect(local_path(values.get("next"), SECTION), status_code=303)


@post("/shelves/{kind:str}/hiding", status_code=303)
async def hide_shelf(request: WebRequest, kind: FromPath[str]) -> Response[Any]:
    """Hide a shelf from now on, or show it again."""
    if kind not in set(ShelfKind):
        raise NotFoundException
    values, shelf = await forms.read(request), ShelfKind(kind)
    owner = await owner_of(request)
    choice = await _choice(request, owner)
    is_hidden = "again" not in values
    hidden = choice.hidden | {shelf} if is_hidden else choice.hidden - {shelf}
    await choose(request, owner, replace(choice, hidden=hidden))
    if is_fragment(request):
        return await page(request, "storefront/_hidden.html", kind=shelf, name=NAMES[shelf])
    word = "hidden. You can show it again on the page about privacy." if is_hidden else "shown again."
    flash(request, "good", f"The shelf “{NAMES[shelf]}” is {word}")
    return Redirect(local_path(values.get("next")), status_code=303)


async def arrive(request: WebRequest, account_id: int) -> None:
    """At sign-in: what the account has said elsewhere counts in this browser, too."""
    here = choice_here(request)
    said = here.with_also((await known_of(Owner(account_id, None))).choice)
    if said != here:
        await choose(request, None, said)
    if not said.is_off:
        note_arrival(request, account_id)
    elif not here.is_off:
        _forget_here(request)


def depart(request: WebRequest) -> None:
    """At sign-out: what was looked at and which shelves were hidden come back with the account, and are no business of
    who uses the browser next. That nothing personal is wanted stays: it may be said of the browser."""
    _forget_here(request)
    here = choice_here(request)
    if here.hidden:
        remember_here(request, replace(here, hidden=frozenset()))


def _forget_here(request: WebRequest) -> None:
    """What was looked at and searched."""
    delete_cookie(request, viewed.COOKIE)
    recent.forget(request)


async def _choice(request: WebRequest, owner: Owner | None) -> Choice:
    """The one that counts now. What a cookie made up is no shelf, and is not kept."""
    choice = choice_here(request).with_also((await known_of(owner)).choice)
    return replace(choice, hidden=choice.hidden & {str(kind) for kind in ShelfKind})


async def _forget(request: WebRequest, owner: Owner | None) -> None:
    _forget_here(request)
    if owner:
        noted().forget(key_of(owner.account, owner.visitor))
        await keeping.forget(owner)


handlers = [show_privacy, choose_recommendations, hide_shelf]
