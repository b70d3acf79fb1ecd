"""What the sandbox tells the shop by itself."""

import msgspec

from app.checkout.settling import settle
from app.infra.database import transaction
from app.payments.attempts import attempt_by_key
from app.payments.provider import Outcome, Verdict
from app.payments.sandbox_webhooks import check
from app.payments.webhook_events import first_time

VERDICTS = {"payment.succeeded": Verdict.SUCCEEDED, "payment.failed": Verdict.FAILED}


class UnknownPayment(Exception):
    """The message is about no attempt of ours (yet): it may come again."""


class Message(msgspec.Struct):
    id: str
    type: str
    reference: str
    key: str
    method: str = ""
    failure: str = ""


async def receive(body: bytes, signature: str) -> None:
    """Take a message and its effect over in one transaction; one that was taken before changes nothing.

    Raises:
        BadSignature: it is not from the sandbox, or too old.
        msgspec.DecodeError: it is signed and makes no sense.
        UnknownPayment: see there.
    """
    check(body, signature)
    if b"\\u0000" in body:
        raise msgspec.DecodeError("PostgreSQL keeps no NUL")
    message = msgspec.json.decode(body, type=Message)
    attempt = await attempt_by_key(message.key)
    if attempt is None:
        raise UnknownPayment(message.reference)
    verdict = VERDICTS.get(message.type, Verdict.PENDING)
    async with transaction():
        if await first_time("sandbox", message.id, body.decode()):
            await settle(attempt.id, Outcome(verdict, message.reference, message.method, message.failure))
