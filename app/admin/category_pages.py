"""The operators' pages about the category tree."""

from itertools import takewhile
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field, field_validator

from app.admin.access import operator
from app.catalog import arranging, navigation, ordering, taxes
from app.catalog.arranging import Arranged, Refused, arranged
from app.catalog.art import KINDS
from app.catalog.art.addresses import address, choose_way
from app.catalog.taxonomy import words_of
from app.delivery.countries import name_of
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/categories"
LONGEST_NAME = 60
PICTURES = {f"{kind}-{form or ''}": (kind, form) for kind, drawn in KINDS.items() for form in drawn}
PARCEL = "parcel-"


class CategoryForm(BaseModel):
    name: str = Field(description="Enter a name, such as Desk lamps", max_length=LONGEST_NAME)
    parent: str = ""
    words: str = ""
    picture: str = PARCEL

    @field_validator("name")
    @classmethod
    def _with_letters(cls, typed: str) -> str:
        name = " ".join(typed.split())
        if not words_of(name):
            raise ValueError("A name needs a letter from a to z or a digit: its address is made of them")
        return name

    @field_validator("picture")
    @classmethod
    def _drawn(cls, typed: str) -> str:
        if typed not in PICTURES:
            raise ValueError("Choose a picture of the list")
        return typed


@get(PLACE)
async def show_categories(request: WebRequest) -> Response[str]:
    await operator(request)
    parent = forms.clean(request.query_params.get("in", ""))
    return await _list(request, {"parent": parent, "picture": PARCEL})


@post(PLACE, status_code=303)
async def send_category(request: WebRequest) -> Response[Any]:
    await operator(request)
    values = await forms.read(request)
    try:
        form = forms.checked(CategoryForm, values)
        words = arranging.phrases(form.words) if form.parent else ()
        await arranging.add(form.parent, form.name, words, PICTURES[form.picture])
    except forms.Invalid as invalid:
        return await _list(request, values, invalid.errors)
    except Refused as refused:
        return await _list(request, values, {refused.field: refused.reason})
    return await _done(request, f"{form.name} is there. Goods go into it as suppliers send them.")


@get(f"{PLACE}/{{category_id:int}}")
async def show_one(request: WebRequest, category_id: FromPath[int]) -> Response[str]:
    await operator(request)
    found = await _found(category_id)
    return await _one(request, found, _values(found))


def _values(category: Arranged) -> dict[str, str]:
    """Its form, as it stands."""
    kind, form = category.picture
    return {"name": category.name, "words": ", ".join(category.words), "picture": f"{kind}-{form or ''}"}


@post(f"{PLACE}/{{category_id:int}}", status_code=303)
async def change_one(request: WebRequest, category_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    values = await forms.read(request)
    found = await _found(category_id)
    try:
        form = forms.checked(CategoryForm, values)
        words = arranging.phrases(form.words) if found.parent else ()
        name = await arranging.change(found.id, form.name, words, PICTURES[form.picture])
    except forms.Invalid as invalid:
        return await _one(request, found, values, invalid.errors)
    except Refused as refused:
        return await _one(request, found, values, {refused.field: refused.reason})
    if name is None:
        raise NotFoundException
    return await _done(request, f"{name} is saved.")


@post(f"{PLACE}/{{category_id:int}}/place", status_code=303)
async def move_one(request: WebRequest, category_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    behind = (await forms.read(request)).get("behind", "")
    try:
        name = await ordering.move(category_id, behind)
    except Refused as refused:
        found = await _found(category_id)
        return await _one(request, found, {**_values(found), "behind": behind}, {refused.field: refused.reason})
    return await _done(request, f"{name} has its new place." if name else "It is not there any more.")


@post(f"{PLACE}/{{category_id:int}}/joining", status_code=303)
async def join_one(request: WebRequest, category_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    values = await forms.read(request)
    to = values.get("to", "")
    try:
        joined = await arranging.join(category_id, to, _rates_read(values))
    except Refused as refused:
        found = await _found(category_id)
        return await _one(request, found, {**_values(found), "to": to}, {refused.field: refused.reason})
    if joined is None:
        return await _done(request, "It is not there any more.")
    goods = f"{joined.products:,} product{'s' if joined.products != 1 else ''}"
    return await _done(request, f"{joined.name} is a part of {joined.to} now, with {goods}. Its address leads there.")


@post(f"{PLACE}/{{category_id:int}}/removal", status_code=303)
async def remove_one(request: WebRequest, category_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    values = await forms.read(request)
    try:
        name = await arranging.remove(category_id, _rates_read(values))
    except Refused as refused:
        flash(request, "bad", f"{refused.reason}.")
        return Redirect(f"{PLACE}/{category_id}", status_code=303)
    return await _done(request, f"{name} is removed." if name else "It was removed already.")


def _rates_read(values: dict[str, str]) -> set[int]:
    """Rates of VAT that stood on the page, by their ids."""
    return {number for text in values.get("rates", "").split() if (number := forms.number(text)) is not None}


async def _found(category: int) -> Arranged:
    found = await arranging.one(category)
    if found is None:
        raise NotFoundException
    return found


async def _done(request: WebRequest, said: str) -> Response[Any]:
    await navigation.renewed()
    flash(request, "good", said)
    return Redirect(PLACE, status_code=303)


async def _list(request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None) -> Response[str]:
    categories = await arranged()
    departments = {each.path: each.name for each in categories if not each.parent}
    return await _page(request, "admin/categories.html", values, errors, categories=categories, departments=departments)


async def _one(
    request: WebRequest, category: Arranged, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[str]:
    image = address(*category.picture, choose_way(category.path))
    tree = await arranged()
    names = {each.path: each.name for each in tree}
    others = {
        each.path: f"{names[each.parent]}: {each.name}" for each in tree if each.parent and each.id != category.id
    }
    beside = [each for each in tree if each.parent == category.parent]
    ahead = [each.path for each in takewhile(lambda each: each.id != category.id, beside)]
    return await _page(
        request,
        "admin/category.html",
        values,
        errors,
        category=category,
        image=image,
        others=others,
        beside={each.path: each.name for each in beside if each.id != category.id},
        behind=values.get("behind", ahead[-1] if ahead else ""),
        in_header=navigation.IN_HEADER,
        rates=await taxes.rates(category.id),
        name_of=name_of,
    )


async def _page(
    request: WebRequest, template: str, values: dict[str, str], errors: dict[str, str] | None, **what: Any
) -> Response[str]:
    return await page(
        request,
        template,
        status=422 if errors else 200,
        values=values,
        errors=errors or {},
        pictures={key: " ".join(key.split("-")).strip().capitalize() for key in PICTURES},
        **what,
    )


handlers = [show_categories, send_category, show_one, change_one, move_one, join_one, remove_one]
