"""What the rows of a feed are judged against: the supplier's habits, and what the shop knows."""

from functools import lru_cache
from typing import Any

from app.catalog import taxonomy
from app.catalog.currency import rates
from app.infra.database import fetch, fetch_one
from app.suppliers.rows import RowContext

REMEMBERED = 20_000  # names of categories and products, with the category of ours


async def context_of(feed: Any) -> RowContext:
    """The same for whoever goes on with a feed: its time is when it came."""
    supplier = await fetch_one("SELECT * FROM supplier WHERE id = $1", feed["supplier"])
    assert supplier is not None
    paths = {row["path"] for row in await fetch("SELECT path FROM category")}
    warehouses = frozenset(row["code"] for row in await fetch("SELECT code FROM warehouse"))

    @lru_cache(maxsize=REMEMBERED)
    def category_of(words: str) -> str | None:
        found = words if words in paths else taxonomy.guess(words)
        return found if found in paths else None

    return RowContext(
        default_currency=supplier["currency"],
        category_of=category_of,
        warehouses=warehouses,
        default_category=supplier["default_category"],
        currencies=frozenset(await rates()),
        default_warehouse=supplier["default_warehouse"],
        now=feed["created_at"],
    )
