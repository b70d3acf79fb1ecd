"""The payment providers by the name that an attempt keeps."""

from app.payments.provider import PaymentProvider
from app.payments.sandbox import Sandbox

PROVIDERS: dict[str, PaymentProvider] = {"sandbox": Sandbox()}


def provider_named(name: str) -> PaymentProvider:
    return PROVIDERS[name]
