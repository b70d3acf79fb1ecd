"""Feeds as programs send and follow them."""

from collections.abc import Mapping
from typing import Any

from app.accounts.suppliers import SupplierNotApproved, may_send
from app.infra.clock import midnight, today
from app.infra.database import fetch, fetch_one
from app.suppliers import progress, receiving
from app.suppliers.arriving import Arrival
from app.suppliers.progress import Progress
from app.suppliers.upload import MODES, YES_OR_NO, UploadRefused, read_body, read_upload
from app.web.refusals import Refused, Wrong
from app.web.rendering import WebRequest

PLACE = "/api/supplier/v1"
KEY_CHARS = 200
UNPACKED = ("", "identity", "gzip", "x-gzip")


async def receive(request: WebRequest, supplier_id: int) -> int:
    """Take the request's file as a feed; returns its id, the first one's if the same was sent before.

    Raises:
        Refused: with the reason.
    """
    refuse_encoding(request, *UNPACKED)
    key = _idempotency_key(request)
    mode = _mode(request.query_params.get("mode", "full"))
    dry_run = _dry_run(request.query_params.get("dry_run", ""))
    filename = request.query_params.get("filename", "")
    try:
        with Arrival() as arrival:
            if request.headers.get("content-type", "").lower().startswith("multipart/"):
                form = await read_upload(request, arrival)
                filename, mode = filename or form.filename, form.fields.get("mode", mode)
                dry_run = dry_run or form.dry_run
            else:
                await read_body(request, arrival)
            await may_send(supplier_id)  # still: an upload may take long
            return await receiving.receive(
                supplier_id, filename or "API", arrival, mode=mode, dry_run=dry_run, idempotency_key=key
            )
    except UploadRefused as refused:
        raise Refused(refused.status, refused.sentence, [Wrong(refused.field, "", refused.sentence)]) from None
    except SupplierNotApproved as refused:
        raise Refused(403, refused.sentence) from None
    except receiving.SentBefore as before:
        if before.same:
            return before.feed
        sentence = f"Another feed was sent with this key before: feed {before.feed}. Nothing was taken."
        raise Refused(422, sentence, [Wrong("Idempotency-Key", key or "", sentence, "Use a new key.")]) from None


def refuse_encoding(request: WebRequest, *known: str) -> None:
    """Raises Refused when the body is packed in a way that is not among `known`."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in known:
        raise Refused(415, f"We do not unpack the content encoding “{encoding[:60]}” here.")


async def own_feed(supplier_id: int, feed_id: int) -> Progress:
    """Raises Refused: there is no such feed of this supplier; another's is not found, as if there were none."""
    try:
        feed = await progress.of(min(feed_id, 2**63 - 1))
    except LookupError:
        feed = None
    if feed is None or feed.supplier != supplier_id:
        raise Refused(404, "There is no such feed of yours.")
    return feed


def as_sent(feed: Progress) -> dict[str, Any]:
    """A feed for programs."""
    counts = {name: value for name, value in feed.counts().items() if name != "feed"}
    return {
        "id": feed.id,
        **counts,
        "withheld": feed.withheld,
        "settled": feed.is_settled,
        "failure": feed.failure,
        "mode": feed.mode,
        "dry_run": feed.dry_run,
        "would": would_of(feed),
        "filename": feed.filename,
        "created_at": feed.created_at,
        "finished_at": feed.finished_at,
        "links": links_of(feed.id),
    }


def would_of(feed: Progress) -> dict[str, int | bool] | None:
    """What a dry run would do, as far as it has been read."""
    return {name.removeprefix("would_"): much for name, much in feed.would().items()} if feed.dry_run else None


def links_of(feed_id: int) -> dict[str, str]:
    self = f"{PLACE}/feeds/{feed_id}"
    return {"self": self, "problems": f"{self}/problems", "page": f"/supplier/feeds/{feed_id}"}


async def feeds_page(supplier_id: int, before: int, limit: int) -> dict[str, Any]:
    """The newest feeds before feed `before`, and the address of the next page if there may be one."""
    found = await progress.latest(supplier_id, limit, before)
    more = f"{PLACE}/feeds?before={found[-1].id}&limit={limit}" if len(found) == limit else None
    return {"feeds": [as_sent(feed) for feed in found], "next": more}


async def problems_page(feed_id: int, after: int, limit: int) -> dict[str, Any]:
    """The problems of a feed after problem `after`, and the address of the next page if there may be one."""
    rows = await fetch(
        """SELECT id, line, sku, field, value, reason, advice, severity FROM feed_problem
           WHERE feed = $1 AND id > $2 ORDER BY id LIMIT $3""",
        feed_id,
        after,
        limit,
    )
    more = f"{PLACE}/feeds/{feed_id}/problems?after={rows[-1]['id']}&limit={limit}" if len(rows) == limit else None
    return {"problems": [dict(row) for row in rows], "next": more}


async def changes_today(supplier_id: int) -> int:
    """How many offers the supplier's programs have set one by one since midnight in the shop."""
    row = await fetch_one(
        """SELECT count(*) AS changes FROM feed
           WHERE supplier = $1 AND format = 'api' AND account IS NULL AND created_at >= $2""",
        supplier_id,
        midnight(today()),
    )
    return row["changes"] if row else 0


def whole(parameters: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the address.

    Raises:
        Refused: it is none, or not from `least` to `most`.
    """
    sent = parameters.get(name, "")
    if sent == "":
        return usual
    if sent.isascii() and sent.isdecimal() and len(sent) < 20 and least <= int(sent) <= most:
        return int(sent)
    reason = f"This must be a whole number from {least:,} to {most:,}."
    raise Refused(422, f"{name} cannot be used.", [Wrong(name, sent[:200], reason)])


def _mode(sent: str) -> str:
    if sent not in MODES:
        reason = "The mode is full (what is missing is withdrawn) or delta (the rest stays as it is)."
        raise Refused(422, reason, [Wrong("mode", sent[:200], reason)])
    return sent


def _dry_run(sent: str) -> bool:
    if sent not in YES_OR_NO:
        reason = "Say true (only show what would change) or false."
        raise Refused(422, reason, [Wrong("dry_run", sent[:200], reason)])
    return YES_OR_NO[sent]


def _idempotency_key(request: WebRequest) -> str | None:
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = sent.strip()
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= KEY_CHARS):
        reason = f"An idempotency key has 1 to {KEY_CHARS} printable ASCII characters."
        raise Refused(422, reason, [Wrong("Idempotency-Key", sent[:200], reason)])
    return key
