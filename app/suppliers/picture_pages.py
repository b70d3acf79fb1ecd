"""The supplier's pictures: how many we have, and which of their links did not work."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect, Stream

from app.catalog import wanted_pictures
from app.suppliers.access import own_desk
from app.suppliers.report_file import MARK, lines
from app.web.flashes import flash
from app.web.rendering import WebRequest, moment_of, page

SHOWN = 50
CHUNK_ROWS = 1_000
COLUMNS = ("picture", "problem", "wanted since", "tried again")


@get("/supplier/pictures")
async def show_pictures(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    return await page(
        request,
        "suppliers/pictures.html",
        viewer=viewer,
        counts=await wanted_pictures.counts(supplier),
        failed=await wanted_pictures.failed(supplier, SHOWN),
    )


@get("/supplier/pictures/report.csv")
async def download_pictures(request: WebRequest) -> Stream:
    _, supplier = await own_desk(request)
    headers = {"content-disposition": 'attachment; filename="pictures.csv"', "cache-control": "private, no-store"}
    return Stream(_as_csv(supplier), media_type="text/csv; charset=utf-8", headers=headers)


@post("/supplier/pictures/retries", status_code=303)
async def retry_pictures(request: WebRequest) -> Redirect:
    _, supplier = await own_desk(request)
    number = await wanted_pictures.try_again(supplier)
    if number:
        flash(request, "good", f"{number:,} picture{'s are' if number != 1 else ' is'} being fetched again.")
    return Redirect("/supplier/pictures", status_code=303)


async def _as_csv(supplier: int) -> AsyncIterator[bytes]:
    """Everything that could not be fetched, UTF-8 with the mark that spreadsheets look for."""
    yield MARK + lines([COLUMNS])
    after = ""
    while rows := await wanted_pictures.failed(supplier, CHUNK_ROWS, after):
        after = rows[-1]["key"]
        yield lines([_cells(row) for row in rows])


def _cells(row: Any) -> tuple[str, ...]:
    return row["url"], row["reason"], moment_of(row["wanted_at"]), moment_of(row["next_attempt_at"])


handlers = [show_pictures, download_pictures, retry_pictures]
