"""In which order categories stand: on every page, and where goods go of which only the department is known (the first
one)."""

from app.catalog.arranging import Arranged, Refused, arranged, lock_tree
from app.infra.database import execute, transaction


async def move(category: int, behind: str) -> str | None:
    """Put a category behind another one of its department, or a department with all that is in it behind another one.

    Args:
        behind: the other one's path; "" puts it first.

    Returns:
        Its name, None if it is not there (any more).

    Raises:
        Refused: the other one is not beside it.
    """
    async with transaction():
        await lock_tree()
        tree = await arranged()
        found = next((each for each in tree if each.id == category), None)
        if found is None:
            return None
        moved = [each for each in tree if _is_within(each, found.path)]
        rest = [each for each in tree if each not in moved]
        if behind and not any(each.path == behind and each.parent == found.parent for each in rest):
            raise Refused("behind", "Choose another one of the list")
        if behind:
            at = max(place for place, each in enumerate(rest, 1) if _is_within(each, behind))
        else:
            at = next((place for place, each in enumerate(rest, 1) if each.path == found.parent), 0)
        await execute(
            """UPDATE category SET position = placed.position
               FROM unnest($1::bigint[]) WITH ORDINALITY AS placed (id, position) WHERE category.id = placed.id""",
            [each.id for each in (*rest[:at], *moved, *rest[at:])],
        )
    return found.name


def _is_within(category: Arranged, path: str) -> bool:
    return path in (category.path, category.parent)
