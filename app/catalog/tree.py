"""The categories as rows, which products and taxes refer to; what operators make of them is in `arranging.py`."""

import json
from functools import lru_cache

from app.catalog.taxonomy import CATEGORIES, CategorySpec, Taxonomy
from app.infra.database import execute, fetch


async def bring_in() -> None:
    """A shop without a category gets those with which one begins; where the words of one were never said, they are."""
    columns = zip(*((c.path, c.name, c.position, c.art_kind, c.art_form) for c in CATEGORIES), strict=True)
    await execute(
        """INSERT INTO category (path, name, position, art_kind, art_form)
           SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[])
           WHERE NOT EXISTS (SELECT FROM category)""",
        *map(list, columns),
    )
    await execute(
        """UPDATE category SET words = ARRAY(SELECT jsonb_array_elements_text($1::jsonb -> path))
           WHERE words IS NULL AND $1::jsonb ? path""",
        json.dumps({each.path: each.words for each in CATEGORIES}),
    )


async def taxonomy() -> Taxonomy:
    """As the table has it now."""
    rows = await fetch(
        "SELECT path, name, art_kind, art_form, position, words, was FROM category ORDER BY position, id"
    )
    return _taxonomy(
        tuple(
            CategorySpec(**{**dict(row), "words": tuple(row["words"] or ()), "was": tuple(row["was"])}) for row in rows
        )
    )


@lru_cache(maxsize=2)
def _taxonomy(categories: tuple[CategorySpec, ...]) -> Taxonomy:
    """What is worked out about it is worked out once, until somebody changes it."""
    return Taxonomy(categories)
