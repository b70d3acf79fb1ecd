"""The invoice of an order: written when it is paid, from what was bought and for how much."""

from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.infra.money import euro
from app.orders.bought import BoughtParcel, bought
from app.orders.crediting import buyer_of, delivery_items
from app.orders.documents import Facts, Item, encode, percent, shop
from app.orders.numbering import next_number


async def issue(order_id: int, payment: str) -> str:
    """Write the order's invoice in the transaction of its payment, as its last step; returns its number.

    Args:
        payment: how it was paid, as shown to the shopper: "Visa ending 4242".
    """
    parcels = await bought(order_id)
    row = await fetch_one("SELECT * FROM shop_order WHERE id = $1", order_id)
    assert row is not None
    number, day = await next_number("FT")
    facts = Facts(
        number,
        row["number"],
        day,
        shop(),
        buyer_of(row),
        tuple(item for parcel in parcels for item in _items(parcel)),
        row["currency"],
        row["total_minor"],
        row["vat_minor"],
        payment,
        is_net=row["is_net"],
    )
    await execute(
        'INSERT INTO invoice ("order", number, facts, issued_at) VALUES ($1, $2, $3, $4)',
        order_id,
        number,
        encode(facts),
        now(),
    )
    return number


def _less(discount_minor: int) -> str:
    return f"less {euro(discount_minor)}" if discount_minor else ""


def _items(parcel: BoughtParcel) -> list[Item]:
    items = [
        Item(
            ", ".join(filter(None, (line.name, line.note, _less(line.discount_minor)))),
            parcel.seller,
            line.quantity,
            line.unit_price_minor,
            line.amount_minor,
            line.vat_minor,
            percent(line.vat_percent),
            line.sku,
        )
        for line in parcel.lines
    ]
    return [*items, *delivery_items(parcel)]
