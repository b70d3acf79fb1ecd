"""The payment providers by the name that an attempt keeps."""

from functools import cache

from app.infra.settings import settings
from app.payments.provider import PaymentProvider, ProviderUnavailable


@cache
def provider_named(name: str) -> PaymentProvider:
    """Each is imported when it is first asked for: Stripe's library is large, and most shops have one provider.

    Raises:
        ProviderUnavailable: there is none of that name (any more).
    """
    if name == "sandbox":
        from app.payments.sandbox import Sandbox

        return Sandbox()
    if name == "stripe":
        from app.payments.stripe_provider import Stripe

        return Stripe()
    raise ProviderUnavailable(f"There is no payment provider {name}.")


def least_minor() -> int:
    """What a charge comes to at least, with the provider of the shop."""
    return provider_named(settings().payment_provider).least_minor


def page_origins() -> list[str]:
    """Where shoppers are sent to pay, outside the shop."""
    return [settings().stripe_page_origin] if settings().payment_provider == "stripe" else []
