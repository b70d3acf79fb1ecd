"""Stripe's library as the shop uses it: one client a loop, bounded waits, and what its errors mean for money."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import httpx
import stripe

from app.infra.logs import log
from app.infra.settings import settings
from app.payments.provider import ProviderUnavailable

API_VERSION = "2026-10-28.endive"  # what is read below was written for it; a newer library does not move it
TIMEOUT = httpx.Timeout(12, connect=3)
RETRIES = 1  # by the library, at once and with the same key; ours come later

Answer = TypeVar("Answer")

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[str, stripe.StripeClient]] = WeakKeyDictionary()


def client() -> Any:
    """Typed as Any: the library's types know no partial answers, and every field is read defensively."""
    loop, base = asyncio.get_running_loop(), settings().stripe_api_base
    kept = _clients.get(loop)
    if kept is None or kept[0] != base:
        made = stripe.StripeClient(
            settings().stripe_secret_key.get_secret_value(),
            stripe_version=API_VERSION,
            base_addresses={"api": base},
            max_network_retries=RETRIES,
            http_client=stripe.HTTPXClient(timeout=TIMEOUT),
        )
        kept = _clients[loop] = (base, made)
    return kept[1].v1


class Refused(Exception):
    """Stripe has answered that it will not do this, and has not done it; the message is for a person."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Replayed(ProviderUnavailable):
    """Stripe repeats, for our key, a failure of its own that it keeps."""


async def answered(call: Awaitable[Answer]) -> Answer:
    """The answer of a call.

    Raises:
        Refused: a card error, or a request that makes no sense: nothing happened.
        ProviderUnavailable: anything else. It may have happened.
    """
    try:
        return await call
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise Refused(str(error.user_message or "Stripe has refused this."), str(error.code or "")) from None
    except stripe.StripeError as error:
        if isinstance(error, stripe.AuthenticationError | stripe.PermissionError | stripe.IdempotencyError):
            log("stripe").error("a person has to look", error=type(error).__name__, request=error.request_id)
        kind = Replayed if _is_replayed(error) else ProviderUnavailable
        # Not the library's text: it may quote a key, and "from None", or a log would show the request.
        raise kind(f"Stripe: {type(error).__name__}, status {error.http_status}, {error.request_id}") from None


def _is_replayed(error: stripe.StripeError) -> bool:
    headers: Any = error.headers or {}
    return isinstance(error, stripe.APIError) and headers.get("idempotent-replayed") == "true"


def forget() -> None:
    """Make clients anew, after settings have changed (for tests)."""
    _clients.clear()
