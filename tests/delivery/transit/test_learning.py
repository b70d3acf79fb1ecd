"""From parcels in the tables to the dates that shoppers are promised."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.delivery import estimate
from app.delivery.transit import carrier_file
from app.delivery.transit.carrier_file import FileUnusable
from app.delivery.transit.holding import hold
from app.delivery.transit.kept import kept
from app.delivery.transit.learning import learn_transit_times
from app.delivery.transit.records import Heard, Sent, note_heard, note_sent
from app.infra import clock
from app.infra.database import execute, fetch, fetch_one
from tests.accounts.people import person
from tests.delivery.portugal import at
from tests.world import World

NOW = at("2026-11-27 12:00")
TUESDAY = at("2026-11-24 10:00")


async def promised(zone: str = "porto") -> date | None:
    estimate.forget()
    found = (await estimate.delivery_map()).promise(["LIS"], 0, zone, TUESDAY)
    return found.date if found else None


async def travelled(late: int, count: int = 300, postcode: str = "4000-001") -> None:
    """Parcels from LIS that came so many days after the promised one, of which the last weeks have seen many."""
    delivery = await estimate.delivery_map()
    place = delivery.place_of(postcode)
    assert place
    sent = []
    for number in range(count):
        ordered = NOW - timedelta(days=14 + number % 60)
        promise = delivery.promise(["LIS"], 0, place.zone, ordered)
        assert promise
        arrived = promise.date + timedelta(days=late)
        sent.append(Sent(f"{postcode}-{number}", "LIS", postcode, "standard", ordered, 0, promise.date, None, arrived))
    await note_sent(sent)


async def test_promises_get_longer_at_once_where_parcels_are_late(world: World) -> None:
    assert await promised() == date(2026, 11, 26)
    await travelled(3)
    lesson = await learn_transit_times(NOW)
    assert lesson.records == 300 and lesson.changed > 0
    later = await promised()
    assert later and later > date(2026, 11, 26)


async def test_promises_get_shorter_by_one_day_a_time(world: World) -> None:
    await execute("UPDATE lane SET transit_days = 5")
    row = await fetch_one("SELECT id FROM transit_record")
    assert row is None
    estimate.forget()
    delivery = await estimate.delivery_map()
    sent = []
    for number in range(300):
        ordered = NOW - timedelta(days=14 + number % 60)
        ships = delivery.ships_on("LIS", "porto", 0, ordered)
        assert ships
        sent.append(Sent(f"P-{number}", "LIS", "4000-001", "standard", ordered, delivered_on=ships + timedelta(days=1)))
    await note_sent(sent)
    found = []
    for _ in range(3):
        await learn_transit_times(NOW)
        row = await fetch_one(
            """SELECT t.learned_days FROM transit_time t JOIN warehouse w ON w.id = t.warehouse
               JOIN zone z ON z.id = t.zone WHERE w.code = 'LIS' AND z.code = 'porto' AND service_level = 'standard'"""
        )
        assert row
        found.append(row["learned_days"])
    assert found == [4, 3, 2]


async def test_with_few_parcels_the_days_set_by_hand_stay(world: World) -> None:
    await travelled(3, count=20)
    assert (await learn_transit_times(NOW)).lanes == 0
    assert await promised() == date(2026, 11, 26)


async def test_a_lane_that_is_held_keeps_its_days_and_both_decisions_are_in_the_history(world: World) -> None:
    operator = await person("rui@example.pt", "operator")
    await travelled(3)
    await hold(operator, "LIS", "porto", "standard", held=True)
    await hold(operator, "LIS", "porto", "standard", held=True)
    await learn_transit_times(NOW)
    assert await promised() == date(2026, 11, 26)
    await hold(operator, "LIS", "porto", "standard", held=False)
    later = await promised()
    assert later and later > date(2026, 11, 26)
    assert len(await fetch("SELECT FROM delivery_change")) == 2
    with pytest.raises(LookupError):
        await hold(operator, "LIS", "nowhere", "standard", held=True)


async def test_promises_are_counted_by_week_and_what_has_not_come_is_not_kept(world: World) -> None:
    delivery = await estimate.delivery_map()
    assert delivery
    monday = date(2026, 11, 23)
    for number, (promised_on, delivered_on, is_void) in enumerate(
        (
            (monday, monday, False),
            (monday, monday + timedelta(days=1), False),
            (monday + timedelta(days=1), None, False),
            (monday - timedelta(days=3), monday - timedelta(days=4), False),
            (monday, None, True),  # cancelled
            (date(2026, 11, 30), None, False),  # not due
        )
    ):
        parcel = Sent(f"K-{number}", "LIS", "4000-001", "standard", at("2026-11-18 10:00"), 0, promised_on)
        await note_sent([parcel])
        await note_heard([Heard(parcel.reference, None, delivered_on, is_void)])
    with clock.frozen(NOW):
        found = await kept()
    assert [(tally.due, tally.kept) for tally in found.by_week[-3:]] == [(0, 0), (1, 1), (3, 1)]
    assert found.by_week[-1].promised_days == pytest.approx((5 + 5 + 6) / 3)
    assert found.by_week[-1].taken_days == pytest.approx((5 + 6) / 2)
    assert found.lanes[0].zone == "porto" and found.lanes[0].all.share == 0.5
    with clock.frozen(NOW):
        assert (await kept("OPO")).all.due == 0


HEADER = "reference,warehouse,postcode,service_level,ordered_at,promised_on,handed_over_on,delivered_on,void\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "carrier.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


async def test_a_carrier_s_file_brings_new_parcels_and_news_of_old_ones(world: World, tmp_path: Path) -> None:
    first = file(tmp_path, HEADER + "A,LIS,4000-001,standard,2026-11-02T10:00,2026-11-04,2026-11-02,,\n")
    assert (await carrier_file.take(first)).new == 1
    second = file(tmp_path, "reference,delivered_on\nA,2026-11-05\n")
    for _ in range(2):
        taken = await carrier_file.take(second)
        assert (taken.new, taken.heard, taken.rejected) == (0, 1, [])
    row = await fetch_one("SELECT ships_on, promised_on, handed_over_on, delivered_on FROM transit_record")
    assert row
    assert tuple(row) == (date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 2), date(2026, 11, 5))


async def test_lines_that_cannot_be_used_are_named_and_keep_no_others_out(world: World, tmp_path: Path) -> None:
    lines = (
        "A,LIS,4000-001,standard,2026-11-02T10:00,,,,",
        "B,LIS,9999-999,standard,2026-11-02T10:00,,,,",  # 3: not served
        "C,XXX,4000-001,standard,2026-11-02T10:00,,,,",  # 4: no such warehouse
        "D,LIS,4000-001,by boat,2026-11-02T10:00,,,,",  # 5
        "E,,,,,,,2026-11-05,",  # 6: unknown
        ",LIS,4000-001,standard,2026-11-02T10:00,,,,",  # 7: no reference
        "F,LIS,4000-001,standard,2026-11-02T10:00,,2026-11-05,2026-11-04,",  # 8: delivered before handed over
        "G,LIS,4000-001,standard,tomorrow,,,,",  # 9
        "H,LIS,4000-001,standard,2026-11-02T10:00,,,2099-01-01,",  # 10
        "I\x00,LIS,4000-001,standard,2026-11-02T10:00,,,,",  # 11
        "J,LIS,4000-001,standard,2026-11-02T10:00,,,2026-11-03,",
    )
    taken = await carrier_file.take(file(tmp_path, HEADER + "\n".join(lines)))
    assert taken.new == 2
    assert [line for line, _ in taken.rejected] == list(range(3, 12))
    assert {row["reference"] for row in await fetch("SELECT reference FROM transit_record")} == {"A", "J"}


@pytest.mark.parametrize("text", ["", "sku,price\nA,1\n", "\x00\x00", "reference\n\udcff\udcfe"])
async def test_a_file_that_is_none_is_refused(world: World, tmp_path: Path, text: str) -> None:
    with pytest.raises(FileUnusable):
        await carrier_file.take(file(tmp_path, text))


async def test_news_of_parcels_that_nobody_knows_are_said_to_be_so(world: World) -> None:
    assert await note_heard([Heard("X", delivered_on=date(2026, 11, 2))]) == {"X"}
    noted = await note_sent([Sent("X", "LIS", "4000-001", "standard", datetime.fromisoformat("2026-11-02T10:00Z"))])
    assert (noted.new, noted.refused) == (1, {})
