"""What waits for an operator."""

from dataclasses import dataclass
from datetime import timedelta

from app.checkout import payment_desk
from app.events import dead_letters
from app.infra.clock import now
from app.infra.database import fetch_one
from app.reviews import moderating

RECENT = timedelta(days=1)


@dataclass(frozen=True)
class Overview:
    to_send: int  # parcels to pack or to hand over
    waiting: int  # applications
    failed_feeds: int  # within RECENT
    failed_mails: int  # within RECENT
    dead_letters: int
    payments: int  # about which a person has to look
    reviews: int  # that wait or were reported


async def overview() -> Overview:
    row = await fetch_one(
        """SELECT (SELECT count(*) FROM shop_order o JOIN parcel p ON p."order" = o.id
                   WHERE o.state IN ('paid', 'packed', 'shipped') AND p.state IN ('waiting', 'packed')) AS to_send,
                  (SELECT count(*) FROM supplier WHERE state = 'applied') AS waiting,
                  (SELECT count(*) FROM feed WHERE state = 'failed' AND finished_at > $1) AS failed_feeds,
                  (SELECT count(*) FROM mail WHERE state = 'failed' AND created_at > $1) AS failed_mails""",
        now() - RECENT,
    )
    assert row is not None
    letters = sum((await dead_letters.waiting()).values())
    reviews, money = await moderating.waiting(), await payment_desk.to_look_at()
    return Overview(row["to_send"], row["waiting"], row["failed_feeds"], row["failed_mails"], letters, money, reviews)
