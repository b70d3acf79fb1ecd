"""Job `read_feed`: a stored file becomes batches on topic `offers` and a report, one transaction a batch.

A dry run is read the same way, and only compared.
"""

import asyncio
from contextlib import aclosing
from datetime import datetime
from typing import Any

from app.catalog.withdrawing import note_unlisted
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.logs import log
from app.infra.outages import DatabaseUnavailable
from app.infra.settings import settings
from app.suppliers import dry_runs, feeds
from app.suppliers.arriving import feeds_folder
from app.suppliers.batches import is_bulk, publish_batch, publish_end
from app.suppliers.cutting import Portion, cut
from app.suppliers.formats import FeedUnreadable, Limits
from app.suppliers.judging import context_of
from app.suppliers.known import KnownRows, known_rows, on_sale_but
from app.suppliers.mapping import mapping_in
from app.suppliers.parsing import parsed
from app.suppliers.row_context import RowContext
from app.suppliers.rows import Problem
from app.suppliers.seen import SeenSkus

AHEAD = 8  # batches in the outbox that the catalogue has not taken; more would only fill the log
BACK_PRESSURE_SECONDS = 0.2
OFFERS_AT_ONCE = 20_000
REPORTED_PROBLEMS = 10_000  # of one feed; the rest is only counted
FAULT = "This file could not be read because of a fault on our side. We have been told of it."


class Superseded(Exception):
    """Another reader has gone on with the feed."""


async def read_feed(feed_id: int) -> None:
    """Read a feed from where its last reader stopped; does nothing when it is not the feed's turn."""
    feed = await feeds.claim(feed_id)
    if feed is None:
        return
    context = await context_of(feed)
    if await feeds.is_unchanged(feed, context.fingerprint):
        return
    try:
        await _read(feed, context)
    except FeedUnreadable as error:
        await feeds.fail(feed_id, str(error), error.kind)
    except FileNotFoundError:
        await feeds.fail(feed_id, "We have lost this file. Please send it again.")
    except Superseded:
        return
    except asyncio.CancelledError:
        await asyncio.shield(feeds.let_go(feed_id))
        raise
    except DatabaseUnavailable:
        raise  # the sweeper wakes the next reader
    except Exception as error:  # noqa: BLE001 - or the supplier's later feeds would wait for ever
        log("feeds").error("feed cannot be read", feed=feed_id, exc_info=error)
        await feeds.fail(feed_id, FAULT)


async def _read(feed: Any, context: RowContext) -> None:
    reading = Reading(feed, await _problems_so_far(feed["id"]), await known_rows(feed["supplier"], feed["id"]))
    portions = cut(
        feeds_folder() / feed["path"],
        context,
        Limits(max_bytes=settings().feed_max_bytes),
        skip=feed["received"],
        known=reading.known,
        seen=reading.seen,
        mapping=mapping_in(feed),
    )
    async with aclosing(parsed(portions, lambda: feeds.beat(feed["id"]))) as coming:
        async for portion in coming:
            await reading.wait_for_the_catalogue()
            await reading.take(portion)
    await reading.end(context.fingerprint)
    if reading.dry_run:
        await feeds.wake_next(reading.id)


class Reading:
    """How far a feed has been read. Every step compares and sets, so that of two readers one goes on."""

    def __init__(self, feed: Any, problems: int, known: KnownRows) -> None:
        self.id: int = feed["id"]
        self.supplier: int = feed["supplier"]
        self.mode: str = feed["mode"]
        self.dry_run: bool = feed["dry_run"]
        self.received: int = feed["received"]
        self.batches: int = feed["batches"]
        self.bulk = is_bulk(feed["size"])
        self.came_at: datetime = feed["created_at"]
        self.known = known
        self.seen = SeenSkus(len(known))
        self.room = REPORTED_PROBLEMS - problems
        self.of_its_time = False

    async def take(self, portion: Portion) -> None:
        """One transaction: the batch's event, the problems of its rows, the feed's counts.

        Raises:
            Superseded: another reader was faster.
        """
        async with transaction():
            await self._count(portion)
            if portion.rows and self.dry_run:
                await dry_runs.compare(self.id, self.supplier, portion.rows)
            elif portion.rows:
                await self._publish(portion)
            await self._report(portion.problems[: max(self.room, 0)])
        self.of_its_time |= portion.of_its_time
        self.received += portion.received
        self.batches += self._batches_in(portion)
        self.room -= len(portion.problems)

    def _batches_in(self, portion: Portion) -> int:
        return int(bool(portion.rows) and not self.dry_run)

    async def _count(self, portion: Portion) -> None:
        row = await fetch_one(
            """UPDATE feed SET format = $3, received = received + $4, rejected = rejected + $5, warned = warned + $6,
                      left_out = left_out + $7, batches = batches + $8, unchanged = unchanged + $9, heartbeat_at = $10,
                      bytes_read = $11
               WHERE id = $1 AND state = 'reading' AND received = $2 RETURNING id""",
            self.id,
            self.received,
            portion.format,
            portion.received,
            portion.rejected,
            portion.warned,
            portion.left_out,
            self._batches_in(portion),
            portion.unchanged,
            now(),
            portion.bytes_read,
        )
        if row is None:
            raise Superseded

    async def _publish(self, portion: Portion) -> None:
        await publish_batch(
            feed=self.id,
            supplier=self.supplier,
            number=self.batches,
            rows=portion.rows,
            fingerprints=portion.fingerprints,
            bulk=self.bulk,
            counted_at=self.came_at,
        )

    async def _report(self, problems: list[Problem]) -> None:
        if problems:
            await execute(
                """INSERT INTO feed_problem (feed, line, sku, field, value, reason, advice, severity)
                   SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                                            $8::text[])""",
                self.id,
                [problem.line for problem in problems],
                [problem.sku[:100] for problem in problems],
                [problem.field[:60] for problem in problems],
                [problem.value[:200] for problem in problems],
                [problem.reason[:400] for problem in problems],
                [problem.advice[:400] for problem in problems],
                [problem.severity for problem in problems],
            )

    async def wait_for_the_catalogue(self) -> None:
        while self.batches - await _applied(self.id) > AHEAD:
            await feeds.beat(self.id)
            await asyncio.sleep(BACK_PRESSURE_SECONDS)

    async def end(self, judged_by: bytes) -> None:
        """Say that all has been read, and what it was judged by. A feed without one good row changes and withdraws
        nothing.

        Raises:
            FeedUnreadable: there was no row, or none that can be used.
            Superseded: another reader was faster.
        """
        await self._refuse_without_rows()
        unlisted = await self._unlisted() if self.mode == "full" else []
        async with transaction():
            await self._stop_reading(
                "finished" if self.dry_run else "applying", None if self.of_its_time else judged_by
            )
            if self.dry_run:
                return await dry_runs.note_withdrawals(self.id, self.supplier, unlisted)
            await note_unlisted(self.id, unlisted)
            await publish_end(
                feed=self.id, supplier=self.supplier, batches=self.batches, mode=self.mode, bulk=self.bulk
            )

    async def _stop_reading(self, state: str, judged_by: bytes | None) -> None:
        row = await fetch_one(
            """UPDATE feed SET state = $3, read_at = $4, finished_at = CASE WHEN $5 THEN $4::timestamptz END,
                      judged_by = $6
               WHERE id = $1 AND state = 'reading' AND received = $2 RETURNING id""",
            self.id,
            self.received,
            state,
            now(),
            self.dry_run,
            judged_by,
        )
        if row is None:
            raise Superseded

    async def _unlisted(self) -> list[int]:
        """Ids of the supplier's offers on sale that this feed does not list."""
        listed, unlisted = self.seen.listed(), list[int]()
        in_doubt = await on_sale_but(self.supplier, self.known)
        for start in range(0, len(in_doubt), OFFERS_AT_ONCE):
            rows = await fetch(
                """SELECT id, supplier_sku FROM offer WHERE id = ANY($1) AND (withdrawn_at IS NULL OR is_suspended)
                   ORDER BY id""",
                in_doubt[start : start + OFFERS_AT_ONCE],
            )
            holds = listed.holds([row["supplier_sku"] for row in rows])
            unlisted += [row["id"] for row, is_listed in zip(rows, holds, strict=True) if not is_listed]
            await feeds.beat(self.id)
        return unlisted

    async def _refuse_without_rows(self) -> None:
        if self.received == 0:
            raise FeedUnreadable("There are no products in this file.", "Check the export and send it again.")
        row = await fetch_one("SELECT 1 FROM feed WHERE id = $1 AND received = rejected", self.id)
        if row is not None:
            raise FeedUnreadable("No row of this file can be used, so nothing was changed.", "The report says why.")


async def _applied(feed_id: int) -> int:
    row = await fetch_one("SELECT count(*) AS applied FROM applied_batch WHERE feed = $1", feed_id)
    return row["applied"] if row else 0


async def _problems_so_far(feed_id: int) -> int:
    row = await fetch_one("SELECT count(*) AS problems FROM feed_problem WHERE feed = $1", feed_id)
    return row["problems"] if row else 0
