"""Orders when their account is deleted, and what its owner takes along."""

from typing import Any

import msgspec

from app.accounts.leaving import CannotLeave
from app.infra.database import execute, fetch
from app.orders.tables import OrderState, ReturnState

UNDER_WAY = (OrderState.PENDING, OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED)
ON_ITS_WAY_BACK = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED)


async def part(account_id: int, _: str) -> None:
    """What was bought, where it went and what it cost stays, because tax law asks for it; whose account it was, the
    e-mail address and the telephone number are not needed any more.

    Raises:
        CannotLeave: an order or a return is under way, and its carrier and we may still have to reach the shopper.
    """
    waiting = await fetch(
        """SELECT number FROM shop_order o WHERE account = $1 AND (state = ANY($2::text[])
             OR EXISTS (SELECT FROM order_return r WHERE r."order" = o.id AND r.state = ANY($3::text[])))
           ORDER BY id DESC""",
        account_id,
        list(UNDER_WAY),
        list(ON_ITS_WAY_BACK),
    )
    if waiting:
        which = f"Order {waiting[0]['number']} is" if len(waiting) == 1 else f"{len(waiting)} of your orders are"
        raise CannotLeave(
            f"{which} not over yet. Delete your account when everything has arrived, or come back, or is cancelled"
        )
    await execute(
        "UPDATE shop_order SET account = NULL, visitor = NULL, email = '', phone = '' WHERE account = $1", account_id
    )


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT o.number, o.state, o.placed_at, o.paid_at, o.email, o.name, o.phone, o.line1, o.line2, o.postcode,
                  o.place, o.district, o.region, o.country, o.currency, o.items_minor, o.delivery_minor,
                  o.discount_code, o.discount_minor, o.vat_minor, o.total_minor,
                  (SELECT i.number FROM invoice i WHERE i."order" = o.id) AS invoice,
                  (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'name', l.name, 'note', l.note,
                      'quantity', l.quantity, 'cancelled', l.cancelled,
                      'unit_price_minor', l.unit_price_minor) ORDER BY l.id)::text
                   FROM parcel p JOIN order_line l ON l.parcel = p.id WHERE p."order" = o.id) AS lines
           FROM shop_order o WHERE o.account = $1 ORDER BY o.id""",
        account_id,
    )
    return _with_lines(rows)


async def export_returns(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT o.number AS "order", r.number, r.state, r.reason, r.note, r.answer, r.requested_at,
                  (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'name', l.name, 'pieces', g.pieces)
                                    ORDER BY l.id)::text
                   FROM return_line g JOIN order_line l ON l.id = g.line WHERE g."return" = r.id) AS lines
           FROM order_return r JOIN shop_order o ON o.id = r."order" WHERE o.account = $1 ORDER BY r.id""",
        account_id,
    )
    return _with_lines(rows)


def _with_lines(rows: list[Any]) -> list[dict[str, Any]]:
    return [{**dict(row), "lines": msgspec.json.decode(row["lines"] or "[]")} for row in rows]
