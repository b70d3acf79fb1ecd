"""What waits in PostgreSQL and in the log, asked when somebody reads `/metrics`.

Each question looks into an index that holds only what waits, and counts no further than MOST: what a scrape costs does
not grow with the shop. What does not answer within SECONDS is left out, and that it did not is a figure itself.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from app.events.log import Behind, StreamLog
from app.infra import metrics, redis
from app.infra.database import fetch_one
from app.infra.outages import DatabaseUnavailable
from app.search.index import Index, folder

SECONDS = 1.0
MOST = 10_000

# Name -> what it is, and the rows that are counted.
WAITING = {
    "feira_outbox_waiting": ("Events that wait for the relay.", "outbox WHERE relayed_at IS NULL"),
    "feira_dead_letters": (
        "Events that a consumer gave up on and nobody has looked at.",
        "dead_letter WHERE replayed_at IS NULL AND discarded_at IS NULL",
    ),
    "feira_feeds_in_work": (
        "Feeds not yet in the catalogue.",
        "feed WHERE state IN ('waiting', 'reading', 'applying')",
    ),
    "feira_mails_waiting": ("Mails that are not sent yet.", "mail WHERE state IN ('waiting', 'sending')"),
    "feira_payments_created": (
        "Payments whose provider has not answered yet.",
        "payment_attempt WHERE state = 'created'",
    ),
    "feira_payments_pending": ("Payments that shoppers are making.", "payment_attempt WHERE state = 'pending'"),
    "feira_payments_unknown": (
        "Payments that may have been made, and the provider does not say so.",
        "payment_attempt WHERE state IN ('created', 'pending') AND checking_since IS NOT NULL AND given_up_at IS NULL",
    ),
    "feira_payments_given_up": (
        "Payments of which a person has to find out what became of them.",
        "payment_attempt WHERE state IN ('created', 'pending') AND given_up_at IS NOT NULL",
    ),
    "feira_payments_refunding": ("Payments whose money is to go back.", "payment_attempt WHERE state = 'refunding'"),
    "feira_money_requests": (
        "Captures and refunds not answered yet.",
        "money_request WHERE state IN ('asked', 'sent') AND given_up_at IS NULL",
    ),
    "feira_money_requests_given_up": (
        "Captures and refunds that were sent in vain for days, of which a person has to find out why.",
        "money_request WHERE state IN ('asked', 'sent') AND given_up_at IS NOT NULL",
    ),
    "feira_payment_mismatches": (
        "What providers' books say otherwise and a person must look at.",
        "payment_mismatch WHERE settled_at IS NULL",
    ),
    "feira_orders_unpaid": ("Orders whose goods are held for a payment.", "shop_order WHERE state = 'pending'"),
    "feira_reservations_overdue": (
        "Holds that should have ended more than a minute ago.",
        "reservation WHERE state = 'held' AND expires_at < now() - interval '1 minute'",
    ),
}
# Name -> what it is, and the moment since when, of the oldest that waits.
OLDEST = {
    "feira_outbox_oldest_seconds": (
        "Age of the oldest event that waits for the relay.",
        "SELECT created_at FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT 1",
    ),
    "feira_feeds_oldest_seconds": (
        "Age of the oldest feed that is not in the catalogue.",
        "SELECT created_at FROM feed WHERE state IN ('waiting', 'reading', 'applying') ORDER BY id LIMIT 1",
    ),
    "feira_mails_overdue_seconds": (
        "For how long a mail is due that is not sent.",
        "SELECT min(next_at) FROM mail WHERE state IN ('waiting', 'sending') AND next_at < now()",
    ),
    "feira_payments_oldest_seconds": (
        "Age of the oldest payment that is not settled.",
        """SELECT min(created_at) FROM payment_attempt WHERE state IN ('created', 'pending', 'refunding')""",
    ),
    "feira_money_requests_overdue_seconds": (
        "For how long a capture or refund is due.",
        """SELECT min(next_at) FROM money_request
           WHERE state IN ('asked', 'sent') AND given_up_at IS NULL AND next_at < now()""",
    ),
}
_COUNT = "(SELECT count(*) FROM (SELECT FROM {rows} LIMIT {most}) AS few) AS {name}"
_AGE = "coalesce(extract(epoch FROM now() - ({moment})), 0)::float8 AS {name}"
QUESTION = "SELECT " + ", ".join(
    [_COUNT.format(rows=rows, most=MOST, name=name) for name, (_, rows) in WAITING.items()]
    + [_AGE.format(moment=moment, name=name) for name, (_, moment) in OLDEST.items()]
)


class _Ready(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> list[Metric]:
        return self._families


async def text() -> bytes:
    """All figures, as Prometheus reads them. Raises nothing: what cannot be asked is said to be down."""
    waiting, behind = await asyncio.gather(_waiting(), _behind())
    return await asyncio.to_thread(_text, [*waiting, *behind])


def _text(families: list[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(metrics.Everybodys())
    registry.register(_Ready([*families, *_index()]))
    return generate_latest(registry)


async def _waiting() -> list[Metric]:
    row = None
    with suppress(DatabaseUnavailable, TimeoutError):
        async with asyncio.timeout(SECONDS):
            row = await fetch_one(QUESTION)
    up = _gauge("feira_database_up", "Whether PostgreSQL has answered.", row is not None)
    if row is None:
        return [up]
    words = {name: f"{words} At most {MOST} are counted." for name, (words, _) in WAITING.items()}
    words |= {name: words for name, (words, _) in OLDEST.items()}
    return [up, *(_gauge(name, words[name], row[name]) for name in words)]


async def _behind() -> list[Metric]:
    found: dict[str, dict[str, Behind]] | None = None
    with suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(SECONDS):
            log = StreamLog(redis.client())
            found = {topic: await log.behind(topic) for topic in await log.topics()}
    events = GaugeMetricFamily(
        "feira_consumer_behind_events", "Events that a consumer has not taken.", labels=["topic", "consumer"]
    )
    seconds = GaugeMetricFamily(
        "feira_consumer_behind_seconds", "By how much a consumer is behind.", labels=["topic", "consumer"]
    )
    for topic, groups in (found or {}).items():
        for group, each in groups.items():
            events.add_metric([topic, group], each.events)
            seconds.add_metric([topic, group], each.since.total_seconds())
    return [_gauge("feira_redis_up", "Whether Redis has answered.", found is not None), events, seconds]


def _index() -> list[Metric]:
    signature = Index(folder()).signature()
    if signature is None:
        return []
    age = datetime.now(UTC).timestamp() - signature[2] / 1e9
    return [_gauge("feira_index_age_seconds", "Since something was last written into the search index.", max(age, 0))]


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))
