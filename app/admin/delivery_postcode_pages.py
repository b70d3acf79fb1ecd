"""The operators' pages about postcodes: the table as a file, sent, looked at and applied."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from app.admin import delivery_desk
from app.admin.access import operator
from app.admin.delivery_reading import MOST_BYTES, MOST_LINES, NotATable, TableArrival, guarded, read_table
from app.delivery import estimate, postcode_uploads
from app.delivery.changing import ChangedMeanwhile
from app.delivery.postcode_differences import difference
from app.delivery.postcode_table import FIELDS, Judge
from app.delivery.postcode_uploads import NotChosen, NotThere
from app.suppliers.receiving import shown_name
from app.suppliers.report_file import MARK, lines
from app.suppliers.upload import UploadRefused, read_upload, shown_size
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/delivery/postcodes"
SHOWN_PROBLEMS = 100
CHUNK_ROWS = 5_000

CHOOSE = {
    "leave_out": "Choose to leave out the lines that are wrong, or mend them in the file and send it again",
    "remove_most": "Confirm that most of the prefixes are to be removed",
    "": "No line of this file can be used. Mend it and send it again",
}
APPLIED_BEFORE = "That file has been applied already."
TOO_OLD = "That file is no longer kept. Send it again."


@get(PLACE)
async def show_postcodes(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _postcodes(request)


@get(f"{PLACE}/table.csv")
async def download_table(request: WebRequest) -> Stream:
    await operator(request)
    return _csv("postcodes.csv", await delivery_desk.areas())


@post(PLACE, status_code=303, request_max_body_size=None)
async def send_table(request: WebRequest) -> Response[Any]:
    """Nothing is applied by this: the file is kept, and shown with what it would change."""
    viewer = await operator(request)
    judge = Judge(await postcode_uploads.zone_countries())
    try:
        with TableArrival() as arrival:
            form = await read_upload(request, arrival)
            count = await asyncio.to_thread(read_table, arrival.path, judge)
    except UploadRefused as refused:
        return await _postcodes(request, {refused.field: refused.sentence}, status=refused.status)
    except NotATable as error:
        return await _postcodes(request, {"file": str(error)}, status=422)
    upload = await postcode_uploads.keep(viewer.id, shown_name(form.filename), count, judge)
    return Redirect(f"{PLACE}/uploads/{upload}", status_code=303)


@get(f"{PLACE}/uploads/{{upload_id:int}}")
async def show_upload(request: WebRequest, upload_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    return await _upload(request, upload_id)


@get(f"{PLACE}/uploads/{{upload_id:int}}/problems.csv")
async def download_problems(request: WebRequest, upload_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    try:
        upload = await postcode_uploads.upload(upload_id)
    except NotThere:
        raise NotFoundException from None
    rows = [(str(each.line), each.field, each.value, each.reason) for each in upload.problems]
    return _csv("postcode-problems.csv", rows, header=("line", "field", "value", "problem"))


@post(f"{PLACE}/uploads/{{upload_id:int}}/application", status_code=303)
async def apply_upload(request: WebRequest, upload_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    chosen = [name for name in CHOOSE if name and values.get(name)]
    try:
        done = await postcode_uploads.apply(upload_id, viewer.id, values.get("seen", ""), chosen)
    except NotThere as gone:
        return _gone(request, gone)
    except NotChosen as missing:
        errors = {name: CHOOSE[name] for name in missing.choices}
        return await _upload(request, upload_id, chosen, errors, seen=values.get("seen", ""), status=422)
    except ChangedMeanwhile:
        return await _upload(request, upload_id, chosen, meanwhile=True, status=409)
    await estimate.renew()
    flash(request, "good", UNCHANGED if done.is_nothing else f"Applied: {_counted(done.counts)}.")
    return Redirect(PLACE, status_code=303)


@post(f"{PLACE}/uploads/{{upload_id:int}}/removal", status_code=303)
async def throw_upload_away(request: WebRequest, upload_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    await postcode_uploads.throw_away(upload_id)
    flash(request, "good", "The file is thrown away. Nothing of it was applied.")
    return Redirect(PLACE, status_code=303)


UNCHANGED = "The file says what the table says already. Nothing was changed."


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)


def _gone(request: WebRequest, gone: NotThere) -> Response[Any]:
    flash(request, "good" if gone.is_applied else "warn", APPLIED_BEFORE if gone.is_applied else TOO_OLD)
    return Redirect(PLACE, status_code=303)


def _csv(filename: str, rows: Sequence[Sequence[str]], header: Sequence[str] = FIELDS) -> Stream:
    """Cells that a spreadsheet would run have an apostrophe before them, which reading takes off again."""

    async def written() -> AsyncIterator[bytes]:
        yield MARK + lines([header])
        for first in range(0, len(rows), CHUNK_ROWS):
            yield await asyncio.to_thread(_written, rows[first : first + CHUNK_ROWS])

    headers = {"content-disposition": f'attachment; filename="{filename}"', "cache-control": "private, no-store"}
    return Stream(written(), media_type="text/csv", headers=headers)


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    return lines([[guarded(cell) for cell in row] for row in rows])


async def _postcodes(request: WebRequest, errors: dict[str, str] | None = None, *, status: int = 200) -> Response[str]:
    return await page(
        request,
        "admin/delivery_postcodes.html",
        status=status,
        zones=await delivery_desk.zones(),
        waiting=await postcode_uploads.waiting(),
        errors=errors or {},
        limit=shown_size(MOST_BYTES),
        most_lines=MOST_LINES,
    )


async def _upload(
    request: WebRequest,
    upload_id: int,
    chosen: Sequence[str] = (),
    errors: dict[str, str] | None = None,
    *,
    seen: str = "",
    meanwhile: bool = False,
    status: int = 200,
) -> Response[Any]:
    """A form that lacks a choice keeps the mark it was read with, so that choosing does not hide another's change."""
    try:
        found = await postcode_uploads.upload(upload_id)
    except NotThere as gone:
        return _gone(request, gone)
    change = await difference(upload_id)
    return await page(
        request,
        "admin/delivery_postcode_upload.html",
        status=status,
        found=found,
        change=change,
        seen=seen or change.mark,
        chosen=chosen,
        errors=errors or {},
        meanwhile=meanwhile,
        shown_problems=SHOWN_PROBLEMS,
    )


handlers = [
    show_postcodes,
    download_table,
    send_table,
    show_upload,
    download_problems,
    apply_upload,
    throw_upload_away,
]
