"""The suppliers whose offers the catalogue takes."""

from app.catalog.slugs import slug_of
from app.infra.clock import now
from app.infra.database import fetch_one


async def supplier_of(name: str) -> tuple[int, bool]:
    """(id, is new) of the supplier with this name or slug; made, and approved, when there is none.

    Of several with one name it is the one that sells: a business that applies may call itself what it likes.
    """
    found = await fetch_one(
        """SELECT id FROM supplier WHERE name = $1 OR slug = $1
           ORDER BY state = 'approved' DESC, slug = $1 DESC, id LIMIT 1""",
        name,
    )
    if found:
        return found["id"], False
    made = await fetch_one(
        """INSERT INTO supplier (slug, name, place, about, state, created_at) VALUES ($1, $2, '', '', 'approved', $3)
           ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id, xmax = 0 AS is_new""",
        slug_of(name)[:80],
        name,
        now(),
    )
    assert made is not None
    return made["id"], made["is_new"]
