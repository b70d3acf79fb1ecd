"""What was typed at a checkout that has not become an order, for its owner to take along. It goes with the cart."""

from typing import Any

from app.infra.database import fetch


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT k.email, k.name, k.phone, k.line1, k.line2, k.postcode, k.place, k.district, k.region, k.country,
                  k.discount_code, k.updated_at
           FROM checkout k JOIN cart ON cart.id = k.cart WHERE cart.account = $1""",
        account_id,
    )
    return [dict(row) for row in rows]
