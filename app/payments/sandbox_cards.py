"""The test cards of the sandbox, and the form that takes one."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from app.infra.clock import now


@dataclass(frozen=True)
class Card:
    number: str
    brand: str
    behaviour: str  # approve | decline | challenge | slow
    says: str

    @property
    def method(self) -> str:
        return f"{self.brand} ending {self.number[-4:]}"

    @property
    def spaced(self) -> str:
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


CARDS = (
    Card("4242424242424242", "Visa", "approve", "is approved"),
    Card("4000000000000002", "Visa", "decline", "is declined"),
    Card("4000000000003220", "Visa", "challenge", "asks you to confirm on a second page"),
    Card("4000000000000077", "Visa", "slow", "is approved half a minute later"),
)
BY_NUMBER = {card.number: card for card in CARDS}


class CardForm(BaseModel):
    """Any expiry in the future and any security code will do, as at other test banks."""

    number: Annotated[str, Field(description="Enter a card number", max_length=30)]
    expiry: Annotated[str, Field(description="Enter the expiry date, for example 08 / 28", max_length=9)]
    cvc: Annotated[str, Field(description="Enter the 3 digits on the back", max_length=4)]

    @field_validator("number")
    @classmethod
    def _known(cls, typed: str) -> str:
        digits = typed.replace(" ", "").replace("-", "")
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError("Use digits only.")
        if len(digits) == 15:
            raise ValueError("This number is one digit short. Check the 16 digits on the front of the card.")
        if len(digits) != 16:
            raise ValueError("A card number has 16 digits.")
        if digits not in BY_NUMBER:
            raise ValueError("This sandbox knows only the test cards listed on this page.")
        return digits

    @field_validator("expiry")
    @classmethod
    def _future(cls, typed: str) -> str:
        digits = "".join(char for char in typed if char in "0123456789")
        month, year = int(digits[:2] or 0), int(digits[2:] or 0)
        if len(digits) not in (4, 6) or not 1 <= month <= 12:
            raise ValueError("Write month and year, for example 08 / 28.")
        year += 2000 if len(digits) == 4 else 0
        if (year, month) < (now().year, now().month):
            raise ValueError("This date is over. Check the expiry date on the front of the card.")
        return typed

    @field_validator("cvc")
    @classmethod
    def _digits(cls, typed: str) -> str:
        if not (typed.isascii() and typed.isdigit() and len(typed) == 3):
            raise ValueError("The security code is the 3 digits on the back.")
        return typed

    @property
    def card(self) -> Card:
        return BY_NUMBER[self.number]
