"""Numbers of documents: one series for each kind and year, without a gap.

The counter's row is locked until the transaction ends, so it is asked last: a transaction that fails gives its number
back, and the next one gets it.
"""

from datetime import date
from typing import Literal

from app.infra.clock import today
from app.infra.database import execute, fetch_one

Series = Literal["FT", "NC"]  # fatura, nota de crédito


async def next_number(series: Series) -> tuple[str, date]:
    """The next number of this year, "FT 2026/17", and the day of its document: in a series days never go back."""
    while True:
        year = today().year
        row = await fetch_one(
            """INSERT INTO document_number AS d (series, year, last) VALUES ($1, $2, 1)
               ON CONFLICT (series, year) DO UPDATE SET last = d.last + 1 RETURNING last""",
            series,
            year,
        )
        assert row is not None
        day = today()  # looked at while all others wait
        if day.year == year:
            return f"{series} {year}/{row['last']}", day
        # Another year has begun while we waited; the number goes to nobody.
        await execute("UPDATE document_number SET last = last - 1 WHERE series = $1 AND year = $2", series, year)
