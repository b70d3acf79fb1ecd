"""Suppliers as operators look for them: by state and by words, the newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.tables import SupplierState
from app.infra.database import fetch, like

PAGE = 25
LONGEST_QUERY = 100
_TOP = 2**63 - 1


@dataclass(frozen=True)
class ListedSupplier:
    id: int
    name: str
    legal_name: str  # "" for one that never applied
    place: str
    state: SupplierState
    created_at: datetime
    offers: int  # on sale


@dataclass(frozen=True)
class SupplierList:
    suppliers: tuple[ListedSupplier, ...]
    counts: dict[str, int]  # of all that match the words, by state; "" counts all
    older: int  # the id to ask `before`; 0 on the last page


async def suppliers(state: str = "", words: str = "", before: int = 0) -> SupplierList:
    """One page.

    Args:
        state: a SupplierState; anything else shows all.
        words: part of a name, an e-mail address or a VAT number.
        before: the id of the last supplier on the page before; 0 starts at the top.
    """
    pattern = like(words[:LONGEST_QUERY])
    shown = [state] if state in list(SupplierState) else [str(each) for each in SupplierState]
    rows = await fetch(
        f"""SELECT s.id, s.name, coalesce(a.legal_name, '') AS legal_name, s.place, s.state, s.created_at,
                   (SELECT count(*) FROM offer o WHERE o.supplier = s.id AND o.withdrawn_at IS NULL) AS offers
            {_MATCHING} AND s.state = ANY($2) AND s.id < $3 ORDER BY s.id DESC LIMIT $4""",  # noqa: S608
        pattern,
        shown,
        before or _TOP,
        PAGE + 1,
    )
    listed = tuple(ListedSupplier(**{**dict(row), "state": SupplierState(row["state"])}) for row in rows[:PAGE])
    return SupplierList(listed, await _counts(pattern), listed[-1].id if len(rows) > PAGE else 0)


_MATCHING = r"""FROM supplier s LEFT JOIN supplier_application a ON a.supplier = s.id
  WHERE ($1 = '' OR s.name ILIKE $1 OR a.legal_name ILIKE $1 OR a.tax_number ILIKE $1 OR a.email ILIKE $1
         OR EXISTS (SELECT FROM account WHERE account.supplier = s.id AND account.email ILIKE $1))"""


async def _counts(pattern: str) -> dict[str, int]:
    rows: list[Any] = await fetch(f"SELECT s.state, count(*) AS suppliers {_MATCHING} GROUP BY s.state", pattern)
    counts: dict[str, int] = {str(state): 0 for state in SupplierState}
    counts.update({row["state"]: row["suppliers"] for row in rows})
    return {"": sum(counts.values()), **counts}
