"""The categories as rows, which products and taxes refer to."""

from app.catalog.taxonomy import CATEGORIES
from app.infra.database import execute


async def bring_in() -> None:
    """Write down every category of the taxonomy; what is there is brought up to date."""
    columns = zip(*((c.path, c.name, c.position, c.art_kind, c.art_form) for c in CATEGORIES), strict=True)
    await execute(
        """INSERT INTO category (path, name, position, art_kind, art_form)
           SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[])
           ON CONFLICT (path) DO UPDATE SET name = excluded.name, position = excluded.position,
               art_kind = excluded.art_kind, art_form = excluded.art_form""",
        *map(list, columns),
    )
