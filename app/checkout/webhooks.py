"""What the sandbox tells the shop by itself: signature, once per event, and the effect in the same transaction."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from app.checkout.carrying_out import settle_request
from app.checkout.settling import settle
from app.infra.database import transaction
from app.payments.attempts import attempt_by_key
from app.payments.provider import Outcome, Verdict
from app.payments.requests import request_by_key
from app.payments.sandbox_webhooks import check
from app.payments.webhook_events import first_time

VERDICTS = {"authorised": Verdict.AUTHORISED, "succeeded": Verdict.SUCCEEDED, "failed": Verdict.FAILED}


class UnknownPayment(Exception):
    """The message is about no attempt of ours (yet): it may come again."""


class Message(msgspec.Struct):
    id: str
    type: str
    reference: str
    key: str
    method: str = ""
    failure: str = ""
    amount_minor: int | None = None
    currency: str = ""

    @property
    def outcome(self) -> Outcome:
        verdict = VERDICTS.get(self.type.partition(".")[2], Verdict.PENDING)
        return Outcome(verdict, self.reference, self.method, self.failure, self.amount_minor, self.currency)


async def receive(body: bytes, signature: str) -> None:
    """Take a message and its effect over in one transaction; one that was taken before changes nothing.

    Raises:
        BadSignature: it is not from the sandbox, or too old.
        msgspec.DecodeError: it is signed and makes no sense.
        UnknownPayment: see there.
    """
    check(body, signature)
    refuse_nul(body)
    message = msgspec.json.decode(body, type=Message)
    settling = await _settling(message)
    async with transaction():
        if await first_time("sandbox", message.id, body.decode()):
            await settling()


def refuse_nul(body: bytes) -> None:
    if b"\\u0000" in body:
        raise msgspec.DecodeError("PostgreSQL keeps no NUL")


async def _settling(message: Message) -> Callable[[], Awaitable[None]]:
    """What the message is about, as a call that makes it true."""
    if message.type.startswith("payment."):
        if attempt := await attempt_by_key(message.key):
            return partial(settle, attempt.id, message.outcome)
    elif request := await request_by_key(message.key):
        return partial(settle_request, request.id, message.outcome)
    raise UnknownPayment(message.reference)
