"""Operators see how promises are kept, and hold a lane."""

from app.admin.kept_chart import HEIGHT, chart
from app.delivery.transit.kept import Tally
from app.infra import clock
from app.infra.database import fetch
from tests.accounts.people import Client
from tests.delivery.portugal import at
from tests.delivery.transit.test_learning import travelled

OPERATOR = "rui@example.pt"
HOLD = "/admin/delivery/kept/hold"
LANE = {"warehouse": "LIS", "zone": "porto", "level": "standard"}


async def test_an_empty_shop_says_what_is_missing(desk: Client) -> None:
    text = (await desk.get("/admin/delivery/kept")).text
    assert "No promised day has come yet" in text and "Nothing is learned yet" in text


async def test_the_page_shows_lanes_weeks_and_the_one_warehouse_asked_for(desk: Client) -> None:
    await travelled(1)
    with clock.frozen(at("2026-11-20 12:00")):
        text = (await desk.get("/admin/delivery/kept")).text
        assert "<polyline" in text and "<b>LIS</b> to Porto" in text and "<b>OPO</b>" in text
        assert "<b>LIS</b>" not in (await desk.get("/admin/delivery/kept?warehouse=OPO")).text
        assert (await desk.get("/admin/delivery/kept?warehouse=%00&warehouse=<b>")).status_code == 200


async def test_a_lane_is_held_and_let_go(desk: Client) -> None:
    for held, expected in (("yes", True), ("yes", True), ("", False)):
        answer = await desk.post(HOLD, data={**LANE, "held": held, "next": "//evil.example"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin/delivery/kept")
        assert [row["is_held"] for row in await fetch("SELECT is_held FROM transit_time")] == [expected]
    for wrong in ({"zone": "x\x00"}, {"level": "by boat"}, {"warehouse": ""}):
        assert (await desk.post(HOLD, data={**LANE, **wrong, "held": "yes"})).status_code == 404


def test_a_chart_breaks_where_a_week_has_nothing() -> None:
    some = Tally(10, 9, 10, 30, 40)
    found = chart([some, some, Tally(), some])
    assert found
    assert len(found.promised) == 2 and found.ticks[0] == (0, HEIGHT) and found.ticks[-1][1] == 0
    assert chart([Tally()] * 12) is None
