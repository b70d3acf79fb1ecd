"""Real feeds all the way into the catalogue; what should come of each is worked out from the file alone."""

import csv
import gzip
import io
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.etree import ElementTree

import pytest

from app.infra.clock import now
from app.infra.database import execute
from app.suppliers.cutting import cut
from app.suppliers.formats import Limits
from app.suppliers.judging import context_of
from app.suppliers.progress import Progress
from tests import shared_data
from tests.suppliers.line import offers, rate, send_and_take
from tests.world import World

G = "{http://base.google.com/ns/1.0}"
RATES = {"INR": "98.0000", "RON": "5.0000", "USD": "1.1300"}
UNSAID = "There is neither stock nor availability in this feed, so all its products count as available."


def euro_cents(amount: str, currency: str) -> int:
    plain = Decimal(re.sub(r"[^0-9.]", "", amount))
    return int((plain * 100 / Decimal(RATES[currency])).quantize(Decimal(1), ROUND_HALF_UP))


async def taken(world: World, content: bytes, currency: str = "EUR") -> tuple[int, Progress]:
    supplier = await world.supplier("A real shop")
    await execute("UPDATE supplier SET currency = $2 WHERE id = $1", supplier, currency)
    for code, per_euro in RATES.items():
        await rate(code, per_euro)
    return supplier, await send_and_take(supplier, content)


async def all_problems(supplier: int, content: bytes) -> list[tuple[int, str, str]]:
    """Line, severity and reason of everything that there is to say of a feed, more than a report has room for."""
    context = await context_of({"supplier": supplier, "created_at": now()})
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        found = [problem for portion in cut(Path(file.name), context, Limits()) for problem in portion.problems]
    return [(problem.line, problem.severity, problem.reason) for problem in found]


async def test_the_toy_shop_s_products_are_on_sale_at_their_sale_prices(world: World) -> None:
    path = shared_data.path("feeds/google-merchant/toys-ro.xml")
    items = list(ElementTree.parse(path).iter("item"))
    asked = {
        str(item.findtext(f"{G}id")): item.findtext(f"{G}sale_price") or item.findtext(f"{G}price") for item in items
    }
    supplier, said = await taken(world, path.read_bytes())
    assert (said.state, said.received, said.rejected, said.applied) == ("finished", len(items), 0, len(items))
    on_sale = await offers(supplier)
    assert {sku: offer["price_minor"] for sku, offer in on_sale.items()} == {
        sku: euro_cents(str(price), "RON") for sku, price in asked.items()
    }
    said_of = [reason for _, _, reason in await all_problems(supplier, path.read_bytes())]
    for foreign in {str(item.findtext(f"{G}google_product_category")) for item in items}:
        assert any(reason.startswith(f"“{foreign}” is not a category") for reason in said_of), foreign


@pytest.mark.parametrize("name", ["apparel", "jewelery"])
async def test_shopify_s_samples_are_on_sale_variant_by_variant(world: World, name: str) -> None:
    path = shared_data.path(f"feeds/shopify/{name}.csv")
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Variant Price"]]
    supplier, said = await taken(world, path.read_bytes(), "USD")
    assert (said.state, said.received, said.rejected, said.applied) == ("finished", len(rows), 0, len(rows))
    on_sale = await offers(supplier)
    assert sorted(offer["price_minor"] for offer in on_sale.values()) == sorted(
        euro_cents(row["Variant Price"], "USD") for row in rows
    )
    assert all(offer["on_hand"] > 0 for offer in on_sale.values())  # nobody counts stock in these shops
    assert len({offer["product"] for offer in on_sale.values()}) == len({row["Handle"] for row in rows})


async def test_the_mixed_catalogue_goes_in_but_for_what_has_no_price_or_comes_twice(world: World) -> None:
    content = gzip.decompress(shared_data.path("catalogues/mixed-11k.csv.gz").read_bytes())
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    priceless, free, again, asked = [], [], [], dict[str, str]()
    for line, row in enumerate(rows, 2):
        link, price = row["link"].partition("?")[0], row["discount_price"] or row["actual_price"]
        if not price:
            priceless.append(line)
        elif price == "₹0":
            free.append(line)
        elif link in asked:
            again.append(line)
        else:
            asked[link] = price
    supplier, said = await taken(world, content, "INR")
    assert (said.state, said.received, said.rejected) == ("finished", len(rows), len(priceless + free + again))
    rejections = [
        (line, reason) for line, severity, reason in await all_problems(supplier, content) if severity == "rejected"
    ]
    assert [line for line, reason in rejections if reason == "There is no price."] == priceless
    assert [line for line, reason in rejections if reason == "A price must be more than zero."] == free
    assert [line for line, reason in rejections if reason.startswith("Same ")] == again
    assert len(rejections) == len(priceless + free + again)
    on_sale = await offers(supplier)
    assert Counter(offer["price_minor"] for offer in on_sale.values()) == Counter(
        euro_cents(price, "INR") for price in asked.values()
    )
    assert all(offer["on_hand"] > 0 for offer in on_sale.values())
    assert (0, "warned", UNSAID) in await all_problems(supplier, content)


async def test_a_catalogue_without_prices_is_refused_with_the_reason(world: World) -> None:
    _, said = await taken(world, shared_data.path("catalogues/electronics-48k.csv.gz").read_bytes())
    assert (said.state, said.received, said.applied) == ("failed", 0, 0)
    assert said.failure.startswith("There is no column with the price.")
