"""Numbers of documents: one series for each kind and year, without a gap.

The counter's row is locked until the transaction ends, so it is asked last: a transaction that fails gives its number
back, and the next one gets it.
"""

from typing import Literal

from app.infra.clock import now, shop_zone
from app.infra.database import fetch_one

Series = Literal["FT", "NC"]  # fatura, nota de crédito


async def next_number(series: Series) -> str:
    """The next number of this year: "FT 2026/17"."""
    year = now().astimezone(shop_zone()).year
    row = await fetch_one(
        """INSERT INTO document_number AS d (series, year, last) VALUES ($1, $2, 1)
           ON CONFLICT (series, year) DO UPDATE SET last = d.last + 1 RETURNING last""",
        series,
        year,
    )
    assert row is not None
    return f"{series} {year}/{row['last']}"
