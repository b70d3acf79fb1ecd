"""Which pictures orders show: of what was bought, as it looked then."""

from collections.abc import Sequence

from app.infra.database import fetch
from app.orders.months import MONTH


async def pictured(keys: Sequence[str]) -> set[str]:
    """Those of some suppliers' pictures (keys of `catalog.depicting`) that an order shows; month by month."""
    found = set[str]()
    for row in await fetch("SELECT month FROM order_month UNION SELECT 0 ORDER BY month"):
        shown = await fetch(
            """SELECT DISTINCT split_part(image, '/', 3) AS key FROM order_line
               WHERE parcel >= $1 AND parcel < $2 AND split_part(image, '/', 3) = ANY($3)""",
            row["month"] * MONTH,
            (row["month"] + 1) * MONTH,
            list(keys),
        )
        found |= {each["key"] for each in shown}
    return found
