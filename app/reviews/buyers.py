"""Who may review a product: who bought it here, and under which name."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from app.accounts.names import bare, words_of
from app.accounts.owners import Owner
from app.infra.database import fetch_one
from app.orders.tables import OrderState
from app.reviews.screening import is_rude

LONGEST_NAME = 40
LONGEST_CHOICE = 200
PAID = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED)

# An order that was delivered counts, whatever came of it later; what came to nothing before that does not.
STANDS = """p.state <> 'cancelled' AND l.cancelled < l.quantity AND (o.state = ANY($4::text[]) OR EXISTS (
              SELECT FROM order_move m WHERE m."order" = o.id AND m.to_state = 'delivered'))"""

_BOUGHT = f"""
SELECT o.name, o.email, p.supplier, l.options::text AS options
FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
WHERE v.product = $1 AND (o.account = $2::bigint OR (o.account IS NULL AND o.visitor = $3::bytea)) AND {STANDS}
ORDER BY o.id DESC, l.id LIMIT 1"""  # noqa: S608 - only constants are put in

_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Bought:
    """`name`: "Marta F.", or "" if none can be made; `choice`: the options of the variant; `supplier`: who sold it;
    `email`: that of the order, which mails about it go to."""

    name: str
    choice: str
    supplier: int
    email: str


async def bought(owner: Owner, product: int) -> Bought | None:
    """What the owner bought of a product last; None if they have no order of it that is paid and stands."""
    row = await fetch_one(_BOUGHT, product, owner.account, owner.visitor, list(PAID))
    if row is None:
        return None
    full = await _account_name(owner.account) if owner.account is not None else row["name"]
    return Bought(short_name(full), _choice(row["options"]), row["supplier"], row["email"])


async def _account_name(account: int) -> str:
    row = await fetch_one("SELECT name FROM account WHERE id = $1", account)
    return str(row["name"]) if row else ""


def short_name(full: str) -> str:
    """The given name and the initial of the last: "Marta F."; "" for what does not look like a name, or insults."""
    parts = words_of(full)
    if not parts or not _NAME.fullmatch(bare(parts[0])) or len(parts[0]) > LONGEST_NAME or is_rude(full):
        return ""
    last = parts[-1][0] if len(parts) > 1 and parts[-1][0].isalpha() else ""
    return f"{parts[0]} {last.upper()}." if last else parts[0]


def _choice(options: Any) -> str:
    values = msgspec.json.decode(options, type=dict[str, str]).values()
    return ", ".join(values)[:LONGEST_CHOICE]
