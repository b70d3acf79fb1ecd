"""Stripe's webhooks: whose they are, and what they are about. What is true is asked of Stripe, never read from them."""

import msgspec
import stripe

from app.infra.settings import settings
from app.payments.provider import BadSignature

HEADER = "stripe-signature"
TOLERANCE_SECONDS = 300


class Thing(msgspec.Struct):
    """The object of an event, as far as the shop looks at it; of most kinds it looks at nothing."""

    id: str = ""
    object: str = ""
    metadata: dict[str, str] | None = None
    payment_intent: str | None = None
    amount: int | None = None


class Data(msgspec.Struct):
    object: Thing


class Event(msgspec.Struct):
    id: str
    type: str
    data: Data

    @property
    def attempt_key(self) -> str:
        return (self.data.object.metadata or {}).get("attempt", "")

    @property
    def request_key(self) -> str:
        return (self.data.object.metadata or {}).get("request", "")


def check(body: bytes, header: str) -> Event:
    """The event, if one of our secrets has signed exactly these bytes, and lately.

    Raises:
        BadSignature: it is not from Stripe, was altered, or is too old.
        msgspec.DecodeError: it is signed and makes no sense.
    """
    secrets = [secret.strip() for secret in settings().stripe_webhook_secret.get_secret_value().split(",")]
    for secret in filter(None, secrets):
        try:
            stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
            continue
        return msgspec.json.decode(body, type=Event)
    raise BadSignature("no secret of ours has signed this lately")
