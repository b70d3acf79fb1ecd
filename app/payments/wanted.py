"""What the shop wants done with money that it holds or has taken: capture it, let it go, send it back.

Each verb is called in the transaction of its cause and writes down what is wanted, as requests; providers hear of them
after the commit, as often as it takes (`checkout/carrying_out.py`). The attempt's row is locked meanwhile, so that two
wishes at the same time cannot ask for more than there is; CHECKs on it would refuse that, too. Whoever locks the order
as well locks it first.
"""

from dataclasses import dataclass

from app.infra.database import fetch_one, transaction
from app.payments import ledger
from app.payments.attempts import Attempt, charge_of
from app.payments.requests import Request, ask, finish, key_of, request_by_key, requests_with
from app.payments.tables import AttemptState, RequestKind, RequestPart, RequestState

CHARGED_BACK = "The shopper's bank has taken this money back already. Ask again if it comes back to us."


class MoneyRefused(Exception):
    """The order has less money left than is asked for, or none; nothing was written."""


class KeyReused(Exception):
    """The key was used for another order or amount; nothing was written."""


@dataclass(frozen=True)
class Refund:
    """What a refund consists of."""

    released_minor: int  # was only held by the bank
    returned_minor: int  # was taken, and goes back
    bank_minor: int = 0  # the shopper has it from the bank: a chargeback
    lost_minor: int = 0  # was never taken: the bank has let go of the hold that was to pay it, or we have


async def refund(order_id: int, amount_minor: int, key: str, reason: str, *, shipped: bool = False) -> Refund:
    """So much of the order's money goes back to the shopper; the same key again changes nothing.

    Where cards are charged at shipment, money for goods that were not sent is still only held: that is let go first.
    For goods that were sent (`shipped`: a return), money that was taken goes back first. What the bank has given the
    shopper by itself is not sent once more; of a chargeback a failed request remains, that can be asked for again.

    Args:
        reason: for operators and the provider, at most 200 characters.
    Raises:
        MoneyRefused, KeyReused: see there.
        ValueError: the amount is not positive.
    """
    if amount_minor <= 0:
        raise ValueError("a refund is of at least one cent")
    async with transaction():
        attempt = await charge_of(order_id)
        lost = await _never_came(attempt) if attempt else 0
        before = await _asked_before(order_id, amount_minor - lost, amount_minor, key)
        if before:
            return _refund_of(before, amount_minor)
        if attempt is None:
            raise MoneyRefused(f"no payment of order {order_id}")
        free = await sendable(attempt)
        charged_back = attempt.kept_minor - free
        never_taken = 0 if shipped else min(amount_minor, lost)  # what was not sent was to be paid by the lost hold
        here = min(amount_minor - never_taken, attempt.held_minor + free)
        if amount_minor - here > charged_back + lost:
            raise MoneyRefused(f"order {order_id} has less than {amount_minor} left")
        part = min(here, free if shipped else attempt.held_minor)
        returned, released = (part, here - part) if shipped else (here - part, part)
        if released:
            await ask(attempt, RequestKind.RELEASE, released, key, reason, RequestPart.HELD)
        if returned:
            await ask(attempt, RequestKind.REFUND, returned, key, reason)
        if withheld := min(amount_minor - never_taken - here, charged_back):
            await _withhold(attempt, withheld, key, reason)
        return Refund(released, returned, withheld, amount_minor - here - withheld)


async def _never_came(attempt: Attempt) -> int:
    """What was to pay for goods, and a bank has let go of by itself, or an operator has given up after they left."""
    row = await fetch_one(
        """SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM money_request
           WHERE attempt = $1 AND kind = 'release' AND state <> 'failed' AND part = $2""",
        attempt.id,
        RequestPart.GIVEN_UP,
    )
    return await ledger.lost(attempt) + (row["minor"] if row else 0)


async def sendable(attempt: Attempt) -> int:
    """What was taken and may go back: not what the shopper's bank has taken back by itself."""
    return max(0, attempt.kept_minor - await ledger.charged_back(attempt))


async def _withhold(attempt: Attempt, amount_minor: int, key: str, reason: str) -> None:
    """A refund that is not sent, for a person to look at."""
    request = await ask(attempt, RequestKind.REFUND, amount_minor, key, reason, RequestPart.BANK)
    await finish(request, RequestState.FAILED, "", CHARGED_BACK)


async def capture(order_id: int, amount_minor: int, key: str) -> int:
    """Goods of this worth leave: take their money, and return how much of it had not been taken (0: all was).

    Where the provider can capture only once, the first capture takes all that is held. The same key again changes
    nothing.

    Raises:
        MoneyRefused: nothing pays this order, or more would be taken than is held.
        KeyReused: see there.
        ValueError: the amount is not positive.
    """
    if amount_minor <= 0:
        raise ValueError("a capture is of at least one cent")
    async with transaction():
        attempt = await charge_of(order_id)
        before = await request_by_key(key)
        if before:
            if before.order != order_id or before.kind != RequestKind.CAPTURE:
                raise KeyReused(key)
            return before.amount_minor
        attempt, amount = await _to_capture(attempt, order_id, amount_minor)
        if amount:
            await ask(attempt, RequestKind.CAPTURE, amount, key, "goods have left")
        return amount


async def require_capture(order_id: int, amount_minor: int) -> None:
    """Raises MoneyRefused: so much could not be captured now. Nothing is written, and only `capture` decides."""
    async with transaction():
        await _to_capture(await charge_of(order_id), order_id, amount_minor)


async def _to_capture(attempt: Attempt | None, order_id: int, amount_minor: int) -> tuple[Attempt, int]:
    """The payment, and how much of it is to be captured for goods of this worth: nothing when it was taken at the
    order, or with the first parcel.

    Raises:
        MoneyRefused: see `capture`.
    """
    if attempt is None or attempt.state == AttemptState.RELEASED:
        raise MoneyRefused(f"no payment of order {order_id}")
    if not attempt.held_minor:
        if await ledger.lost(attempt):
            raise MoneyRefused(f"the bank has let go of what it held for order {order_id}")
        return attempt, 0
    amount = amount_minor if attempt.takes_parts else attempt.held_minor
    if amount > attempt.held_minor:
        raise MoneyRefused(f"order {order_id} has only {attempt.held_minor} held, not {amount}")
    return attempt, amount


async def _asked_before(order_id: int, least: int, most: int, key: str) -> list[Request]:
    parts = (RequestPart.WHOLE, RequestPart.HELD, RequestPart.BANK)
    found = await requests_with([key_of(key, part) for part in parts])
    if found and (
        {request.order for request in found} != {order_id}
        or not least <= sum(request.amount_minor for request in found) <= most
        or any(request.kind == RequestKind.CAPTURE for request in found)
    ):
        raise KeyReused(key)
    return found


def _refund_of(asked: list[Request], amount_minor: int) -> Refund:
    released = sum(each.amount_minor for each in asked if each.kind == RequestKind.RELEASE)
    withheld = sum(each.amount_minor for each in asked if each.part == RequestPart.BANK)
    returned = sum(each.amount_minor for each in asked) - released - withheld
    return Refund(released, returned, withheld, amount_minor - released - returned - withheld)
