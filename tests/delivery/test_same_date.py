"""One date from the search to the order: whatever the product, the place and the moment."""

import re
from datetime import datetime, time, timedelta

import httpx
import pytest

from app.delivery import estimate
from app.infra import clock
from app.infra.database import execute, fetch, fetch_one
from tests.checkout.shopping import ADDRESS, fill_cart, hidden, take_delivery
from tests.delivery.portugal import AZORES, at
from tests.search.conftest import Reindex
from tests.world import Goods, World

PLACES = ("1200-109", "4000-001", "9500-150")
MOMENTS = (
    at("2026-03-27 14:59"),  # a minute before the cut-off, two days before the clocks go forward
    at("2026-03-27 15:00"),
    at("2026-03-29 01:30", AZORES),  # an hour after the gap, which the mainland has had, too
    at("2026-10-25 00:30", AZORES),  # an hour that comes twice there
    at("2026-10-23 23:30", AZORES),  # the next day in Lisboa
    at("2026-11-30 15:00"),  # tomorrow is a holiday at both ends
    at("2026-06-01 10:00", AZORES),  # a holiday of the Azores alone
    at("2026-12-31 16:00"),  # the next working day is another year's
)


@pytest.fixture
async def goods(world: World, reindex: Reindex) -> list[Goods]:
    """Products in one warehouse and in several, with handling days and without; one warehouse lies in the Azores."""
    row = await fetch_one(
        """INSERT INTO warehouse (code, name, place, postcode, timezone, cutoff, handling_days, working_days,
                                  holiday_country, holiday_subdivision)
           VALUES ('PDL', 'Ponta Delgada', 'Ponta Delgada', '9500-321', 'Atlantic/Azores', $1, 0, '{0,1,2,3,4}', 'PT',
                   '20') RETURNING id""",
        time(12),
    )
    assert row
    world.warehouses["PDL"] = row["id"]
    await execute(
        """INSERT INTO zone (code, name, holiday_subdivision, delivery_days)
           VALUES ('acores', 'Azores', '20', '{0,1,3}')"""
    )
    await execute(
        """INSERT INTO postcode_area (prefix, place, zone)
           SELECT '95', 'Ponta Delgada', id FROM zone WHERE code = 'acores'"""
    )
    await execute(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor)
           SELECT w.id, z.id, s.id, CASE WHEN w.code = 'PDL' AND z.code = 'acores' THEN 1 ELSE 4 END, 690
           FROM warehouse w, zone z, service_level s
           WHERE s.code = 'standard' AND (w.code = 'PDL' OR z.code = 'acores')"""
    )
    await execute(
        """INSERT INTO surcharge (first_day, last_day, extra_days, reason)
           VALUES ('2026-12-02', '2026-12-04', 2, 'Christmas')"""
    )
    estimate.forget()
    made = [
        await world.product("Alcova lamp", stock={"LIS": 500}),
        await world.product("Barro mug", stock={"LIS": 500, "OPO": 500, "PDL": 500}, handling_days=1),
        await world.product("Cesto basket", stock={"PDL": 500}, handling_days=2, supplier="Três Irmãs"),
    ]
    await reindex()
    return made


def days(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.url
    return set(re.findall(r'<time class="promise-day" datetime="([^"]+)"', answer.text))


def ticket(answer: httpx.Response) -> str:
    """The day in the product's own box; other products stand further down."""
    found = re.search(r'class="promise-box">.*?<time class="promise-day" datetime="([^"]+)"', answer.text, re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.isoformat())
async def test_every_page_and_the_order_say_the_same_day(
    client: httpx.AsyncClient, goods: list[Goods], place: str, moment: datetime
) -> None:
    for number, each in enumerate(goods):
        client.cookies.clear()
        with clock.frozen(moment):
            await client.post("/delivery/postcode", data={"postcode": place, "next": "/"})
            found = days(await client.get("/search", params={"q": ("alcova", "barro", "cesto")[number]}))
            assert len(found) == 1
            assert ticket(await client.get(f"/p/{each.slug}")) in found
            await fill_cart(client, each)
            assert days(await client.get("/cart")) == found
            delivery = await client.post("/checkout/address", data={**ADDRESS, "postcode": place})
            assert found <= days(delivery)
            payment = await take_delivery(client, delivery)
            assert days(payment) == found
            await client.post("/orders", data=hidden(payment))
        rows = await fetch("SELECT number FROM shop_order ORDER BY id DESC LIMIT 1")
        with clock.frozen(moment + timedelta(minutes=5)):
            assert days(await client.get(f"/orders/{rows[0]['number']}")) == found
