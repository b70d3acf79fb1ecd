"""The shop's side of the sandbox provider: what a client library is for a real one."""

from app.payments import sandbox_money, sandbox_payments
from app.payments.provider import Charge, Outcome, ProviderUnavailable, Started, Verdict, Wish


class Sandbox:
    async def start(self, charge: Charge) -> Started:
        reference = await sandbox_payments.open_payment(charge)
        return Started(reference, sandbox_payments.page_of(reference))

    async def status(self, reference: str) -> Outcome:
        payment = await sandbox_payments.payment_of(reference)
        if payment is None:
            raise ProviderUnavailable(f"no payment {reference}")
        if payment.state == "approved":
            verdict = Verdict.AUTHORISED if payment.manual_capture else Verdict.SUCCEEDED
            return Outcome(verdict, reference, payment.method, amount_minor=payment.amount_minor)
        if payment.state == "declined" or payment.is_over:
            failure = payment.failure or "The payment page was closed unused."
            return Outcome(Verdict.FAILED, reference, payment.method, failure)
        return Outcome(Verdict.PENDING, reference, payment.method)

    async def capture(self, wish: Wish) -> Outcome:
        return await sandbox_money.move("capture", wish)

    async def release(self, wish: Wish) -> Outcome:
        return await sandbox_money.move("release", wish)

    async def refund(self, wish: Wish) -> Outcome:
        return await sandbox_money.move("refund", wish)
