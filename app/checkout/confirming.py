"""The button "Pay": what was confirmed becomes an order, if it is still what would be ordered."""

import hashlib
from uuid import UUID

from app.accounts.owners import Owner
from app.cart.charges import CartParcel, Charge
from app.cart.contents import OWNED
from app.cart.tables import CartLine
from app.catalog.taxes import on_top
from app.checkout.answers import start_over
from app.checkout.review import Review, encode_shown, review_of
from app.checkout.sold_out import Gone, gone_from
from app.delivery.estimate import delivery_map
from app.discounts.giving import NotGiven
from app.infra.database import fetch_one, transaction
from app.infra.metrics import ORDERS_PLACED, ORDERS_REFUSED
from app.inventory.reservations import OutOfStock
from app.orders.placing import Placed, PriceChanged, place, placed_before
from app.orders.wanted import Wanted, WantedLine, WantedParcel


class NotAsShown(Exception):
    """What would be ordered now is not what the shopper confirmed.

    Attributes:
        review: what it would be; None when there is nothing to buy.
    """

    def __init__(self, review: Review | None) -> None:
        super().__init__()
        self.review = review


class SoldOut(NotAsShown):
    """... because there is nothing left of some of it."""

    def __init__(self, gone: Gone) -> None:
        super().__init__(None)
        self.gone = gone


async def confirm(owner: Owner, key: UUID, total_minor: int, shown: str) -> Placed:
    """Place the order and take its lines out of the cart, in one transaction; the same form again: the same order.

    Most of a crowd is told that it comes too late by one question, without a transaction and without a lock.

    Raises:
        SoldOut, NotAsShown: nothing was placed; show the payment step again, or what is sold out.
        KeyReused: this form's key has placed another order.
    """
    request_hash = hashlib.sha256(f"{total_minor} {shown}".encode()).digest()
    await delivery_map()  # loaded now, so that no transaction waits for it
    await _not_sold_out(owner, key, shown)
    try:
        async with transaction():
            cart = await _locked_cart(owner)
            before = await placed_before(key, request_hash, owner)
            if before or cart is None:
                return _found(before)
            review = await review_of(owner)
            if review is None or not _is_as_shown(review, key, total_minor, shown):
                raise NotAsShown(review)
            wanted = _wanted(review, owner, key, request_hash)
            await start_over(cart)
            await CartLine.delete().where(
                (CartLine.cart == cart) & CartLine.offer.is_in([line.offer_id for line in wanted.lines])
            )
            placed = await place(wanted)
    except (NotAsShown, PriceChanged, OutOfStock, NotGiven) as error:  # the last three: between review and order
        review = error.review if isinstance(error, NotAsShown) else await review_of(owner)
        await _not_sold_out(owner, key, shown)  # after the review: what that lacks, this sees
        ORDERS_REFUSED.labels("changed").inc()
        raise NotAsShown(review) from error
    ORDERS_PLACED.inc()
    return placed


async def _not_sold_out(owner: Owner, key: UUID, shown: str) -> None:
    gone = await gone_from(owner, key, shown)
    if gone:
        ORDERS_REFUSED.labels("sold_out").inc()
        raise SoldOut(gone)


async def _locked_cart(owner: Owner) -> int | None:
    """A second click waits here for the first; and nothing can be added to the cart until its order is placed."""
    row = await fetch_one(f"SELECT id FROM cart WHERE {OWNED} FOR UPDATE", owner.account, owner.visitor)  # noqa: S608
    return row["id"] if row else None


def _found(before: Placed | None) -> Placed:
    if before is None:
        raise NotAsShown(None)
    return before


def _is_as_shown(review: Review, key: UUID, total_minor: int, shown: str) -> bool:
    return (
        review.step == "payment"
        and not review.is_too_little
        and review.answers.key == key
        and review.total_minor == total_minor
        and encode_shown(review.shown) == shown
    )


def _wanted(review: Review, owner: Owner, key: UUID, request_hash: bytes) -> Wanted:
    assert review.answers.address is not None, "the payment step comes after the address"
    parcels = tuple(_parcel(*each) for each in zip(review.parcels, review.charges, strict=True))
    return Wanted(key, request_hash, owner, review.answers.address, parcels, review.discount, on_top(review.vat))


def _parcel(parcel: CartParcel, charge: Charge) -> WantedParcel:
    assert parcel.chosen is not None, "a review with a place has only parcels that can be sent"
    return WantedParcel(
        parcel.supplier_id,
        parcel.warehouse,
        parcel.chosen.level,
        charge.delivery_minor,
        parcel.chosen.promise.date,
        tuple(
            WantedLine(part.line.offer_id, part.quantity, part.line.unit_price_minor, off)
            for part, off in zip(parcel.lines, charge.off_minor, strict=True)
        ),
    )
