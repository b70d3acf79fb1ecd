"""Stripe's objects, read as the shop's outcomes."""

from datetime import UTC, datetime
from typing import Any

from app.payments.provider import Outcome, Verdict

REFUNDS = {
    "succeeded": Verdict.SUCCEEDED,
    "failed": Verdict.FAILED,
    "canceled": Verdict.FAILED,
}


def of_session(session: Any) -> Outcome:
    """What became of a payment page, whose payment intent and charge are expanded."""
    intent = _get(session, "payment_intent")
    if session.status == "open":
        return Outcome(Verdict.PENDING, session.id)
    if session.status == "expired" or intent is None:
        return Outcome(Verdict.FAILED, session.id, failure="The payment page was closed unused.")
    charge = _get(intent, "latest_charge")
    card = _get(_get(charge, "payment_method_details"), "card")
    verdicts = {
        "succeeded": Verdict.SUCCEEDED,
        "requires_capture": Verdict.AUTHORISED,
        "canceled": Verdict.FAILED,
        "requires_payment_method": Verdict.FAILED,
    }
    verdict = verdicts.get(intent.status, Verdict.PENDING)
    until = _get(card, "capture_before")
    return Outcome(
        verdict,
        session.id,
        method=_method(card),
        failure=_failure(intent) if verdict == Verdict.FAILED else "",
        amount_minor=intent.amount,
        currency=str(_get(intent, "currency") or "").upper(),
        takes_parts=_get(_get(card, "multicapture"), "status") == "available",
        held_until=datetime.fromtimestamp(until, UTC) if until else None,
        is_processing=verdict == Verdict.PENDING,
    )


def of_refund(refund: Any) -> Outcome:
    verdict = REFUNDS.get(refund.status, Verdict.PENDING)
    failure = str(_get(refund, "failure_reason") or "").replace("_", " ")
    return Outcome(verdict, refund.id, failure=failure or ("refused" if verdict == Verdict.FAILED else ""))


def mark_of(thing: Any, name: str) -> str:
    """What we have written into the metadata of an object; empty when it is not ours."""
    return str(_get(_get(thing, "metadata"), name) or "")


def _method(card: Any) -> str:
    brand, last4 = _get(card, "brand"), _get(card, "last4")
    return f"{str(brand).replace('_', ' ').title()} ending {last4}" if brand and last4 else ""


def _failure(intent: Any) -> str:
    error = _get(intent, "last_payment_error")
    return str(_get(error, "message") or "The bank declined the card.")


def _get(found: Any, name: str) -> Any:
    """A field of an answer, None where there is no such object or field."""
    return None if found is None or isinstance(found, str) else getattr(found, name, None)
