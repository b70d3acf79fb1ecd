"""A database that a shop can begin on."""

from app.catalog import tree
from app.infra import migrations
from app.infra.database import connected


async def migrated() -> list[str]:
    """Every migration is in, and the categories that goods go into; returns what PostgreSQL lacks, in sentences."""
    advice = await migrations.migrate()
    async with connected():
        await tree.bring_in()
    return advice
