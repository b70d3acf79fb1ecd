"""Until when things are held is said by the clock of where they go to, on the order's page as in its mail."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.delivery import estimate
from app.delivery.clocks import clock_of
from app.infra.database import fetch_one
from tests.checkout.shopping import ADDRESS, fill_cart, hidden, take_delivery, words
from tests.notifications.events import written
from tests.world import World

MADRID = ADDRESS | {"country": "ES", "line1": "Calle Mayor 1", "postcode": "28013", "region": "M"}


@pytest.mark.parametrize(
    ("country", "postcode", "clock"),
    [
        ("PT", "1200-109", "Europe/Lisbon"),
        ("PT", "9000-001", "Europe/Lisbon"),  # Madeira
        ("PT", "9500-150", "Atlantic/Azores"),
        ("ES", "28013", "Europe/Madrid"),
        ("ES", "35001", "Atlantic/Canary"),
        ("ES", "38001", "Atlantic/Canary"),
        ("DE", "10117", "Europe/Berlin"),
        ("IE", "D01 X2X2", "Europe/Dublin"),
        ("US", "94043", "Europe/Lisbon"),  # it has many: the shop's own
        ("XX", "", "Europe/Lisbon"),
    ],
)
def test_a_place_has_the_clock_of_its_country_or_island(country: str, postcode: str, clock: str) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert noon.astimezone(clock_of(country, postcode)).isoformat() == noon.astimezone(ZoneInfo(clock)).isoformat()


async def test_page_list_and_mail_say_the_same_hour(client: httpx.AsyncClient, world: World) -> None:
    await world.abroad()
    estimate.forget()
    await fill_cart(client, await world.product())
    delivery = await client.post("/checkout/address", data=MADRID)
    payment = await take_delivery(client, delivery)
    await client.post("/orders", data=hidden(payment))
    row = await fetch_one("SELECT number, reserved_until FROM shop_order")
    assert row
    said = f"eld for you until {row['reserved_until'].astimezone(ZoneInfo('Europe/Madrid')):%H:%M}"
    for path in (f"/orders/{row['number']}", "/orders"):
        assert said in words(await client.get(path)), path
    (mail,) = await written()
    assert f"{said} (Madrid time)." in mail["text"]
