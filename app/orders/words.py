"""How an order and its parcels stand, in words and on the promise ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.infra.clock import today
from app.orders.tables import OrderState, ParcelState
from app.web.rendering import day


@dataclass(frozen=True)
class Standing:
    """Where one parcel stands. `arrived_on` and `expected_on` are days in the shop's zone."""

    state: ParcelState
    promised_on: date
    expected_on: date | None = None
    arrived_on: date | None = None

    @property
    def due_on(self) -> date:
        """The day on which it is to be expected now."""
        return self.expected_on if self.expected_on and self.expected_on > self.promised_on else self.promised_on

    @property
    def is_going(self) -> bool:
        return self.state not in (ParcelState.DELIVERED, ParcelState.CANCELLED)

    @property
    def days_late(self) -> int:
        """Of a parcel that has arrived; negative when it came early."""
        return (self.arrived_on - self.promised_on).days if self.arrived_on else 0


@dataclass(frozen=True)
class Ticket:
    """What `parts/promise.html` shows: without a day, `text`."""

    verb: str
    day: date | None = None
    state: str = ""
    was: date | None = None
    text: str = ""


# What is said of orders that no parcel is on the way for.
OVER = {
    OrderState.EXPIRED: "It was not paid in time, so nothing was ordered.",
    OrderState.CANCELLED: "It was cancelled.",
    OrderState.RETURNED: "It was sent back.",
    OrderState.REFUNDED: "Your money was sent back.",
}
_ONE = {
    ParcelState.WAITING: "Paid. The seller packs it now.",
    ParcelState.PACKED: "Packed, and waiting for the carrier.",
    ParcelState.SHIPPED: "It is with the carrier.",
    ParcelState.DELIVERED: "It has arrived.",
}
_ALL = {
    ParcelState.WAITING: "Paid. The sellers pack {count} parcels now.",
    ParcelState.PACKED: "Packed, and waiting for the carrier.",
    ParcelState.SHIPPED: "{count} parcels are with the carrier.",
    ParcelState.DELIVERED: "{all} parcels have arrived.",
}
_PART = {  # one, several; the furthest first
    ParcelState.DELIVERED: ("has arrived", "have arrived"),
    ParcelState.SHIPPED: ("is with the carrier", "are with the carrier"),
    ParcelState.PACKED: ("is packed", "are packed"),
    ParcelState.WAITING: ("is being packed", "are being packed"),
}


def sentence(order: OrderState, parcels: Sequence[ParcelState], held_until: datetime) -> str:
    """How the order stands: "1 of 3 parcels has arrived, 2 are with the carrier."; the hour as `held_until` has it."""
    if order == OrderState.PENDING:
        return f"Waiting for payment. Held for you until {held_until:%H:%M}."
    if order in OVER:
        return OVER[order]
    going = [parcel for parcel in parcels if parcel != ParcelState.CANCELLED]
    gone = len(parcels) - len(going)
    said = _of_parcels(going)
    return f"{said} {gone} {'parcel was' if gone == 1 else 'parcels were'} cancelled." if gone else said


def _of_parcels(parcels: Sequence[ParcelState]) -> str:
    if len(parcels) == 1:
        return _ONE[parcels[0]]
    if len(set(parcels)) == 1:
        count = len(parcels)
        return _ALL[parcels[0]].format(count=count, all="Both" if count == 2 else f"All {count}")
    parts = [
        f"{count} {words[0] if count == 1 else words[1]}"
        for state, words in _PART.items()
        if (count := list(parcels).count(state))
    ]
    first, *rest = parts
    furthest, said = first.split(" ", 1)
    return ", ".join([f"{furthest} of {len(parcels)} parcels {said}", *rest]) + "."


def ticket(order: OrderState, parcel: Standing, verb: str = "Arrives") -> Ticket:
    """Where the promise of one parcel stands."""
    if order == OrderState.PENDING:
        return Ticket("Would arrive", parcel.promised_on)
    if parcel.state == ParcelState.DELIVERED:
        return _arrived(parcel)
    if order in OVER and not (order == OrderState.RETURNED and parcel.state == ParcelState.CANCELLED):
        words = "not paid in time" if order == OrderState.EXPIRED else str(order)
        return Ticket("Order", text=words)
    if parcel.state == ParcelState.CANCELLED:
        return Ticket("Parcel", text="cancelled")
    if parcel.due_on > parcel.promised_on:
        return Ticket("Now", parcel.due_on, "late", parcel.promised_on)
    if parcel.promised_on < today():
        return Ticket("Late, promised", parcel.promised_on, "late")
    return Ticket(verb, parcel.promised_on)


def _arrived(parcel: Standing) -> Ticket:
    if parcel.arrived_on is None:  # of an order from before parcels were followed
        return Ticket("Promised", parcel.promised_on)
    if parcel.days_late > 0:
        return Ticket("Arrived", parcel.arrived_on, "late", parcel.promised_on)
    return Ticket("Arrived", parcel.arrived_on, "kept")


def order_ticket(order: OrderState, parcels: Sequence[Standing]) -> Ticket:
    """The one ticket of an order in a list: of the next parcel to come, else of the one that came worst."""
    going = [parcel for parcel in parcels if parcel.is_going]
    live = [parcel for parcel in parcels if parcel.state != ParcelState.CANCELLED]
    if going:
        soonest = min(going, key=lambda parcel: parcel.due_on)
        is_one_day = len({parcel.due_on for parcel in live}) == 1
        if order == OrderState.PENDING and not is_one_day:
            return Ticket("Would arrive from", soonest.promised_on)
        return ticket(order, soonest, "Arrives" if is_one_day else "Next parcel")
    return ticket(order, max(live or parcels, key=lambda parcel: (parcel.days_late > 0, parcel.arrived_on or date.min)))


def outcome(parcel: Standing) -> str:
    """Whether the promise was kept: "Arrived a day early, we said Thu 26 Nov." "" while that is open."""
    said = f"we said {day(parcel.promised_on)}"
    if parcel.state == ParcelState.DELIVERED and parcel.arrived_on:
        late = parcel.days_late
        if not late:
            return f"Promise kept: {said}."
        count = "a day" if abs(late) == 1 else f"{abs(late)} days"
        return f"Arrived {count} {'late' if late > 0 else 'early'}: {said}."
    if parcel.is_going and parcel.due_on > parcel.promised_on:
        return f"It comes later than promised: {said}, now it should be {day(parcel.due_on)}."
    if parcel.is_going and parcel.promised_on < today():
        return f"It is late: {said}."
    return ""
