"""When a provider's word about a payment may have been lost, the shop asks for it."""

import asyncio
from datetime import datetime
from math import inf
from time import monotonic

from app.checkout.settling import AmountDiffers, settle
from app.infra.clock import now
from app.infra.database import fetch
from app.infra.logs import log
from app.orders.tables import OrderState
from app.payments import silence
from app.payments.attempts import Attempt, attempts_of, next_to_ask_about, note_checking
from app.payments.provider import Outcome, ProviderUnavailable
from app.payments.registry import provider_named

AT_ONCE = 5


async def ask_about(order_id: int) -> None:
    """Ask about the order's open attempts and settle what the provider says.

    Raises:
        ProviderUnavailable: the answer is still unknown.
    """
    for attempt in await _shown(order_id):
        await _ask(attempt)


async def close_pages(order_id: int) -> None:
    """Nobody shall pay an order that is over: its payment page is closed, and what became of it settled.

    Raises:
        ProviderUnavailable: it may still be open. Money that comes there goes back by itself.
    """
    for attempt in await _shown(order_id):
        await _close(attempt)


async def reconcile(seconds: float = inf) -> int:
    """Ask about every attempt that is due to be asked about; returns how many were. For a job, every minute.

    The page of an order that can no longer be paid (cancelled, or expired while the provider was away) is closed.
    Who is asked about is due again later, so a turn that ends early, or is killed, keeps nobody waiting for ever: the
    next one goes on where it stopped.

    Args:
        seconds: after which no more are begun.
    """
    due, until = now(), monotonic() + seconds
    return sum(await asyncio.gather(*(_ask_in_turn(due, until) for _ in range(AT_ONCE))))


async def _ask_in_turn(due: datetime, until: float) -> int:
    """One that the provider does not answer for, or that cannot be settled, does not hold up the others."""
    asked = 0
    while monotonic() < until and (attempt := await next_to_ask_about(due)):
        asked += 1
        try:
            await (_ask if await _can_be_paid(attempt.order) else _close)(attempt)
        except ProviderUnavailable as error:
            log("payments").warning("provider unavailable", attempt=attempt.id, error=str(error))
        except Exception:  # noqa: BLE001 - see there
            log("payments").exception("not settled", attempt=attempt.id)
    return asked


async def _can_be_paid(order_id: int) -> bool:
    rows = await fetch("SELECT FROM shop_order WHERE id = $1 AND state = $2", order_id, OrderState.PENDING)
    return bool(rows)


async def _shown(order_id: int) -> list[Attempt]:
    """The order's open attempts; without a reference the shopper never saw a page to pay on."""
    return [each for each in await attempts_of(order_id) if each.is_open and each.provider_reference]


async def _ask(attempt: Attempt) -> None:
    reference = attempt.provider_reference or ""
    try:
        outcome = await silence.heard(attempt, lambda: provider_named(attempt.provider).status(reference))
    except ProviderUnavailable:
        await note_checking(attempt)
        raise
    if outcome.is_processing:
        await note_checking(attempt)
    await _take_over(attempt, outcome)


async def _close(attempt: Attempt) -> None:
    reference = attempt.provider_reference or ""
    await _take_over(attempt, await silence.heard(attempt, lambda: provider_named(attempt.provider).close(reference)))


async def _take_over(attempt: Attempt, outcome: Outcome) -> None:
    """Money of another amount or currency is for a person to look at; nobody is asked to pay once more until then."""
    try:
        await settle(attempt.id, outcome)
    except AmountDiffers as error:
        log("payments").error("not taken over", attempt=attempt.id, error=str(error))
        await note_checking(attempt)
        await silence.note(attempt, str(error), is_final=True)
