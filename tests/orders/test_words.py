"""What is said of an order: in words, on the ticket, and along its way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.infra.clock import frozen
from app.orders.tables import OrderState, ParcelState, TrackingKind
from app.orders.timeline import Happened, timeline
from app.orders.words import Standing, Ticket, order_ticket, outcome, sentence, ticket

THURSDAY = date(2026, 11, 26)
UNTIL = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
W, P, S, D, C = ParcelState


@pytest.mark.parametrize(
    ("state", "parcels", "words"),
    [
        ("pending", [W], "Waiting for payment. Held for you until 12:30."),
        ("paid", [W], "Paid. The seller packs it now."),
        ("paid", [W, W], "Paid. The sellers pack 2 parcels now."),
        ("paid", [D, W], "1 of 2 parcels has arrived, 1 is being packed."),
        ("paid", [W, S, S, P], "2 of 4 parcels are with the carrier, 1 is packed, 1 is being packed."),
        ("shipped", [S, D, C], "1 of 2 parcels has arrived, 1 is with the carrier. 1 parcel was cancelled."),
        ("shipped", [S, S], "2 parcels are with the carrier."),
        ("delivered", [D, D, C, C], "Both parcels have arrived. 2 parcels were cancelled."),
        ("cancelled", [C], "It was cancelled."),
        ("expired", [W], "It was not paid in time, so nothing was ordered."),
    ],
)
def test_a_sentence_says_how_an_order_stands(state: OrderState, parcels: list[ParcelState], words: str) -> None:
    assert sentence(OrderState(state), parcels, UNTIL) == words


def test_promises_kept_and_missed_are_said() -> None:
    said = {
        arrived: outcome(Standing(D, THURSDAY, arrived_on=THURSDAY + timedelta(days=arrived))) for arrived in (0, -1, 2)
    }
    assert said == {
        0: "Promise kept: we said Thu 26 Nov.",
        -1: "Arrived a day early: we said Thu 26 Nov.",
        2: "Arrived 2 days late: we said Thu 26 Nov.",
    }


def test_what_is_not_late_yet_says_nothing() -> None:
    with frozen(datetime(2026, 11, 26, 20, tzinfo=UTC)):
        assert outcome(Standing(S, THURSDAY)) == ""
        assert ticket(OrderState.SHIPPED, Standing(S, THURSDAY)) == Ticket("Arrives", THURSDAY)
    with frozen(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        assert outcome(Standing(S, THURSDAY)) == "It is late: we said Thu 26 Nov."
        assert ticket(OrderState.SHIPPED, Standing(S, THURSDAY)).state == "late"
        assert outcome(Standing(C, THURSDAY)) == ""


def test_a_late_day_is_shown_beside_the_promised_one() -> None:
    friday = date(2026, 11, 27)
    late = Ticket("Now", friday, "late", THURSDAY)
    assert ticket(OrderState.SHIPPED, Standing(S, THURSDAY, expected_on=friday)) == late
    assert ticket(OrderState.DELIVERED, Standing(D, THURSDAY, None, friday)) == Ticket(
        "Arrived", friday, "late", THURSDAY
    )


def test_an_order_in_a_list_shows_the_next_parcel_or_the_worst_arrival() -> None:
    next_week = Standing(W, date(2026, 12, 3))
    arrived = Standing(D, THURSDAY, None, THURSDAY)
    late = Standing(D, THURSDAY, None, date(2026, 11, 30))
    gone = Standing(C, date(2026, 11, 25))
    with frozen(datetime(2026, 11, 26, 9, tzinfo=UTC)):
        assert order_ticket(OrderState.PAID, [arrived, next_week, gone]) == Ticket("Next parcel", date(2026, 12, 3))
        assert order_ticket(OrderState.PAID, [next_week, next_week]) == Ticket("Arrives", date(2026, 12, 3))
        assert order_ticket(OrderState.DELIVERED, [late, arrived]).state == "late"
        assert order_ticket(OrderState.DELIVERED, [arrived, gone]).state == "kept"
        assert order_ticket(OrderState.CANCELLED, [gone]).text == "cancelled"
    assert ticket(OrderState.RETURNED, gone) == Ticket("Parcel", text="cancelled")


def test_an_unpaid_order_says_in_a_list_what_its_page_says() -> None:
    first, same, later = (Standing(W, day) for day in (THURSDAY, THURSDAY, date(2026, 12, 3)))
    assert ticket(OrderState.PENDING, first) == Ticket("Would arrive", THURSDAY)
    assert order_ticket(OrderState.PENDING, [first, same]) == Ticket("Would arrive", THURSDAY)
    assert order_ticket(OrderState.PENDING, [first, later]) == Ticket("Would arrive from", THURSDAY)


def at(hour: int) -> datetime:
    return datetime(2026, 11, 24, hour, tzinfo=UTC)


def test_a_timeline_tells_the_way_scan_by_scan_and_what_is_to_come() -> None:
    happened = [
        Happened(OrderState.PENDING, at(9)),
        Happened(OrderState.PAID, at(10)),
        Happened(P, at(11)),
        Happened(S, at(12)),
        Happened(TrackingKind.HANDED_OVER, at(12)),
        Happened(TrackingKind.IN_TRANSIT, at(14)),
        Happened(TrackingKind.OUT_FOR_DELIVERY, at(15), "Porto"),
    ]
    found = [(step.words, step.state) for step in timeline(happened, "Três Irmãs", THURSDAY)]
    assert found == [
        ("Ordered", "done"),
        ("Paid", "done"),
        ("Packed by Três Irmãs", "done"),
        ("With the carrier", "done"),
        ("On the road", "done"),
        ("Out for delivery in Porto", "done"),
        ("On the way to you", "now"),
    ]
    assert timeline(happened, "Três Irmãs", THURSDAY)[-1].at == THURSDAY


def test_a_timeline_ends_where_the_parcel_does() -> None:
    paid = [Happened(OrderState.PENDING, at(9)), Happened(OrderState.PAID, at(10))]
    cancelled = timeline([*paid, Happened(C, at(11)), Happened(OrderState.CANCELLED, at(11))], "x", THURSDAY)
    assert [step.words for step in cancelled] == ["Ordered", "Paid", "Cancelled"]
    others = [Happened(each, at(12)) for each in (OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)]
    alone = timeline([*paid, Happened(C, at(11)), *others], "x", THURSDAY, is_cancelled=True)
    assert [step.words for step in alone] == ["Ordered", "Paid", "Cancelled"], "the other parcels' way is not its own"
    packed = [*paid, Happened(ParcelState.PACKED, at(11)), Happened(C, at(12)), *others]
    unpacked = timeline(packed, "x", THURSDAY, is_cancelled=True)
    assert [step.words for step in unpacked] == ["Ordered", "Paid", "Packed by x", "Cancelled"]
    late_money = [Happened(OrderState.PENDING, at(9)), Happened(OrderState.EXPIRED, at(10))]
    assert timeline(late_money, "x", THURSDAY)[-1].words == "Not paid in time"
    rescued = timeline([*late_money, Happened(OrderState.PAID, at(11))], "x", THURSDAY)
    assert [step.words for step in rescued][-4:] == [
        "Paid",
        "Being packed by x",
        "With the carrier",
        "At your door",
    ]
