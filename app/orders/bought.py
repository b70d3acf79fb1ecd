"""What was bought, line by line, with the VAT in each amount: the same whoever asks, and adding up to the order's.

VAT was worked out once for each rate of the order (`catalog/taxes.py`); here it is shared, to the cent, among the lines
and deliveries of that rate.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.catalog.taxes import Taxed, of_parcel
from app.infra.database import fetch
from app.infra.money import shares
from app.orders.sharing import part_of
from app.orders.tables import ParcelState


@dataclass(frozen=True)
class BoughtLine:
    id: int
    offer: int
    name: str
    sku: str
    note: str
    image: str
    quantity: int
    cancelled: int
    returned: int
    unit_price_minor: int
    discount_minor: int  # off all pieces
    vat_percent: Decimal
    vat_minor: int  # of all pieces
    is_net: bool  # the price was without it

    @property
    def amount_minor(self) -> int:
        """What was paid for it, VAT included."""
        worth = self.quantity * self.unit_price_minor - self.discount_minor
        return worth + self.vat_minor if self.is_net else worth

    @property
    def left(self) -> int:
        """Pieces that are neither cancelled nor returned."""
        return self.quantity - self.cancelled - self.returned

    def amount_of(self, pieces: int, *, after: int) -> int:
        """What was paid for so many pieces, when it has gone back for `after` others: together exactly the line's."""
        return part_of(self.amount_minor, self.quantity, after, pieces)

    def vat_of(self, pieces: int, *, after: int) -> int:
        """The VAT in so many pieces, when it has gone back for `after` others: all together exactly the line's."""
        return part_of(self.vat_minor, self.quantity, after, pieces)


@dataclass(frozen=True)
class Delivered:
    """What of a parcel's delivery is taxed at one rate."""

    vat_percent: Decimal
    amount_minor: int  # VAT included
    vat_minor: int


@dataclass(frozen=True)
class BoughtParcel:
    id: int
    number: int
    state: ParcelState
    seller: str
    warehouse: str
    is_net: bool
    delivery: tuple[Delivered, ...]
    lines: tuple[BoughtLine, ...]

    @property
    def left_minor(self) -> int:
        """What is paid for it: its goods, without what went back for those cancelled, and its delivery."""
        goods = sum(line.amount_of(line.quantity - line.cancelled, after=line.cancelled) for line in self.lines)
        return goods + sum(each.amount_minor for each in self.delivery)

    @property
    def is_empty(self) -> bool:
        """Nothing of it is left to be sent, or kept."""
        return not any(line.left for line in self.lines)


async def bought(order_id: int) -> tuple[BoughtParcel, ...]:
    """The order's parcels with their lines, in two queries."""
    parcels = await fetch(
        """SELECT p.id, p.number, p.state, p.delivery_minor, supplier.name AS seller, w.code AS warehouse, o.is_net
           FROM parcel p JOIN shop_order o ON o.id = p."order" JOIN supplier ON supplier.id = p.supplier
           JOIN warehouse w ON w.id = p.warehouse
           WHERE p."order" = $1 ORDER BY p.number""",
        order_id,
    )
    lines = await fetch(
        """SELECT l.parcel, l.id, l.offer, l.name, l.sku, l.note, l.image, l.quantity, l.cancelled, l.returned,
                  l.unit_price_minor, l.discount_minor, l.vat_percent
           FROM order_line l JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id""",
        order_id,
    )
    grouped = [(row, [line for line in lines if line["parcel"] == row["id"]]) for row in parcels]
    vat = iter(_shared([amount for row, mine in grouped for amount in _taxed(row, mine)]))
    return tuple(_parcel(row, mine, [next(vat) for _ in _taxed(row, mine)]) for row, mine in grouped)


def _taxed(parcel: Any, lines: Sequence[Any]) -> list[Taxed]:
    """The amounts of a parcel: its lines, then what its delivery has of each line's rate."""
    goods = [
        Taxed(
            line["vat_percent"], line["quantity"] * line["unit_price_minor"] - line["discount_minor"], parcel["is_net"]
        )
        for line in lines
    ]
    return of_parcel(goods, parcel["delivery_minor"])


def _shared(amounts: Sequence[Taxed]) -> list[int]:
    """The VAT of each amount: those of a rate have together what their sum has."""
    places = defaultdict[Decimal, list[int]](list)
    for place, amount in enumerate(amounts):
        places[amount.percent].append(place)
    vat = [0] * len(amounts)
    for percent, mine in places.items():
        worths = [amounts[place].amount_minor for place in mine]
        whole = Taxed(percent, sum(worths), amounts[mine[0]].is_net)
        for place, part in zip(mine, shares(whole.vat_minor, worths), strict=True):
            vat[place] = part
    return vat


def _parcel(row: Any, lines: Sequence[Any], vat: Sequence[int]) -> BoughtParcel:
    delivery = defaultdict[Decimal, list[int]](lambda: [0, 0])
    for amount, part in list(zip(_taxed(row, lines), vat, strict=True))[len(lines) :]:
        delivery[amount.percent][0] += amount.amount_minor + (part if amount.is_net else 0)
        delivery[amount.percent][1] += part
    return BoughtParcel(
        row["id"],
        row["number"],
        ParcelState(row["state"]),
        row["seller"],
        row["warehouse"],
        row["is_net"],
        tuple(Delivered(percent, minor, part) for percent, (minor, part) in delivery.items() if minor),
        tuple(
            BoughtLine(
                **{name: value for name, value in dict(line).items() if name != "parcel"},
                vat_minor=part,
                is_net=row["is_net"],
            )
            for line, part in zip(lines, vat[: len(lines)], strict=True)
        ),
    )
