"""What the rows of a feed are judged against: the supplier's habits, and what the shop knows."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from app.catalog.currency import rates
from app.catalog.taxonomy_words import ELSEWHERE
from app.catalog.tree import taxonomy
from app.infra.database import fetch, fetch_one
from app.suppliers.rows import RULES, RowContext

REMEMBERED = 20_000  # names of categories and products, with the category of ours


async def context_of(feed: Any) -> RowContext:
    """The same for whoever goes on with a feed: its time is when it came."""
    supplier = await fetch_one("SELECT * FROM supplier WHERE id = $1", feed["supplier"])
    assert supplier is not None
    ours = await taxonomy()
    warehouses = frozenset(row["code"] for row in await fetch("SELECT code FROM warehouse"))
    rate_of = await rates()
    habits = [supplier[name] for name in ("currency", "default_category", "default_warehouse")]

    @lru_cache(maxsize=REMEMBERED)
    def category_of(words: str) -> str | None:
        return words if words in ours.paths else ours.department(words) or ours.guess(words)

    return RowContext(
        default_currency=supplier["currency"],
        category_of=category_of,
        first_leaves=ours.first_leaves,
        warehouses=warehouses,
        default_category=supplier["default_category"],
        currencies=frozenset(rate_of),
        default_warehouse=supplier["default_warehouse"],
        now=feed["created_at"],
        fingerprint=_digest([RULES, habits, ours.all, ELSEWHERE, sorted(warehouses), sorted(rate_of.items())]),
    )


def _digest(decisive: list[Any]) -> bytes:
    return blake2b(msgspec.json.encode(decisive), digest_size=16).digest()
