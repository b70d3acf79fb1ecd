"""What the shop asks of whoever takes the money."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ProviderUnavailable(Exception):
    """The provider cannot be reached; what was asked may or may not have happened."""


class BadSignature(Exception):
    """A message is not from the provider, was altered, or is too old."""


class Verdict(StrEnum):
    PENDING = "pending"
    AUTHORISED = "authorised"  # the bank holds the money; nothing was taken yet
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
    page_until: datetime  # when the provider's page may close
    manual_capture: bool = False  # only hold the money; it is captured when the goods leave
    tries: int = 1  # to open a page


@dataclass(frozen=True)
class Started:
    reference: str  # the provider's own name of the payment
    url: str  # its page; the shopper is sent there


@dataclass(frozen=True)
class Outcome:
    """What became of what was asked; `method` ("Visa ending 4242") and `failure` are for the shopper to read."""

    verdict: Verdict
    reference: str
    method: str = ""
    failure: str = ""
    amount_minor: int | None = None  # of a charge, as the provider has it; None where it does not say
    currency: str = ""  # of that amount
    takes_parts: bool = True  # whether what is held may be captured in several parts
    held_until: datetime | None = None
    is_processing: bool = False  # the shopper has done their part, the bank has not


@dataclass(frozen=True)
class Wish:
    """A capture, release or refund of a payment; the same `key` again is the same one."""

    payment: str  # the provider's reference of the charge
    key: str
    amount_minor: int
    currency: str
    reference: str = ""  # the provider's own name of this, when it has told one
    tries: int = 1
    captured_before_minor: int = 0
    takes_parts: bool = True
    is_last: bool = False  # nothing is left to capture after this

    @property
    def again(self) -> bool:
        """It may have been sent before, perhaps longer ago than the provider remembers keys."""
        return self.tries > 1


@dataclass(frozen=True)
class Statement:
    """A payment in the provider's books; `refunds` by the keys of our requests, or its own names of others."""

    key: str  # of our attempt
    reference: str
    authorised_minor: int
    captured_minor: int
    refunds: dict[str, int]


class PaymentProvider(Protocol):
    """Every call goes over the network: never inside a transaction. All raise ProviderUnavailable.

    A failed outcome is final: what was wished will not happen.
    """

    least_minor: int  # of a charge, in the shop's currency; less is refused before anything is asked

    async def start(self, charge: Charge) -> Started: ...

    async def page(self, reference: str) -> str | None:
        """The address of a page that was started before; None when it is closed."""

    async def status(self, reference: str) -> Outcome: ...

    async def close(self, reference: str) -> Outcome:
        """Let nobody pay there any more; what became of it."""

    async def capture(self, wish: Wish) -> Outcome: ...

    async def release(self, wish: Wish) -> Outcome:
        """Let go of what is held and was not captured."""

    async def refund(self, wish: Wish) -> Outcome: ...

    async def statements(self, since: datetime) -> list[Statement]:
        """Payments begun since then, in the provider's own books."""
