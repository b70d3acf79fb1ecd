"""Rules by which a supplier's rows become products, variants, offers and stock."""

import json
import uuid

from app.catalog.skus import sku_of
from app.catalog.slugs import slug_of
from app.events.event import Event
from app.infra.database import execute, fetch, fetch_one
from app.inventory.events import take_offers
from app.suppliers.reading import read_feed
from tests.suppliers.line import offers, product_events, rate, row, send, send_and_take, take_all
from tests.world import World

GTIN = "5601234567892"


async def test_a_row_becomes_a_product_with_a_variant_an_offer_and_stock(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=7, colour="Bottle green", handling_days="2")])
    offer = (await offers(supplier))["L1"]
    assert (offer["price_minor"], offer["handling_days"], offer["on_hand"]) == (4890, 2, 7)
    assert offer["slug"] == "alcova-desk-lamp"
    assert offer["our_sku"] == sku_of(offer["variant"])
    assert json.loads(offer["options"]) == {"Colour": "Bottle green"}
    assert offer["image"].startswith("/art/lamp-task-")


async def test_two_products_of_one_name_have_different_addresses(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1"), row("L2")])
    slugs = sorted(offer["slug"] for offer in (await offers(supplier)).values())
    assert slugs[0] == "alcova-desk-lamp"
    assert slugs[1].startswith("alcova-desk-lamp-")


async def test_rows_of_a_group_are_variants_of_one_product_named_by_what_they_share(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(
        supplier,
        [
            row("V-42", "Vela runner - 42", group="V", size="42"),
            row("V-43", "Vela runner - 43", group="V", size="43"),
        ],
    )
    found = await offers(supplier)
    assert found["V-42"]["product"] == found["V-43"]["product"]
    assert found["V-42"]["name"] == "Vela runner"


async def test_two_suppliers_with_one_gtin_are_one_product_with_two_offers(world: World) -> None:
    first, second = await world.supplier("Oficina do Vale"), await world.supplier("Casa Pratas")
    await send_and_take(first, [row("A", gtin=GTIN)])
    await send_and_take(second, [row("B", "Somebody's lamp", "45.00", gtin=GTIN, description="Other words")])
    mine, theirs = (await offers(first))["A"], (await offers(second))["B"]
    assert mine["variant"] == theirs["variant"]
    assert theirs["name"] == "Alcova desk lamp"  # the first supplier's feed decides
    assert (mine["price_minor"], theirs["price_minor"]) == (4890, 4500)


async def test_an_offer_whose_gtin_is_taken_back_leaves_the_product_of_the_other_supplier(world: World) -> None:
    first, second = await world.supplier(), await world.supplier("Casa Pratas")
    await send_and_take(first, [row("A", gtin=GTIN)])
    await send_and_take(second, [row("B", "Kettle", gtin=GTIN), row("C", "Jug", gtin="")])
    await send_and_take(second, [row("B", "Kettle", gtin=""), row("C", "Jug", gtin="")])
    lamp, theirs = (await offers(first))["A"], await offers(second)
    assert (lamp["name"], lamp["gtin"]) == ("Alcova desk lamp", GTIN)
    assert (theirs["B"]["name"], theirs["B"]["gtin"], theirs["B"]["on_hand"]) == ("Kettle", None, 5)
    assert len({lamp["product"], theirs["B"]["product"], theirs["C"]["product"]}) == 3
    assert {lamp["product"], theirs["B"]["product"]} <= set((await product_events())[-1])


async def test_one_supplier_giving_all_sizes_the_same_gtin_still_sells_each(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("S", gtin=GTIN), row("M", gtin=GTIN)])
    found = await offers(supplier)
    assert found["S"]["variant"] != found["M"]["variant"]


async def test_a_row_that_says_the_same_changes_nothing(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1"), row("L2")])
    before, told = await offers(supplier), await product_events()
    progress = await send_and_take(supplier, [row("L2"), row("L1")])
    assert (progress.state, progress.applied, progress.unchanged) == ("finished", 0, 2)
    after = await offers(supplier)
    assert {sku: offer["version"] for sku, offer in after.items()} == {sku: o["version"] for sku, o in before.items()}
    assert await product_events() == told


async def test_a_change_raises_the_version_of_its_product_only_and_tells_of_it(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1"), row("L2")])
    await send_and_take(supplier, [row("L1"), row("L2", price="52.00")])
    found = await offers(supplier)
    assert (found["L1"]["version"], found["L2"]["version"]) == (1, 2)
    assert (await product_events())[-1] == [found["L2"]["product"]]


async def test_other_variants_do_not_disturb_what_the_leading_one_says(world: World) -> None:
    supplier = await world.supplier()
    group = [row(f"V{n}", "Vela", group="V", size=str(n), description=f"Words of {n}") for n in (1, 2)]
    await send_and_take(supplier, group)
    await send_and_take(supplier, [{**group[1], "description": "New words of 2"}], "delta")
    assert (await offers(supplier))["V1"]["description"] == "Words of 1"


async def test_a_price_in_another_currency_is_converted_half_up(world: World) -> None:
    supplier = await world.supplier()
    await rate("USD", "1.1300")
    await send_and_take(supplier, [row("L1", price="139.99 USD")])
    offer = (await offers(supplier))["L1"]
    assert (offer["price_minor"], offer["source_price_minor"], offer["source_currency"]) == (12388, 13999, "USD")


async def test_in_stock_without_a_number_means_what_we_assume_of_the_supplier(world: World) -> None:
    supplier = await world.supplier()
    rows = [row("A", availability="in stock"), row("B", availability="out of stock")]
    for one in rows:
        del one["stock"]
    await send_and_take(supplier, rows)
    found = await offers(supplier)
    assert (found["A"]["on_hand"], found["B"]["on_hand"]) == (5, 0)


async def test_what_is_reserved_stays_on_hand_whatever_a_feed_says(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=5)])
    await execute("UPDATE stock SET reserved = 3")
    await send_and_take(supplier, [row("L1", stock=1)])
    assert (await offers(supplier))["L1"]["on_hand"] == 3
    await send_and_take(supplier, [row("L2")])
    stock = await fetch_one("SELECT on_hand, reserved FROM stock ORDER BY id LIMIT 1")
    assert stock is not None and (stock["on_hand"], stock["reserved"]) == (3, 3)


async def test_a_warehouse_that_a_row_names_no_more_has_none_left(world: World) -> None:
    supplier = await world.supplier()
    both = {**row("L1"), "stock:LIS": "2", "stock:OPO": "3"}
    del both["stock"]
    await send_and_take(supplier, [both])
    assert (await offers(supplier))["L1"]["on_hand"] == 5
    del both["stock:OPO"]
    await send_and_take(supplier, [both])
    stock = await fetch("SELECT on_hand FROM stock ORDER BY warehouse")
    assert sorted(one["on_hand"] for one in stock) == [0, 2]


async def test_what_a_full_feed_leaves_out_is_withdrawn_until_a_feed_lists_it_again(
    world: World,
) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    progress = await send_and_take(supplier, [row("A")])
    assert progress.withdrawn == 1
    assert set(await offers(supplier)) == {"A"}
    back = await send_and_take(supplier, [row("A"), row("B")])
    assert (back.applied, back.unchanged) == (1, 1)
    assert (await offers(supplier))["B"]["on_hand"] == 5


async def test_a_delta_withdraws_nothing(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    await send_and_take(supplier, [row("A", price="9.00")], "delta")
    assert set(await offers(supplier)) == {"A", "B"}


async def test_a_rejected_row_is_not_missing_from_its_feed(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    progress = await send_and_take(supplier, [row("A"), row("B", price="48,9O")])
    assert (progress.rejected, progress.withdrawn) == (1, 0)
    assert (await offers(supplier))["B"]["price_minor"] == 4890


async def test_a_batch_that_arrives_twice_is_applied_once(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, [row("A")])
    await read_feed(feed)
    outbox = await fetch("SELECT event_id, topic, key, payload FROM outbox WHERE topic = 'offers' ORDER BY id")
    batch = Event(outbox[0]["event_id"], "offers", outbox[0]["key"], json.loads(outbox[0]["payload"]))
    await take_offers([batch])
    await take_offers([batch])
    await take_all()
    applied = await fetch("SELECT applied FROM applied_batch WHERE number = 0")
    assert [one["applied"] for one in applied] == [1]
    assert len(await fetch("SELECT 1 FROM product")) == 1


async def test_an_older_feed_never_overwrites_a_newer_one(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, [row("A", price="10.00")])
    await read_feed(feed)
    late = await fetch_one("SELECT payload FROM outbox WHERE topic = 'offers' ORDER BY id LIMIT 1")
    assert late is not None
    await execute("INSERT INTO offer_batch (feed, number, rows) SELECT feed, 7, rows FROM offer_batch")
    await take_all()
    newer = await send_and_take(supplier, [row("A", price="20.00")])
    await take_offers([Event(uuid.uuid4(), "offers", str(supplier), {**json.loads(late["payload"]), "number": 7})])
    offer = (await offers(supplier))["A"]
    assert (offer["price_minor"], offer["feed"]) == (2000, newer.id)


def test_slugs_are_plain_letters_whatever_the_name() -> None:
    assert slug_of("GROUNDIES® Nova “Olá” Straße") == "groundies-nova-ola-strasse"
    assert slug_of("Saint George’s sword") == "saint-georges-sword"
    assert slug_of("茶碗") == "product"
    assert len(slug_of("word " * 100)) <= 120


def test_our_skus_are_short_and_never_the_same() -> None:
    skus = {sku_of(number) for number in range(1, 20_000)}
    assert len(skus) == 19_999
    assert all(len(sku) == 8 for sku in skus)
