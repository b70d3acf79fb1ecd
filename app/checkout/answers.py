"""What the shopper has answered so far, kept in a row beside the cart."""

from dataclasses import dataclass, field, fields
from uuid import UUID, uuid4

import msgspec

from app.accounts.owners import Owner
from app.accounts.sessions import Viewer
from app.cart.contents import OWNED
from app.delivery.estimate import Place
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.orders.wanted import Address

FIELDS = tuple(each.name for each in fields(Address))
_COLUMNS = ", ".join(FIELDS)


@dataclass(frozen=True)
class Answers:
    cart: int
    key: UUID | None = None
    address: Address | None = None
    service_levels: dict[str, str] = field(default_factory=dict)  # parcel key -> level code
    discount_code: str = ""


async def answers_of(owner: Owner) -> Answers | None:
    """None without a cart."""
    row = await fetch_one(
        f"""SELECT cart.id AS cart, key, {_COLUMNS}, service_levels, discount_code
            FROM cart LEFT JOIN checkout k ON k.cart = cart.id
            WHERE {OWNED}""",  # noqa: S608 - only constants are put in
        owner.account,
        owner.visitor,
    )
    if row is None or row["key"] is None:
        return Answers(row["cart"]) if row else None
    address = Address(**{name: row[name] for name in FIELDS}) if row["line1"] else None
    levels = msgspec.json.decode(row["service_levels"], type=dict[str, str])
    return Answers(row["cart"], row["key"], address, levels, row["discount_code"])


async def answer_address(cart: int, address: Address) -> None:
    """Keep the address; what was chosen for delivery holds for parcels that stay the same."""
    await execute(
        f"""INSERT INTO checkout (cart, key, service_levels, updated_at, {_COLUMNS})
            VALUES ($1, $2, '{{}}', $3, {", ".join(f"${4 + n}" for n in range(len(FIELDS)))})
            ON CONFLICT (cart) DO UPDATE SET updated_at = $3,
              {", ".join(f"{name} = excluded.{name}" for name in FIELDS)}""",  # noqa: S608 - only constants are put in
        cart,
        uuid4(),
        now(),
        *(getattr(address, name) for name in FIELDS),
    )


async def answer_delivery(cart: int, levels: dict[str, str]) -> None:
    await execute(
        "UPDATE checkout SET service_levels = $2, updated_at = $3 WHERE cart = $1",
        cart,
        msgspec.json.encode(levels).decode(),
        now(),
    )


async def answer_discount(cart: int, code: str) -> None:
    """The code that shall count; "" for none."""
    await execute("UPDATE checkout SET discount_code = $2, updated_at = $3 WHERE cart = $1", cart, code, now())


async def start_over(cart: int) -> None:
    """After an order the next checkout has a key of its own and keeps the address."""
    await execute(
        "UPDATE checkout SET key = $2, service_levels = '{}', discount_code = '', updated_at = $3 WHERE cart = $1",
        cart,
        uuid4(),
        now(),
    )


async def first_values(owner: Owner, viewer: Viewer | None, place: Place | None) -> dict[str, str]:
    """What the address form holds at first: the last order's address, the account's name, the postcode we know."""
    row = await fetch_one(
        f"""SELECT {_COLUMNS} FROM shop_order
            WHERE account = $1::bigint OR (account IS NULL AND visitor = $2::bytea)
            ORDER BY id DESC LIMIT 1""",  # noqa: S608 - only constants are put in
        owner.account,
        owner.visitor,
    )
    values = {name: str(row[name]) for name in FIELDS} if row else dict.fromkeys(FIELDS, "")
    if viewer:
        values["email"] = viewer.email
        values["name"] = values["name"] or viewer.name
    if place and not row:
        values.update(postcode=place.postcode, place=place.name if place.is_served else "", country=place.country)
    return values
