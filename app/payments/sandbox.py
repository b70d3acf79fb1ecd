"""The shop's side of the sandbox provider: what a client library is for a real one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from app.payments import sandbox_faults, sandbox_money, sandbox_payments
from app.payments.provider import Charge, Outcome, ProviderUnavailable, Started, Statement, Verdict, Wish


class Sandbox:
    least_minor = 1

    async def start(self, charge: Charge) -> Started:
        async with _call():
            reference = await sandbox_payments.open_payment(charge)
        return Started(reference, sandbox_payments.page_of(reference))

    async def page(self, reference: str) -> str | None:
        async with _call():
            payment = await sandbox_payments.payment_of(reference)
        return sandbox_payments.page_of(reference) if payment and not payment.is_over else None

    async def status(self, reference: str) -> Outcome:
        async with _call():
            return await _outcome(reference)

    async def close(self, reference: str) -> Outcome:
        async with _call():
            await sandbox_payments.close_payment(reference)
            return await _outcome(reference)

    async def capture(self, wish: Wish) -> Outcome:
        async with _call():
            return await sandbox_money.move("capture", wish)

    async def release(self, wish: Wish) -> Outcome:
        async with _call():
            return await sandbox_money.move("release", wish)

    async def refund(self, wish: Wish) -> Outcome:
        async with _call():
            return await sandbox_money.move("refund", wish)

    async def statements(self, since: datetime) -> list[Statement]:
        async with _call():
            return await sandbox_money.statements(since)


async def _outcome(reference: str) -> Outcome:
    await sandbox_payments.decide_slow(reference)
    payment = await sandbox_payments.payment_of(reference)
    if payment is None:
        raise ProviderUnavailable(f"no payment {reference}")
    if payment.state == "approved":
        verdict = Verdict.AUTHORISED if payment.manual_capture else Verdict.SUCCEEDED
        return Outcome(verdict, reference, payment.method, amount_minor=payment.amount_minor)
    if payment.state == "processing":
        return Outcome(Verdict.PENDING, reference, payment.method, is_processing=True)
    if payment.state == "declined" or payment.is_over:
        failure = payment.failure or "The payment page was closed unused."
        return Outcome(Verdict.FAILED, reference, payment.method, failure)
    return Outcome(Verdict.PENDING, reference, payment.method)


@asynccontextmanager
async def _call() -> AsyncIterator[None]:
    """A call over the network, with the faults that are switched on."""
    await sandbox_faults.before_call()
    yield
    await sandbox_faults.after_call()
