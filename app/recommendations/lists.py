"""The lists that were learned, by one look-up."""

from collections.abc import Iterable

from app.infra.database import fetch
from app.recommendations.tables import ListKind


async def lists_for(keys: Iterable[tuple[ListKind, int]]) -> dict[ListKind, tuple[int, ...]]:
    """Kind -> products (ids), the best first, for pairs of a kind and a subject; what has none is left out."""
    pairs = list(keys)
    rows = await fetch(
        """SELECT list.kind, list.products FROM recommended_list AS list
           JOIN unnest($1::text[], $2::bigint[]) AS wanted (kind, subject) USING (kind, subject)""",
        [kind for kind, _ in pairs],
        [subject for _, subject in pairs],
    )
    return {ListKind(row["kind"]): tuple(row["products"]) for row in rows}
