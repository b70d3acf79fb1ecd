"""The supplier's desk: send a feed, watch it, read its report."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from app.accounts.sessions import Viewer
from app.accounts.suppliers import SupplierNotApproved, may_send, standing_of
from app.accounts.tables import SupplierState
from app.catalog.wanted_pictures import count_failed
from app.infra.settings import settings
from app.suppliers import dry_runs, feeds, progress, receiving
from app.suppliers.access import own_desk
from app.suppliers.api_feeds import changes_today
from app.suppliers.arriving import Arrival
from app.suppliers.progress import Progress
from app.suppliers.remaining import way_of
from app.suppliers.report import Report, report
from app.suppliers.report_file import as_csv
from app.suppliers.rereading import read_again
from app.suppliers.understood import shown_price
from app.suppliers.upload import UploadRefused, read_upload, shown_size
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

EARLIER = 12
OVERTAKEN = (
    "A later feed has been taken since, or one waits, so this file was not sent. Send it again from your computer."
)
REAL = "This feed was no dry run: it was sent for real."
GONE = "This can no longer be confirmed: a later feed has been taken."


@get("/supplier/feeds")
async def show_feeds(request: WebRequest) -> Response[str]:
    return await _desk(request, *await own_desk(request))


@post("/supplier/feeds", status_code=303, request_max_body_size=None)
async def send_feed(request: WebRequest) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    try:
        await may_send(supplier)
        with Arrival() as arrival:
            form = await read_upload(request, arrival)
            await may_send(supplier)  # still: an upload may take long
            feed = await receiving.receive(
                supplier, form.filename, arrival, account_id=viewer.id, mode=form.mode, dry_run=form.dry_run
            )
    except UploadRefused as refused:
        return await _desk(request, viewer, supplier, errors={refused.field: refused.sentence}, status=refused.status)
    except SupplierNotApproved as refused:
        return await _desk(request, viewer, supplier, errors={"": refused.sentence}, status=403)
    return Redirect(f"/supplier/feeds/{feed}", status_code=303)


@get("/supplier/feeds/{feed_id:int}")
async def show_feed(request: WebRequest, feed_id: FromPath[int]) -> Response[str]:
    viewer, feed = await _own_feed(request, feed_id)
    shown = await report(feed_id, request.query_params.get("show", ""), _number(request.query_params.get("page", "")))
    # The counts are live on the desk's page, too, which has no place for the report.
    is_own_page = urlsplit(request.headers.get("hx-current-url", "")).path == request.url.path
    return await page(
        request,
        "suppliers/feed.html",
        fragment="suppliers/_live.html" if is_own_page else "suppliers/_counts.html",
        feed=feed,
        report=shown,
        pager=_pager(feed_id, shown),
        changes=await dry_runs.examples_of(feed_id) if feed.dry_run else {},
        shown_price=shown_price,
        **await _around(viewer, feed.supplier, feed),
    )


@get("/supplier/feeds/{feed_id:int}/report.csv")
async def download_report(request: WebRequest, feed_id: FromPath[int]) -> Stream:
    await _own_feed(request, feed_id)
    headers = {
        "content-disposition": f'attachment; filename="feed-{feed_id}-report.csv"',
        "cache-control": "private, no-store",
    }
    return Stream(as_csv(feed_id), media_type="text/csv; charset=utf-8", headers=headers)


@post("/supplier/feeds/{feed_id:int}/withdrawal", status_code=303)
async def confirm_withdrawal(request: WebRequest, feed_id: FromPath[int]) -> Redirect:
    await _own_feed(request, feed_id)
    if not await feeds.confirm_withdrawal(feed_id):
        flash(request, "warn", GONE)
    return Redirect(f"/supplier/feeds/{feed_id}", status_code=303)


@post("/supplier/feeds/{feed_id:int}/real-run", status_code=303)
async def send_for_real(request: WebRequest, feed_id: FromPath[int]) -> Redirect:
    viewer, feed = await _own_feed(request, feed_id)
    again, refusal = None, OVERTAKEN if feed.dry_run else REAL
    try:
        await may_send(feed.supplier)
        if feed.dry_run:
            again = await read_again(feed_id, viewer.id, for_real=True)
    except SupplierNotApproved as refused:
        refusal = refused.sentence
    if again is None:
        flash(request, "warn", refusal)
    return Redirect(f"/supplier/feeds/{again or feed_id}", status_code=303)


async def _own_feed(request: WebRequest, feed_id: int) -> tuple[Viewer, Progress]:
    """Another supplier's feed is not found, as if there were none."""
    viewer, supplier = await own_desk(request)
    try:
        feed = await progress.of(min(feed_id, 2**63 - 1))
    except LookupError:
        raise NotFoundException from None
    if feed.supplier != supplier:
        raise NotFoundException
    return viewer, feed


async def _desk(
    request: WebRequest, viewer: Viewer, supplier: int, errors: dict[str, str] | None = None, status: int = 200
) -> Response[str]:
    found = await progress.latest(supplier, 1)
    feed = found[0] if found else None
    around = await _around(viewer, supplier, feed)
    return await page(request, "suppliers/feeds.html", status=status, feed=feed, **{**around, "errors": errors or {}})


async def _around(viewer: Viewer, supplier: int, feed: Progress | None) -> dict[str, Any]:
    """What stands beside a feed: the form, and the supplier's other feeds."""
    others = await progress.latest(supplier, EARLIER)
    is_approved = viewer.supplier_state == SupplierState.APPROVED
    return {
        "viewer": viewer,
        "standing": None if is_approved else await standing_of(supplier),
        "errors": {},
        "api_changes": await changes_today(supplier),
        "failed_pictures": await count_failed(supplier),
        "limit": shown_size(settings().feed_max_bytes),
        "kept_days": settings().feeds_kept_days,
        "earlier": [other for other in others if feed is None or other.id != feed.id],
        "way": await way_of(feed) if feed else None,
        "same_as": await progress.same_as(feed) if feed and feed.state == "unchanged" else None,
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _pager(feed_id: int, shown: Report) -> list[dict[str, Any]]:
    """Previous, the pages around this one, next."""
    near = [number for number in range(shown.page - 2, shown.page + 3) if 1 <= number <= shown.pages]
    links: list[dict[str, Any]] = [_link(feed_id, shown, number, str(number)) for number in near]
    if shown.page > 1:
        links.insert(0, {**_link(feed_id, shown, shown.page - 1, "Previous"), "rel": "prev"})
    if shown.page < shown.pages:
        links.append({**_link(feed_id, shown, shown.page + 1, "Next"), "rel": "next"})
    return links


def _link(feed_id: int, shown: Report, number: int, label: str) -> dict[str, Any]:
    href = f"/supplier/feeds/{feed_id}?show={shown.show}&page={number}#report"
    return {"label": label, "href": href, "current": number == shown.page and label == str(number), "rel": ""}


handlers = [show_feeds, send_feed, show_feed, download_report, confirm_withdrawal, send_for_real]
