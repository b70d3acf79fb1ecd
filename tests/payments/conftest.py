from collections.abc import AsyncIterator

import pytest

from app.infra.settings import settings
from tests.payments import stripe_server
from tests.payments.stripe_server import StripeServer


@pytest.fixture
async def stripe(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StripeServer]:
    """A shop whose money is taken by our own Stripe."""
    async with stripe_server.running() as (server, address):
        monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
        monkeypatch.setenv("STRIPE_API_BASE", address)
        monkeypatch.setenv("STRIPE_SECRET_KEY", stripe_server.SECRET_KEY)
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", f"whsec_the_next_one,{stripe_server.WEBHOOK_SECRET}")
        settings.cache_clear()
        yield server
        monkeypatch.undo()
        settings.cache_clear()


@pytest.fixture
def at_shipment(monkeypatch: pytest.MonkeyPatch, stripe: StripeServer) -> None:
    """Cards are charged when parcels leave."""
    monkeypatch.setenv("PAYMENT_CAPTURE", "at_shipment")
    settings.cache_clear()
