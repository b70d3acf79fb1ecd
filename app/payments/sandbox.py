"""The shop's side of the sandbox provider: what a client library is for a real one."""

from app.infra.clock import now
from app.infra.database import fetch_one
from app.payments import sandbox_payments
from app.payments.provider import Charge, Outcome, ProviderUnavailable, Started, Verdict

VERDICTS = {"approved": Verdict.SUCCEEDED, "refunded": Verdict.SUCCEEDED, "declined": Verdict.FAILED}


class Sandbox:
    async def start(self, charge: Charge) -> Started:
        reference = await sandbox_payments.open_payment(charge)
        return Started(reference, sandbox_payments.page_of(reference))

    async def status(self, reference: str) -> Outcome:
        row = await fetch_one(
            "SELECT state, method, failure, created_at FROM sandbox_payment WHERE reference = $1", reference
        )
        if row is None:
            raise ProviderUnavailable(f"no payment {reference}")
        if row["state"] in ("open", "challenge") and row["created_at"] + sandbox_payments.OPEN_FOR <= now():
            return Outcome(Verdict.FAILED, reference, failure="The payment page was closed unused.")
        return Outcome(VERDICTS.get(row["state"], Verdict.PENDING), reference, row["method"], row["failure"])

    async def refund(self, reference: str, key: str, amount_minor: int) -> None:
        # Only whole refunds so far, so the payment's own state makes them happen once, whatever the key.
        await sandbox_payments.refund_payment(reference, amount_minor)
