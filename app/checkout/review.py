"""What the shopper would order now: parcels with chosen delivery, sums, and what stands on the page to confirm it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Annotated

import msgspec

from app.accounts.owners import Owner
from app.cart.charges import CartParcel, Charge, charges, vat_of
from app.cart.contents import MOST_PER_LINE, CartLineView, load
from app.catalog.taxes import Taxed, on_top
from app.checkout.answers import Answers, answers_of
from app.delivery.estimate import Place, delivery_map
from app.delivery.parcels import plan, soonest_first
from app.discounts.giving import Discount, NotGiven, Shopper, look
from app.infra.clock import now
from app.payments.registry import least_minor


class ShownLine(msgspec.Struct, array_like=True, frozen=True):
    offer: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=MOST_PER_LINE)]
    unit_price_minor: int


class ShownParcel(msgspec.Struct, array_like=True, frozen=True):
    key: str
    level: str
    promised_on: date
    delivery_minor: int
    lines: tuple[ShownLine, ...]

    @property
    def seller(self) -> str:
        """The supplier's id."""
        return self.key.partition("-")[0]


class Shown(msgspec.Struct, frozen=True):
    """What stood on the payment page. The form sends it back, so that a change since can be told in words."""

    address: str  # a digest
    parcels: tuple[ShownParcel, ...]
    total_minor: int
    discount: str = ""  # the code that counts

    @property
    def pieces(self) -> dict[int, int]:
        """Offer -> how many pieces, in all parcels together."""
        found: dict[int, int] = {}
        for parcel in self.parcels:
            for line in parcel.lines:
                found[line.offer] = found.get(line.offer, 0) + line.quantity
        return found


@dataclass(frozen=True)
class Review:
    answers: Answers
    place: Place | None
    parcels: tuple[CartParcel, ...]  # without a place they have no dates
    left_out: tuple[CartLineView, ...]  # sold out, withdrawn or not sent there: they stay in the cart
    discount: Discount | None = None
    not_given: str = ""  # why the shopper's code does not count now

    @property
    def items_minor(self) -> int:
        return sum(parcel.items_minor for parcel in self.parcels)

    @property
    def delivery_minor(self) -> int:
        return sum(charge.delivery_minor for charge in self.charges)

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """One for each parcel."""
        return charges(self.parcels, self.discount)

    @property
    def discount_minor(self) -> int:
        """Off the goods."""
        return sum(sum(charge.off_minor) for charge in self.charges)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.delivery_minor - self.discount_minor + on_top(self.vat)

    @cached_property
    def least_minor(self) -> int:
        """What an order must come to, so that it can be paid."""
        return least_minor()

    @property
    def is_too_little(self) -> bool:
        return self.total_minor < self.least_minor

    @cached_property
    def vat(self) -> list[Taxed]:
        return vat_of(self.parcels, self.charges)

    @property
    def all_by(self) -> date | None:
        return max((parcel.promise.date for parcel in self.parcels if parcel.promise), default=None)

    @property
    def step(self) -> str:
        """The first step that still needs an answer. How a parcel travels is asked only where there is a choice."""
        if self.answers.address is None or self.place is None:
            return "address"
        if any(len(each.options) > 1 and each.key not in self.answers.service_levels for each in self.parcels):
            return "delivery"
        return "payment"

    def sent_by(self, levels: dict[str, str]) -> "Review":
        """The same with these service levels chosen: of each parcel (by its key) one that it has."""
        parcels = soonest_first(parcel.by(levels[parcel.key]) for parcel in self.parcels)
        return replace(self, parcels=parcels, answers=replace(self.answers, service_levels=levels))

    @property
    def shown(self) -> Shown:
        parcels = tuple(_shown(*each) for each in zip(self.parcels, self.charges, strict=True))
        digest = hashlib.sha256(msgspec.json.encode(self.answers.address)).hexdigest()[:16]
        return Shown(digest, parcels, self.total_minor, self.discount.code if self.discount else "")


def _shown(parcel: CartParcel, charge: Charge) -> ShownParcel:
    assert parcel.chosen is not None, "a review with a place has only parcels that can be sent"
    lines = tuple(ShownLine(part.line.offer_id, part.quantity, part.line.unit_price_minor) for part in parcel.lines)
    return ShownParcel(parcel.key, parcel.chosen.level, parcel.chosen.promise.date, charge.delivery_minor, lines)


async def review_of(owner: Owner | None, fallback: Place | None = None) -> Review | None:
    """The owner's order as it would be now; None when there is nothing to buy.

    Args:
        fallback: the place to plan for while there is no address.
    """
    answers = await answers_of(owner) if owner else None
    if answers is None:
        return None
    delivery = await delivery_map()
    place = delivery.place_of(answers.address.mark) if answers.address else fallback
    contents = await load(owner, place.country if place else "")
    plans = plan(contents.lines, place, now(), delivery, answers.service_levels)
    parcels = tuple(found for found in plans if found.chosen or place is None)
    ordered = {part.line.offer_id for parcel in parcels for part in parcel.lines}
    left_out = tuple(line for line in contents.lines if line.offer_id not in ordered)
    if not parcels:
        return None
    discount, not_given = await _discount(owner, answers, sum(parcel.items_minor for parcel in parcels))
    return Review(answers, place, parcels, left_out, discount, not_given)


def shopper_of(owner: Owner, answers: Answers) -> Shopper:
    return Shopper(owner.account, answers.address.email if answers.address else "")


async def _discount(owner: Owner | None, answers: Answers, items_minor: int) -> tuple[Discount | None, str]:
    if owner is None or not answers.discount_code:
        return None, ""
    try:
        return await look(answers.discount_code, shopper_of(owner, answers), items_minor), ""
    except NotGiven as error:
        return None, str(error)


def encode_shown(shown: Shown) -> str:
    return msgspec.json.encode(shown).decode()


def decode_shown(text: str) -> Shown | None:
    """What a form sent back; None if it is none of ours."""
    try:
        return msgspec.json.decode(text, type=Shown)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
