"""What the shop asks of whoever takes the money."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ProviderUnavailable(Exception):
    """The provider cannot be reached; what was asked may or may not have happened."""


class Verdict(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Charge:
    """What the shopper is asked to pay. The same `key` again is the same charge."""

    key: str
    amount_minor: int
    currency: str
    description: str
    return_path: str  # where the shopper goes on in the shop


@dataclass(frozen=True)
class Started:
    reference: str  # the provider's own name of the payment
    url: str  # its page; the shopper is sent there


@dataclass(frozen=True)
class Outcome:
    """What became of a charge; `method` ("Visa ending 4242") and `failure` are for the shopper to read."""

    verdict: Verdict
    reference: str
    method: str = ""
    failure: str = ""


class PaymentProvider(Protocol):
    """Every call goes over the network: never inside a transaction. All raise ProviderUnavailable."""

    async def start(self, charge: Charge) -> Started: ...

    async def status(self, reference: str) -> Outcome: ...

    async def refund(self, reference: str, key: str, amount_minor: int) -> None:
        """Send money back, once per `key`."""
