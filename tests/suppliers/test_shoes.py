"""A real shop's feed, ten versions in order: what each adds, changes and withdraws, worked out from the XML alone."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree

from tests import shared_data
from tests.suppliers.line import offers, rate, send_and_take, unpacked
from tests.world import World

RATE = "1.1300"
G = "{http://base.google.com/ns/1.0}"
# What a shopper can see of a product comes from these; its address in the supplier's own shop does not.
NAMES = ("price", "availability", "image_link", "brand", "product_type", "size", "age_group")
SEEN = ("title", "description", *[G + name for name in NAMES])

Item = tuple[str | None, ...]


def items(feed: bytes) -> dict[str, Item]:
    found = ElementTree.fromstring(feed).iter("item")
    return {str(item.findtext(f"{G}id")): tuple(item.findtext(name) for name in SEEN) for item in found}


def euro_cents(price: str) -> int:
    return int((Decimal(price.split()[0]) * 100 / Decimal(RATE)).quantize(Decimal(1), ROUND_HALF_UP))


def versions() -> list[Path]:
    return sorted(shared_data.path("feeds/google-merchant").glob("shoes-*.xml.gz"))


async def test_every_version_of_the_shoe_feed_adds_changes_and_withdraws_exactly_what_it_says(world: World) -> None:
    supplier = await world.supplier("Groundies")
    await rate("USD", RATE)
    before: dict[str, Item] = {}
    for path in versions():
        progress = await send_and_take(supplier, path.read_bytes())
        now = items(unpacked(path))
        added, gone = now.keys() - before.keys(), before.keys() - now.keys()
        changed = {sku for sku in now.keys() & before.keys() if now[sku] != before[sku]}
        assert progress.state == "finished", path.name
        assert (progress.received, progress.rejected) == (len(now), 0), path.name
        assert (progress.applied, progress.withdrawn) == (len(added) + len(changed), len(gone)), path.name
        assert progress.unchanged == len(now) - len(added) - len(changed), path.name
        on_sale = await offers(supplier)
        assert on_sale.keys() == now.keys(), path.name
        assert {sku: offer["price_minor"] for sku, offer in on_sale.items()} == {
            sku: euro_cents(str(item[2])) for sku, item in now.items()
        }, path.name
        before = now


async def test_the_same_file_again_changes_nothing_and_says_so(world: World) -> None:
    supplier = await world.supplier("Groundies")
    await rate("USD", RATE)
    content = versions()[0].read_bytes()
    first = await send_and_take(supplier, content)
    second = await send_and_take(supplier, content)
    assert (second.state, second.applied, second.withdrawn) == ("unchanged", 0, 0)
    assert (second.received, second.unchanged, second.searchable) == (first.received, first.received, first.received)
