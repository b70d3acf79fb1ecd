"""Where a supplier tells us what the columns of his files mean, and sees what we then understand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import Viewer
from app.accounts.suppliers import SupplierNotApproved, may_send
from app.infra.database import fetch, fetch_one
from app.infra.settings import settings
from app.suppliers import column_choices, mapping
from app.suppliers.access import own_desk
from app.suppliers.arriving import feeds_folder
from app.suppliers.column_choices import Choice
from app.suppliers.formats import Limits, Preview
from app.suppliers.judging import context_of
from app.suppliers.looking import Look, columns_of, offers_in
from app.suppliers.rereading import read_again
from app.suppliers.understood import understood
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

SAVED = "We will read your columns so in every feed from now on."
OVERTAKEN = "A later feed has been taken, so this one is not read again. Send the file anew if it is the newest."
TOO_MANY = f"We remember at most {mapping.MOST:,} columns. Forget some of them first"


@dataclass(frozen=True)
class Desk:
    """A feed of the supplier whose page it is; `look` shows its columns."""

    viewer: Viewer
    supplier: int
    feed: Any
    look: Look

    @property
    def address(self) -> str:
        return f"/supplier/feeds/{self.feed['id']}/columns"

    @property
    def preview(self) -> Preview | None:
        """None when there is nothing to choose."""
        return self.look.preview if self.look.preview and self.look.preview.format != "shopify" else None


@get("/supplier/feeds/{feed_id:int}/columns")
async def show_columns(request: WebRequest, feed_id: FromPath[int]) -> Response[str]:
    desk = await _desk(request, feed_id)
    if desk.preview is None:
        return await _page(request, desk, [])
    remembered = await mapping.mapping_of(desk.supplier)
    known = column_choices.groups(await _warehouses())
    return await _page(request, desk, column_choices.at_first(desk.preview.columns, remembered, known))


@post("/supplier/feeds/{feed_id:int}/columns", status_code=303)
async def choose_columns(request: WebRequest, feed_id: FromPath[int]) -> Response[Any]:
    desk = await _desk(request, feed_id)
    values = await forms.read(request)
    action = values.get("do", "preview")
    if desk.preview is None:
        return await _page(request, desk, [])
    choices = column_choices.in_form(desk.preview.columns, values)
    errors = column_choices.errors_in(choices)
    if action == "read" and (missing := column_choices.missing(choices)):
        errors[""] = f"Choose the column with {' and the column with '.join(missing)}"
    if action not in ("save", "read") or errors:
        return await _page(request, desk, choices, errors, asked=action != "preview")
    try:
        await _remember(desk, choices)
        return await _read_again(request, desk) if action == "read" else _saved(request, desk)
    except mapping.TooMany:
        return await _page(request, desk, choices, {"": TOO_MANY}, asked=True)
    except SupplierNotApproved as refused:
        return await _page(request, desk, choices, {"": refused.sentence}, asked=True)


@get("/supplier/mapping")
async def show_mapping(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    told = [
        {"id": row["id"], "name": row["shown"], "means": column_choices.words_of(row["field"]), "at": row["told_at"]}
        for row in await mapping.remembered(supplier)
    ]
    return await page(request, "suppliers/mapping.html", viewer=viewer, told=told)


@post("/supplier/mapping/{mapping_id:int}/deletion", status_code=303)
async def forget_column(request: WebRequest, mapping_id: FromPath[int]) -> Redirect:
    _, supplier = await own_desk(request)
    name = await mapping.forget(supplier, min(mapping_id, 2**63 - 1))
    if name is None:
        raise NotFoundException
    flash(request, "good", f"Forgotten. From now on we guess what “{name[:60]}” means.")
    return Redirect("/supplier/mapping", status_code=303)


async def _desk(request: WebRequest, feed_id: int) -> Desk:
    """Another supplier's feed is not found, as if there were none."""
    viewer, supplier = await own_desk(request)
    feed = await fetch_one(
        "SELECT id, supplier, path, filename, mode, created_at FROM feed WHERE id = $1 AND supplier = $2",
        min(feed_id, 2**63 - 1),
        supplier,
    )
    if feed is None:
        raise NotFoundException
    return Desk(viewer, supplier, feed, await columns_of(feeds_folder() / feed["path"], _limits()))


async def _remember(desk: Desk, choices: Sequence[Choice]) -> None:
    shown = {choice.column.key: choice.column.name for choice in choices}
    await mapping.remember(desk.supplier, column_choices.mapping_of(choices), shown)


def _saved(request: WebRequest, desk: Desk) -> Redirect:
    flash(request, "good", SAVED)
    return Redirect(desk.address, status_code=303)


async def _read_again(request: WebRequest, desk: Desk) -> Redirect:
    await may_send(desk.supplier)
    again = await read_again(desk.feed["id"], desk.viewer.id)
    flash(request, "good" if again else "warn", SAVED if again else f"{SAVED} {OVERTAKEN}")
    return Redirect(f"/supplier/feeds/{again or desk.feed['id']}", status_code=303)


async def _page(
    request: WebRequest, desk: Desk, choices: list[Choice], errors: dict[str, str] | None = None, asked: bool = False
) -> Response[str]:
    """The form with `choices`, and what we would understand. `asked`: to save, which `errors` prevent."""
    offers = Look(refusal="Mend what is marked first.") if errors else await _offers(desk, choices)
    warehouses = await _warehouses()
    return await page(
        request,
        "suppliers/columns.html",
        fragment="suppliers/_columns_preview.html",
        status=422 if asked and errors else 200,
        viewer=desk.viewer,
        feed=desk.feed,
        address=desk.address,
        look=desk.look,
        preview=desk.preview,
        choices=choices,
        groups=column_choices.groups(warehouses),
        warehouses=[code for code, _ in warehouses],
        errors=errors or {},
        missing=column_choices.missing(choices),
        offers=understood(offers),
    )


async def _offers(desk: Desk, choices: Sequence[Choice]) -> Look:
    if desk.look.preview is None:
        return Look()
    told = await mapping.mapping_of(desk.supplier)
    for key, field in column_choices.mapping_of(choices).items():
        told.pop(key, None)
        if field is not None:
            told[key] = field
    return await offers_in(feeds_folder() / desk.feed["path"], _limits(), told, await context_of(desk.feed))


async def _warehouses() -> list[tuple[str, str]]:
    return [(row["code"], row["name"]) for row in await fetch("SELECT code, name FROM warehouse ORDER BY code")]


def _limits() -> Limits:
    return Limits(max_bytes=settings().feed_max_bytes)


handlers = [show_columns, choose_columns, show_mapping, forget_column]
