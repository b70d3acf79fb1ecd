"""What workers are asked to do, and what they do by the clock. Every job is a doorway to one verb."""

from collections.abc import Sequence
from typing import Any

from arq import cron, func
from arq.cron import CronJob
from arq.worker import Function

from app.accounts import sessions
from app.inventory import reservations
from app.suppliers import feeds, reading

FEED_SECONDS = 6 * 3600  # of one reader; the next one goes on where it stopped


async def read_feed(ctx: dict[Any, Any], feed_id: int) -> None:
    await reading.read_feed(feed_id)


async def sweep_feeds(ctx: dict[Any, Any]) -> None:
    await feeds.sweep()


async def expire_reservations(ctx: dict[Any, Any]) -> None:
    await reservations.expire()


async def sweep_sessions(ctx: dict[Any, Any]) -> None:
    await sessions.sweep()


JOBS: Sequence[Function] = (func(read_feed, timeout=FEED_SECONDS, keep_result=0, max_tries=1),)

QUARTERS = {0, 15, 30, 45}

CRONS: Sequence[CronJob] = (
    cron(sweep_feeds, second=QUARTERS, keep_result=0),
    cron(expire_reservations, second=QUARTERS, keep_result=0),
    cron(sweep_sessions, minute={7}, keep_result=0),
)
