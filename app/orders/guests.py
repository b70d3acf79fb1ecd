"""A guest's way to an order from another device: its number, and the e-mail address it was ordered with.

Nobody learns from the answer whether there is an order of a number: an unknown one, one of an account and a wrong
address are answered alike, and tries are counted for each sender and for each number, whether it exists or not.
"""

import hashlib

from app.accounts.emails import email_address
from app.infra.buckets import Limit, take
from app.infra.database import fetch_one
from app.orders.numbers import number_of

PER_SENDER = Limit(rate=10 / 600, burst=10)  # ten at once, then one a minute
PER_NUMBER = Limit(rate=5 / 3600, burst=8)


class TooManyTries(Exception):
    """Nothing was looked at. `minutes` to wait, at least one."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


async def open_as_guest(number: str, email: str, sender: str) -> str:
    """The order's number as it is kept; "" when there is no such order of a guest with that address.

    Args:
        sender: the network that asks; "" where that is not known: then only the tries for the number count.

    Raises:
        TooManyTries: by this sender, or for this number.
    """
    limits = {f"order access {sender}": PER_SENDER} if sender else {}
    for name, limit in {**limits, f"order access to {_hash(number)}": PER_NUMBER}.items():
        taken = await take(name, limit)
        if not taken.granted:
            raise TooManyTries(max(1, round(taken.wait / 60)))
    row = await fetch_one(
        """SELECT number FROM shop_order
           WHERE id = (SELECT "order" FROM order_key WHERE number = $1)
             AND account IS NULL AND lower(email) IN (lower($2), $3) AND email <> ''""",
        number_of(number),
        email,
        _as_kept(email),
    )
    return str(row["number"]) if row else ""


def _as_kept(typed: str) -> str:
    """An address as orders have it, with its domain in ASCII; "" for what is none."""
    try:
        return email_address(typed)
    except ValueError:
        return ""


def _hash(number: str) -> str:
    """What is typed may be anything, and as long."""
    return hashlib.sha256(number.upper().encode()).hexdigest()[:32]
