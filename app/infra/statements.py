"""Migrations that are statements of SQL, as Piccolo runs them."""

from collections.abc import Awaitable, Callable

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection


def migration(number: str, description: str, statements: str) -> Callable[[], Awaitable[MigrationManager]]:
    """The `forwards` of a migration: all of its statements, in one transaction, or none.

    Args:
        number: the ID by which Piccolo remembers that it has run.
    """

    async def forwards() -> MigrationManager:
        manager = MigrationManager(migration_id=number, app_name="shop", description=description)

        async def change() -> None:
            await transaction_connection().execute(statements)

        manager.add_raw(change)
        return manager

    return forwards
