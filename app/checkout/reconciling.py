"""When a provider's word about a payment may have been lost, the shop asks for it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.checkout.settling import AmountDiffers, settle
from app.infra.clock import now
from app.infra.database import fetch
from app.infra.logs import log
from app.payments import silence
from app.payments.attempts import OPEN, Attempt, attempts_in, attempts_of, note_checking
from app.payments.provider import Outcome, PaymentProvider, ProviderUnavailable
from app.payments.registry import provider_named
from app.payments.tables import AttemptState

ASK_AFTER = timedelta(minutes=2)
SWEEP = 100


async def ask_about(order_id: int) -> None:
    """Ask about the order's open attempts and settle what the provider says.

    Raises:
        ProviderUnavailable: the answer is still unknown.
    """
    for attempt in await attempts_of(order_id):
        if attempt.is_open:
            await _ask(attempt)


async def close_pages(order_id: int) -> None:
    """Nobody shall pay an order that is over: its payment page is closed, and what became of it settled.

    Raises:
        ProviderUnavailable: it may still be open. Money that comes there goes back by itself.
    """
    for attempt in await attempts_of(order_id):
        if attempt.is_open and attempt.provider_reference:
            await _take_over(attempt, await _heard(attempt, lambda provider, reference: provider.close(reference)))


async def close_over() -> None:
    """Close the payment pages of orders that can no longer be paid: cancelled, or expired while it was away. The newest
    first, so that those which a provider does not know any more are in nobody's way; in the end they wait for a person.
    """
    rows = await fetch(
        """SELECT DISTINCT o.id FROM payment_attempt a JOIN shop_order o ON o.id = a."order"
           WHERE a.state IN ('created', 'pending') AND a.provider_reference IS NOT NULL AND o.state <> 'pending'
             AND a.given_up_at IS NULL
           ORDER BY o.id DESC LIMIT $1""",
        SWEEP,
    )
    for row in rows:
        try:
            await close_pages(row["id"])
        except ProviderUnavailable as error:
            log("payments").warning("a payment page stays open", order=row["id"], error=str(error))
        except Exception:  # noqa: BLE001 - one that cannot be settled does not hold up the others
            log("payments").exception("not settled", order=row["id"])


async def reconcile() -> int:
    """Ask about every attempt that has been open for minutes, and waits for no person; returns how many. For a job,
    every minute or two."""
    await close_over()
    return await _for_each(OPEN, ASK_AFTER, _ask)


async def _ask(attempt: Attempt) -> None:
    """Without a reference the shopper never saw a page to pay on."""
    if not attempt.provider_reference:
        return
    try:
        outcome = await _heard(attempt, lambda provider, reference: provider.status(reference))
    except ProviderUnavailable:
        await note_checking(attempt)
        raise
    if outcome.is_processing:
        await note_checking(attempt)
    await _take_over(attempt, outcome)


async def _heard(attempt: Attempt, ask: Callable[[PaymentProvider, str], Awaitable[Outcome]]) -> Outcome:
    """The provider's answer; that there is none is counted."""
    try:
        outcome = await ask(provider_named(attempt.provider), attempt.provider_reference or "")
    except Exception as error:
        await silence.note(attempt, str(error) or type(error).__name__)
        raise
    await silence.end(attempt)
    return outcome


async def _take_over(attempt: Attempt, outcome: Outcome) -> None:
    """Money of another amount or currency is for a person to look at; nobody is asked to pay once more until then."""
    try:
        await settle(attempt.id, outcome)
    except AmountDiffers as error:
        log("payments").error("not taken over", attempt=attempt.id, error=str(error))
        await note_checking(attempt)
        await silence.note(attempt, str(error), is_final=True)


async def _for_each(states: tuple[AttemptState, ...], age: timedelta, act: Callable[[Attempt], Awaitable[None]]) -> int:
    """One that the provider does not answer for, or that cannot be settled, does not hold up the others."""
    done, last = 0, 0
    while found := await attempts_in(states, now() - age, last, SWEEP):
        for attempt in found:
            try:
                await act(attempt)
            except ProviderUnavailable as error:
                log("payments").warning("provider unavailable", attempt=attempt.id, error=str(error))
            except Exception:  # noqa: BLE001 - see there
                log("payments").exception("not settled", attempt=attempt.id)
        done, last = done + len(found), found[-1].id
    return done
