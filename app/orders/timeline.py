"""What truly happened to a parcel, and what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.orders.tables import OrderState, ParcelState, TrackingKind


@dataclass(frozen=True)
class Moment:
    """`at` is a datetime when it happened, the expected day when that is known, else None."""

    words: str
    state: Literal["done", "now", "next"]
    at: datetime | date | None


@dataclass(frozen=True)
class Happened:
    """One thing that happened: to the order, to the parcel, or on its way (`place` is where, if that is known)."""

    what: OrderState | ParcelState | TrackingKind
    at: datetime
    place: str = ""


# Names that orders, parcels and carriers share ("delivered") mean the same step; what comes second changes nothing.
# The steps of a parcel's way: what it is called once done, while it is under way, and before.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("Ordered", "", ""),
    ("Paid", "Waiting for payment", "Payment"),
    ("Packed by {supplier}", "Being packed by {supplier}", "Packed by {supplier}"),
    ("With the carrier", "Waiting for the carrier", "With the carrier"),
    ("Arrived", "On the way to you", "At your door"),
)
_STEP: dict[object, int] = {
    OrderState.PENDING: 0,
    OrderState.PAID: 1,
    ParcelState.PACKED: 2,
    ParcelState.SHIPPED: 3,
    ParcelState.DELIVERED: 4,
}
_ENDS: dict[object, str] = {
    OrderState.CANCELLED: "Cancelled",
    OrderState.EXPIRED: "Not paid in time",
    OrderState.REFUNDED: "Money sent back",
    OrderState.RETURNED: "Sent back",
    ParcelState.CANCELLED: "Cancelled",
}
_TRACKED: dict[object, tuple[str, str]] = {
    TrackingKind.IN_TRANSIT: ("On the road", "In {place}"),
    TrackingKind.OUT_FOR_DELIVERY: ("Out for delivery", "Out for delivery in {place}"),
    TrackingKind.DELAYED: ("Delayed on the way", "Delayed in {place}"),
}


# Of an order whose other parcels go on: no part of the story of a parcel that was cancelled.
_OF_OTHERS = (OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED)


def timeline(
    happened: Sequence[Happened], supplier: str, due_on: date, *, is_cancelled: bool = False
) -> tuple[Moment, ...]:
    """What happened, in its order; while the parcel is on its way, then the steps it still has to make."""
    if is_cancelled:
        happened = [each for each in happened if isinstance(each.what, ParcelState) or each.what not in _OF_OTHERS]
    done, step, is_over = list[Moment](), -1, False
    for each in happened:
        reached = _STEP.get(each.what)
        if reached is not None and reached > step:
            step, is_over = reached, False  # paid after all, after the hold
            done.append(Moment(STEPS[reached][0].format(supplier=supplier), "done", each.at))
        elif each.what in _TRACKED:
            plain, at_place = _TRACKED[each.what]
            done.append(Moment(at_place.format(place=each.place) if each.place else plain, "done", each.at))
        elif each.what in _ENDS:
            is_over = True
            words = _ENDS[each.what]
            if words not in [moment.words for moment in done]:  # the parcel's end is the order's, too
                done.append(Moment(words, "done", each.at))
    return tuple(done) if is_over else (*done, *_to_come(step, supplier, due_on))


def _to_come(step: int, supplier: str, due_on: date) -> tuple[Moment, ...]:
    last = len(STEPS) - 1
    return tuple(
        Moment(
            STEPS[ahead][2 if place else 1].format(supplier=supplier),
            "next" if place else "now",
            due_on if ahead == last else None,
        )
        for place, ahead in enumerate(range(step + 1, len(STEPS)))
    )
