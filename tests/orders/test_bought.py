"""The VAT of an order is shared among its lines and deliveries to the cent, each at its own rate."""

import random
from decimal import Decimal

import pytest

from app.infra.database import execute, fetch_one
from app.orders.bought import BoughtLine, Delivered, bought
from app.orders.cancelling import cancel
from tests.orders.sending import line_ids, paid, paid_apart
from tests.world import World


@pytest.mark.parametrize(("seed", "prices"), [(seed, "gross") for seed in range(4)] + [(4, "net"), (5, "net")])
async def test_vat_adds_up_at_several_rates_and_goes_back_to_the_cent(
    request: pytest.FixtureRequest, world: World, seed: int, prices: str
) -> None:
    if prices == "net":
        request.getfixturevalue("net_prices")
    chance = random.Random(seed)
    await execute(
        """INSERT INTO tax_rate (country, category, percent, valid_from, set_at)
           VALUES ('PT', $1, 6, '2020-01-01', now()), ('PT', NULL, 23, '2020-01-01', now())""",
        world.categories["mugs-and-cups"],
    )
    goods = [
        await world.product(
            f"Thing {n}", stock={"LIS": 50}, category=chance.choice(["mugs-and-cups/mugs", "lighting/desk-lamps"])
        )
        for n in range(4)
    ]
    order = await (paid if seed % 2 else paid_apart)(world, *goods, quantity=chance.randint(1, 3))
    row = await fetch_one("SELECT total_minor, vat_minor FROM shop_order")
    parcels = await bought(order.id)
    parts: list[BoughtLine | Delivered] = [line for parcel in parcels for line in parcel.lines]
    parts += [part for parcel in parcels for part in parcel.delivery]
    assert row
    assert sum(each.amount_minor for each in parts) == row["total_minor"]
    assert sum(each.vat_minor for each in parts) == row["vat_minor"]
    for each in parts:
        exact = each.amount_minor * each.vat_percent / (100 + each.vat_percent)
        assert abs(each.vat_minor - exact) <= Decimal("1.5")
    ids = await line_ids(order)
    chance.shuffle(ids)
    for line in ids:
        await cancel(order.id, [line], "shopper")
    back = await fetch_one("SELECT sum(amount_minor)::bigint AS minor, sum(vat_minor)::bigint AS vat FROM credit_note")
    assert back and (back["minor"], back["vat"]) == (row["total_minor"], row["vat_minor"])
