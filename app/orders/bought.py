"""What was bought, line by line, with the VAT in each amount: the same whoever asks, and adding up to the order's."""

from dataclasses import dataclass
from typing import Any

from app.infra.database import fetch, fetch_one
from app.orders.sharing import part_of, shares
from app.orders.tables import ParcelState


@dataclass(frozen=True)
class BoughtLine:
    id: int
    offer: int
    name: str
    sku: str
    note: str
    quantity: int
    cancelled: int
    returned: int
    unit_price_minor: int
    vat_minor: int  # in all pieces

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.unit_price_minor

    @property
    def left(self) -> int:
        """Pieces that are neither cancelled nor returned."""
        return self.quantity - self.cancelled - self.returned

    def vat_of(self, pieces: int, *, after: int) -> int:
        """The VAT in so many pieces, when it has gone back for `after` others: all together exactly the line's."""
        return part_of(self.vat_minor, self.quantity, after, pieces)


@dataclass(frozen=True)
class BoughtParcel:
    id: int
    number: int
    state: ParcelState
    seller: str
    warehouse: str
    delivery_minor: int
    delivery_vat_minor: int
    lines: tuple[BoughtLine, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing of it is left to be sent, or kept."""
        return not any(line.left for line in self.lines)


async def bought(order_id: int) -> tuple[BoughtParcel, ...]:
    """The order's parcels with their lines, in two queries and one for the VAT."""
    order = await fetch_one("SELECT vat_minor FROM shop_order WHERE id = $1", order_id)
    parcels = await fetch(
        """SELECT p.id, p.number, p.state, p.delivery_minor, supplier.name AS seller, w.code AS warehouse
           FROM parcel p JOIN supplier ON supplier.id = p.supplier JOIN warehouse w ON w.id = p.warehouse
           WHERE p."order" = $1 ORDER BY p.number""",
        order_id,
    )
    lines = await fetch(
        """SELECT l.parcel, l.id, l.offer, l.name, l.sku, l.note, l.quantity, l.cancelled, l.returned,
                  l.unit_price_minor
           FROM order_line l JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id""",
        order_id,
    )
    assert order is not None, "whoever asks has found the order"
    amounts = [row["quantity"] * row["unit_price_minor"] for row in lines]
    vat = shares(order["vat_minor"], [*amounts, *(row["delivery_minor"] for row in parcels)])
    of_lines, of_delivery = vat[: len(lines)], vat[len(lines) :]
    return tuple(
        _parcel(row, delivery_vat, [(line, share) for line, share in zip(lines, of_lines, strict=True)])
        for row, delivery_vat in zip(parcels, of_delivery, strict=True)
    )


def _parcel(row: Any, delivery_vat: int, lines: list[tuple[Any, int]]) -> BoughtParcel:
    mine = [(dict(line), vat) for line, vat in lines if line["parcel"] == row["id"]]
    for line, _ in mine:
        del line["parcel"]
    return BoughtParcel(
        row["id"],
        row["number"],
        ParcelState(row["state"]),
        row["seller"],
        row["warehouse"],
        row["delivery_minor"],
        delivery_vat,
        tuple(BoughtLine(**line, vat_minor=vat) for line, vat in mine),
    )
