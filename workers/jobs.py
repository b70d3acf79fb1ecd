"""What workers are asked to do, and what they do by the clock. Every job is a doorway to one verb."""

import asyncio
from collections.abc import Sequence
from typing import Any

from arq import cron, func
from arq.cron import CronJob
from arq.worker import Function

from app.accounts import sessions
from app.activity import keeping as activity
from app.cart import leaving as carts
from app.catalog import fetching, unused_pictures
from app.checkout import balancing, carrying_out, expiring, reconciling
from app.delivery import postcode_uploads
from app.delivery.transit import learning
from app.notifications import sending, writing
from app.notifications.wishes import digests
from app.orders import months, pictured, return_closing, tracking
from app.payments import holds, sandbox_payments, sandbox_webhooks
from app.recommendations import prices
from app.search import asked
from app.suppliers import leftovers, old_feeds, pulling, sweeping
from app.wishlists import leaving as wishlists
from workers import reader

PICTURE_SECONDS = 900  # a run stops by itself long before
FEED_SECONDS = 6 * 3600  # of one reader; the next one goes on where it stopped
LEARN_SECONDS = 1800
BALANCE_SECONDS = 3600
MONTH_SECONDS = 7200  # when years are archived at once; a run that is cut short goes on the next night
FORGET_SECONDS = 3600  # a run that is cut short goes on the next night
MAIL_SECONDS = 1800  # of one run; mails that it has not come to are sent by the next
ASKING_SECONDS = 50.0  # about payments, a turn; the next one goes on where it stopped
PULL_SECONDS = pulling.ROUND_SECONDS + pulling.DOWNLOAD_SECONDS + 60

_expiring = asyncio.Lock()


async def read_feed(ctx: dict[Any, Any], feed_id: int) -> None:
    await reader.read(feed_id)


async def sweep_feeds(ctx: dict[Any, Any]) -> None:
    await sweeping.sweep()


async def pull_feeds(ctx: dict[Any, Any]) -> None:
    await pulling.pull_due()


async def expire_unpaid(ctx: dict[Any, Any]) -> None:
    if not _expiring.locked():  # a turn may take longer than it is until the next, where a provider is slow
        async with _expiring:
            await expiring.expire_unpaid()


async def reconcile_payments(ctx: dict[Any, Any]) -> None:
    await reconciling.reconcile(ASKING_SECONDS)


async def carry_out_requests(ctx: dict[Any, Any]) -> None:
    await carrying_out.carry_out()


async def balance_books(ctx: dict[Any, Any]) -> None:
    await balancing.balance_all()


async def capture_before_lapse(ctx: dict[Any, Any]) -> None:
    await holds.capture_before_lapse()


async def deliver_sandbox_webhooks(ctx: dict[Any, Any]) -> None:
    await sandbox_payments.decide_slow()
    await sandbox_webhooks.deliver_due()


async def forget_old_prices(ctx: dict[Any, Any]) -> None:
    await prices.forget_old()


async def fetch_pictures(ctx: dict[Any, Any]) -> None:
    await fetching.fetch_due()


async def forget_unused_pictures(ctx: dict[Any, Any]) -> None:
    await unused_pictures.forget_unused(pictured.pictured)


async def sweep_leftovers(ctx: dict[Any, Any]) -> None:
    await leftovers.sweep_leftovers()


async def forget_old_feeds(ctx: dict[Any, Any]) -> None:
    await old_feeds.forget_old()


async def forget_old_searches(ctx: dict[Any, Any]) -> None:
    await asked.forget_old()


async def forget_old_activity(ctx: dict[Any, Any]) -> None:
    await activity.forget_old()


async def forget_guests(ctx: dict[Any, Any]) -> None:
    await carts.forget_guests()
    await wishlists.forget_guests()


async def learn_transit_times(ctx: dict[Any, Any]) -> None:
    await learning.learn_transit_times()


async def forget_old_postcode_uploads(ctx: dict[Any, Any]) -> None:
    await postcode_uploads.sweep()


async def learn_recommendations(ctx: dict[Any, Any]) -> None:
    from app.recommendations import learned  # and SciPy, a tenth of what a worker loads, when it is needed

    await learned.learn_recommendations()


async def send_mails(ctx: dict[Any, Any]) -> None:
    await sending.send_due()


async def tell_price_drops(ctx: dict[Any, Any]) -> None:
    await digests.tell_price_drops()


async def forget_old_mails(ctx: dict[Any, Any]) -> None:
    await writing.forget_old()


async def follow_shipments(ctx: dict[Any, Any]) -> None:
    await tracking.follow_shipments()


async def close_overdue_returns(ctx: dict[Any, Any]) -> None:
    await return_closing.close_overdue()


async def keep_order_months(ctx: dict[Any, Any]) -> None:
    await months.keep()


async def sweep_sessions(ctx: dict[Any, Any]) -> None:
    await sessions.sweep()


JOBS: Sequence[Function] = (
    func(read_feed, timeout=FEED_SECONDS, keep_result=0, max_tries=1),
    func(pull_feeds, timeout=PULL_SECONDS, keep_result=0, max_tries=1),
    func(balance_books, timeout=BALANCE_SECONDS, keep_result=0, max_tries=1),
    func(carry_out_requests, keep_result=0, max_tries=1),
    func(deliver_sandbox_webhooks, keep_result=0, max_tries=1),
    func(send_mails, timeout=MAIL_SECONDS, keep_result=0, max_tries=1),
)

QUARTERS = {0, 15, 30, 45}
OFTEN = set(range(0, 60, 3))

CRONS: Sequence[CronJob] = (
    cron(sweep_feeds, second=OFTEN, keep_result=0, run_at_startup=True),
    cron(fetch_pictures, second=OFTEN, timeout=PICTURE_SECONDS, keep_result=0),
    cron(pull_feeds, second={10, 40}, timeout=PULL_SECONDS, keep_result=0),
    cron(send_mails, second=OFTEN, timeout=MAIL_SECONDS, keep_result=0),
    cron(expire_unpaid, second=OFTEN, keep_result=0),
    cron(deliver_sandbox_webhooks, second=QUARTERS, keep_result=0),
    cron(reconcile_payments, second={5}, keep_result=0),
    cron(carry_out_requests, second=OFTEN, keep_result=0),
    cron(follow_shipments, second={2, 17, 32, 47}, keep_result=0),
    cron(balance_books, hour={4}, minute={42}, timeout=BALANCE_SECONDS, keep_result=0),
    cron(capture_before_lapse, minute={19}, keep_result=0),
    cron(keep_order_months, hour={2}, minute={52}, timeout=MONTH_SECONDS, keep_result=0, run_at_startup=True),
    cron(sweep_sessions, minute={7}, keep_result=0),
    cron(forget_old_postcode_uploads, minute={14}, keep_result=0),
    cron(sweep_leftovers, minute={22}, keep_result=0),
    cron(close_overdue_returns, minute={27}, keep_result=0),
    cron(forget_old_prices, minute={37}, keep_result=0),
    cron(tell_price_drops, minute={3, 18, 33, 48}, keep_result=0),
    cron(forget_old_mails, minute={42}, keep_result=0),
    cron(forget_old_feeds, hour={3}, minute={2}, timeout=FORGET_SECONDS, keep_result=0),
    cron(forget_unused_pictures, weekday="sun", hour={3}, minute={22}, timeout=FORGET_SECONDS, keep_result=0),
    cron(forget_old_searches, hour={3}, minute={52}, keep_result=0),
    cron(forget_guests, hour={3}, minute={32}, keep_result=0),
    cron(forget_old_activity, hour={4}, minute={2}, keep_result=0),
    cron(learn_recommendations, minute=QUARTERS, timeout=LEARN_SECONDS, keep_result=0),
    cron(learn_transit_times, hour={3}, minute={12}, timeout=LEARN_SECONDS, keep_result=0),
)
