"""A small market for the machine of purchases, and what must be true of its orders, worked out beside the shop."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any
from uuid import UUID

from app.accounts.owners import Owner
from app.catalog.offered import OfferRow
from app.checkout.review import Review, encode_shown
from app.discounts.tables import Kind
from app.infra.database import execute, fetch, fetch_one, transaction
from app.inventory import receiving
from app.orders.bought import bought
from app.orders.wanted import Address
from tests.discounts.codes import code
from tests.orders.wanting import MARTA
from tests.world import World

HOUSES = ("LIS", "OPO", "FAO")
Stocks = Counter[tuple[int, str]]  # (offer, warehouse) -> pieces


@dataclass(frozen=True)
class Thing:
    offer: int
    supplier: int
    price_minor: int
    stock: dict[str, int]


GOODS = (
    ("Lamp", "Oficina do Vale", 4890, {"LIS": 4, "OPO": 3, "FAO": 1}),
    ("Mug", "Oficina do Vale", 1099, {"LIS": 6}),
    ("Throw", "Casa Pratas", 333, {"OPO": 6, "FAO": 3}),
    ("Chair", "Casa Pratas", 12_345, {"FAO": 1, "LIS": 2}),
)


async def market(world: World) -> list[Thing]:
    """Four things of two suppliers in three warehouses, mugs at another rate of VAT."""
    row = await fetch_one(
        """INSERT INTO warehouse (code, name, place, postcode, timezone, holiday_subdivision)
           VALUES ('FAO', 'Faro', 'Faro', '8000-001', 'Europe/Lisbon', '') RETURNING id"""
    )
    assert row
    world.warehouses["FAO"] = row["id"]
    await execute(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor, free_from_minor)
           SELECT $1, z.id, s.id, days, price, free_from
           FROM (VALUES ('standard', 3, 290, 10000), ('express', 1, 1190, NULL)) AS made (level, days, price, free_from)
           JOIN service_level s ON s.code = made.level CROSS JOIN zone z""",
        row["id"],
    )
    await execute(
        "INSERT INTO tax_rate (country, category, percent, valid_from, set_at) VALUES ('PT', $1, 6, $2, now())",
        world.categories["mugs-and-cups"],
        date(2020, 1, 1),
    )
    things = []
    for name, supplier, price_minor, stock in GOODS:
        category = "mugs-and-cups/mugs" if name == "Mug" else "lighting/desk-lamps"
        made = await world.product(name, supplier=supplier, price_minor=price_minor, stock=stock, category=category)
        things.append(Thing(made.offer, await world.supplier(supplier), price_minor, stock))
    return things


async def codes(example: int) -> list[str]:
    """One that can be used once, one for each shopper once, and one without limits."""
    return [
        await code(f"ONE{example}", Kind.AMOUNT, 500, most_uses=1),
        await code(f"EACH{example}", Kind.PERCENT, 33, most_per_shopper=1),
        await code(f"FREE{example}", Kind.FREE_DELIVERY, None, minimum_minor=1000),
    ]


async def feed(thing: Thing, stock: dict[str, int], price_minor: int) -> None:
    """A supplier's feed says how many there are, and for how much."""
    row = OfferRow(*("",) * 5, price_minor, "EUR", *(None,) * 3, "", {}, {}, None, stock, True, None, "")
    async with transaction():
        await execute("UPDATE offer SET price_minor = $2 WHERE id = $1", thing.offer, price_minor)
        await receiving.receive(thing.supplier, {thing.offer: row})


def address(email: str, *, in_porto: bool) -> Address:
    return replace(MARTA, email=email, **({"postcode": "4000-001", "place": "Porto"} if in_porto else {}))


@dataclass(frozen=True)
class Tab:
    """The payment step as a shopper saw it; nothing has changed since when the world is as old as then."""

    owner: Owner
    review: Review
    age: int

    @property
    def key(self) -> UUID:
        assert self.review.answers.key
        return self.review.answers.key

    @property
    def shown(self) -> str:
        return encode_shown(self.review.shown)

    @property
    def page(self) -> tuple[UUID, str]:
        return self.key, self.shown

    @property
    def form(self) -> tuple[Owner, int, str]:
        return self.owner, self.review.total_minor, self.shown


@dataclass
class Made:
    """An order as its shopper confirmed it, and what is known of it without asking the shop."""

    id: int
    tab: Tab
    restocked: Stocks = field(default_factory=Counter)
    left_there_minor: int = 0  # refunds that came back to the provider, or were paid another way

    @property
    def pieces(self) -> Stocks:
        found: Stocks = Counter()
        for parcel in self.tab.review.parcels:
            for part in parcel.lines:
                found[part.line.offer_id, parcel.warehouse] += part.quantity
        return found


@dataclass(frozen=True)
class Standing:
    """Where the shop says that an order stands."""

    state: str
    was_paid: bool
    was_cancelled: bool
    total_minor: int
    code: str
    cancelled: Stocks

    @property
    def uses_its_code(self) -> bool:
        return self.state == "pending" or (self.was_paid and not self.was_cancelled)


async def standing(orders: list[Made]) -> dict[int, Standing]:
    ids = [order.id for order in orders]
    rows = await fetch(
        """SELECT o.id, o.state, o.paid_at IS NOT NULL AS was_paid, o.total_minor, o.discount_code,
                  EXISTS (SELECT FROM order_move m WHERE m."order" = o.id AND m.to_state = 'cancelled') AS was_cancelled
           FROM shop_order o WHERE o.id = ANY($1)""",
        ids,
    )
    gone: dict[int, Stocks] = {each: Counter() for each in ids}
    for line in await lines_of(ids):
        gone[line["order"]][line["offer"], line["house"]] += line["cancelled"]
    return {
        row["id"]: Standing(
            row["state"],
            row["was_paid"],
            row["was_cancelled"],
            row["total_minor"],
            row["discount_code"],
            gone[row["id"]],
        )
        for row in rows
    }


async def lines_of(orders: list[int]) -> list[Any]:
    return await fetch(
        """SELECT p."order", p.number AS parcel, p.state, l.id, l.offer, w.code AS house, l.quantity, l.cancelled,
                  l.returned, l.unit_price_minor, l.discount_minor
           FROM order_line l JOIN parcel p ON p.id = l.parcel JOIN warehouse w ON w.id = p.warehouse
           WHERE p."order" = ANY($1) ORDER BY l.id""",
        orders,
    )


async def stock() -> dict[tuple[int, str], tuple[int, int]]:
    """(offer, warehouse) -> pieces on hand, and reserved."""
    rows = await fetch("SELECT s.*, w.code AS house FROM stock s JOIN warehouse w ON w.id = s.warehouse")
    return {(row["offer"], row["house"]): (row["on_hand"], row["reserved"]) for row in rows}


def gone_and_held(orders: list[Made], stands: dict[int, Standing]) -> tuple[Stocks, Stocks]:
    """Pieces that have left the stock for good, and that are held for orders which may still be paid."""
    gone: Stocks = Counter()
    held: Stocks = Counter()
    for order in orders:
        now = stands[order.id]
        if now.state == "pending":
            held.update(order.pieces)
        if now.was_paid:
            gone.update(order.pieces)
            gone.subtract(now.cancelled)
            gone.subtract(order.restocked)
    return gone, held


async def check_price(order: Made) -> None:
    """What was confirmed is what the order says, line by line and to the cent."""
    review = order.tab.review
    row = await fetch_one("SELECT * FROM shop_order WHERE id = $1", order.id)
    lines, parcels = await lines_of([order.id]), await bought(order.id)
    assert row
    assert row["total_minor"] == review.total_minor, "the price that was shown"
    assert row["items_minor"] == sum(each["quantity"] * each["unit_price_minor"] for each in lines)
    assert row["discount_minor"] == sum(each["discount_minor"] for each in lines) == review.discount_minor
    assert row["total_minor"] == row["items_minor"] + row["delivery_minor"] - row["discount_minor"]
    assert row["delivery_minor"] == sum(part.amount_minor for parcel in parcels for part in parcel.delivery)
    vat = [line.vat_minor for parcel in parcels for line in parcel.lines]
    vat += [part.vat_minor for parcel in parcels for part in parcel.delivery]
    assert row["vat_minor"] == sum(vat) == sum(each.vat_minor for each in review.vat)
    assert Counter({(each["offer"], each["house"]): each["quantity"] for each in lines}) == order.pieces


async def check_money(order: Made, now: Standing) -> None:
    """At rest: the shopper was charged what was shown, less what has gone back, once; and the papers say so."""
    charged = await fetch(
        """SELECT p.amount_minor - p.released_minor - p.refunded_minor AS kept
           FROM sandbox_payment p JOIN payment_attempt a ON a.provider_reference = p.reference
           WHERE a."order" = $1 AND p.state = 'approved' AND p.amount_minor > p.released_minor + p.refunded_minor""",
        order.id,
    )
    credited, vat = await _credited(order)
    kept = now.total_minor - credited + order.left_there_minor if now.was_paid else 0
    assert [each["kept"] for each in charged] == ([kept] if kept else []), "one charge, of what the shopper keeps"
    assert len(await fetch('SELECT FROM invoice WHERE "order" = $1', order.id)) == now.was_paid
    parcels, received = await bought(order.id), await _received(order)
    low = high = 0
    if now.was_paid:
        for parcel in parcels:
            gone = {line.id: line.cancelled + received[line.id] for line in parcel.lines}
            exact = [Fraction(line.amount_minor * gone[line.id], line.quantity) for line in parcel.lines]
            is_empty = all(gone[line.id] == line.quantity for line in parcel.lines)
            delivery = sum(part.amount_minor for part in parcel.delivery) if is_empty else 0
            low += sum(floor(each) for each in exact) + delivery
            high += sum(ceil(each) for each in exact) + delivery
    assert low <= credited <= high, "what is cancelled or back, and nothing else, was credited"
    if low == now.total_minor:
        row = await fetch_one("SELECT vat_minor FROM shop_order WHERE id = $1", order.id)
        assert row and vat == row["vat_minor"], "with all of its VAT"


async def _credited(order: Made) -> tuple[int, int]:
    """What credit notes say, and the VAT in it."""
    row = await fetch_one(
        """SELECT coalesce(sum(amount_minor), 0)::bigint AS amount, coalesce(sum(vat_minor), 0)::bigint AS vat
           FROM credit_note WHERE "order" = $1""",
        order.id,
    )
    assert row
    return row["amount"], row["vat"]


async def _received(order: Made) -> Counter[int]:
    """Line -> pieces that were sent back and are here."""
    rows = await fetch(
        """SELECT l.line, l.pieces FROM return_line l JOIN order_return r ON r.id = l."return"
           WHERE r."order" = $1 AND r.state = 'refunded'""",
        order.id,
    )
    found = Counter[int]()
    for row in rows:
        found[row["line"]] += row["pieces"]
    return found
