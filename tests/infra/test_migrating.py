"""A database is brought up to date only when it is not."""

import pytest

from app.infra import migrations
from app.infra.database import execute


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Says when migrations are run."""
    runs: list[bool] = []

    async def run() -> None:
        runs.append(True)

    monkeypatch.setattr(migrations, "_forwards", run)
    return runs


async def test_a_database_with_every_migration_is_left_alone(db: None, brought: list[bool]) -> None:
    await migrations.migrate()
    assert await migrations.is_current()
    assert not brought


async def test_one_that_is_missing_is_brought_in_whatever_else_is_there(db: None, brought: list[bool]) -> None:
    await execute("UPDATE migration SET name = name || '1' WHERE name = (SELECT min(name) FROM migration)")
    try:
        assert not await migrations.is_current()
        await migrations.migrate()
        assert brought
    finally:
        await execute("UPDATE migration SET name = left(name, -1) WHERE name LIKE '%:_______'")
    assert await migrations.is_current()
