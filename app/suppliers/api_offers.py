"""One offer, set by a supplier's program: judged as a row of a feed, and into the catalogue as a feed of one row."""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.accounts.suppliers import SupplierNotApproved, may_send
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.suppliers.batches import publish_batch, publish_end
from app.suppliers.feeds import API
from app.suppliers.formats import Limits, RawRow
from app.suppliers.formats.fields import assemble
from app.suppliers.formats.json_text import DECODER
from app.suppliers.formats.vocabulary import meaning
from app.suppliers.judging import context_of
from app.suppliers.offer_fields import SKU_CHARS
from app.suppliers.problems import Problem, shown
from app.suppliers.rows import Rejection, Row, RowContext, validate
from app.web.refusals import Refused, Wrong

CONTEXT_SECONDS = 5.0  # so long a supplier's new habits or a new category may be unknown here
CONTEXTS = 100
NOTED_NAMES = 20
NO_USE = "We have no use for this field."

_contexts: OrderedDict[int, tuple[float, RowContext]] = OrderedDict()


@dataclass(frozen=True)
class Accepted:
    """`feed` is the feed of one row by which the offer goes into the catalogue."""

    feed: int
    sku: str
    warnings: tuple[Problem, ...]


async def accept(supplier_id: int, sku: str, body: bytes) -> Accepted:
    """Take an offer as the supplier's newest word about `sku`.

    Raises:
        Refused: 400 when the body is no JSON, 403 when the supplier may not send any more, 422 with everything that
            is wrong with the offer.
    """
    sent = _object(body)
    raw = _raw_row(sku, sent)
    row = validate(raw, await _context(supplier_id))
    if isinstance(row, Rejection):
        raise Refused(422, "This offer cannot be taken as it is.", [wrong_of(problem) for problem in row.problems])
    warnings = (*row.warnings, *_unused(row.sku, sent))
    digest = hashlib.sha256(b"%s\n%s" % (row.sku.encode(), body)).digest()
    try:
        feed = await _publish(supplier_id, row, warnings, len(body), digest)
    except SupplierNotApproved as refused:
        raise Refused(403, refused.sentence) from None
    return Accepted(feed, row.sku, warnings)


def wrong_of(problem: Problem) -> Wrong:
    return Wrong(problem.field, problem.value, problem.reason, problem.advice)


def _object(body: bytes) -> dict[str, Any]:
    try:
        sent = DECODER.decode(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(400, "The body is not UTF-8.") from None
    except RecursionError:
        raise Refused(400, "The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, character {error.colno}"
        raise Refused(400, f"The body is not valid JSON: {error.msg.lower()} ({place}).") from None
    if not isinstance(sent, dict):
        raise Refused(422, "Send one JSON object with the fields of the offer.")
    return sent


def _raw_row(sku: str, sent: dict[str, Any]) -> RawRow:
    """The address names the SKU; a field `sku` may only repeat it, and other identities are not asked for."""
    limits = Limits()
    if len(sent) > limits.max_fields:
        raise Refused(422, f"The offer has more than {limits.max_fields} fields.")
    found = [(place, value) for name, value in sent.items() if (place := meaning(name[:200]))]
    wrong = [
        Wrong(shown(name), shown(value), f"This is longer than {limits.max_field_chars:,} characters.", "Shorten it.")
        for name, value in sent.items()
        if isinstance(value, str) and len(value) > limits.max_field_chars
    ]
    wrong += [
        Wrong("sku", shown(str(value)), "The SKU in the body is not the one in the address.", "Leave it out.")
        for place, value in found
        if place.field == "sku" and place.rank == 0 and (not isinstance(value, str) or value.strip() != sku.strip())
    ]
    if wrong:
        raise Refused(422, "This offer cannot be taken as it is.", wrong)
    try:
        fields = assemble((place, value) for place, value in found if place.field not in ("sku", "link"))
    except RecursionError:
        raise Refused(400, "The JSON is nested too deeply.") from None
    return RawRow(1, {**fields, "sku": sku})


def _unused(sku: str, sent: dict[str, Any]) -> list[Problem]:
    unknown = [shown(name)[:60] for name in sent if meaning(name[:200]) is None]
    return [Problem(1, sku, name, "", NO_USE, "", "warned") for name in unknown[:NOTED_NAMES]]


async def _context(supplier_id: int) -> RowContext:
    """What the supplier's rows are judged against, as it was some seconds ago, at the present time."""
    at, context = _contexts.get(supplier_id, (0.0, None))
    if context is None or time.monotonic() - at > CONTEXT_SECONDS:
        context = await context_of({"supplier": supplier_id, "created_at": now()})
        _contexts[supplier_id] = (time.monotonic(), context)
        _contexts.move_to_end(supplier_id)
        while len(_contexts) > CONTEXTS:
            _contexts.popitem(last=False)
    return replace(context, now=now())


async def _publish(supplier_id: int, row: Row, warnings: Sequence[Problem], size: int, digest: bytes) -> int:
    """The feed, its batch and its end in one transaction: no reader, and nothing that could be half done."""
    async with transaction():
        # feeds of a supplier get their ids in the order of their commits
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        await may_send(supplier_id)
        feed = await _write_down(supplier_id, row.sku, bool(warnings), size, digest)
        await publish_batch(feed=feed, supplier=supplier_id, number=0, rows=[row], counted_at=now())
        await publish_end(feed=feed, supplier=supplier_id, batches=1, mode="delta")
        for problem in warnings:
            await _note(feed, problem)
    return feed


async def _write_down(supplier_id: int, sku: str, warned: bool, size: int, digest: bytes) -> int:
    found = await fetch_one(
        """INSERT INTO feed (supplier, filename, path, content_hash, size, mode, format, state, failure,
                             received, rejected, warned, batches, created_at, read_at)
           VALUES ($1, $2, '', $3, $4, 'delta', $5, 'applying', '', 1, 0, $6, 1, $7, $7) RETURNING id""",
        supplier_id,
        sku[:SKU_CHARS],
        digest,
        size,
        API,
        int(warned),
        now(),
    )
    assert found is not None
    return int(found["id"])


async def _note(feed: int, problem: Problem) -> None:
    await execute(
        """INSERT INTO feed_problem (feed, line, sku, field, value, reason, advice, severity)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        feed,
        problem.line,
        problem.sku[:100],
        problem.field[:60],
        problem.value[:200],
        problem.reason[:400],
        problem.advice[:400],
        problem.severity,
    )
