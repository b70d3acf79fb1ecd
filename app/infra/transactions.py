"""Transactions that always let go of their connection, and of the task they ran in.

Piccolo's own leaves its context variable set when a rollback fails (a killed backend); the one here always clears it,
so that a loop recovers when PostgreSQL comes back.
"""

from collections.abc import Callable
from typing import Any, Literal

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from app.infra import outages
from app.infra.outages import LOST, DatabaseUnavailable, quietly


class Transaction(PostgresTransaction):
    __slots__ = ("afterwards", "pool")

    def __init__(self, engine: PostgresEngine, allow_nested: bool = True) -> None:
        super().__init__(engine, allow_nested)
        self.afterwards: list[Callable[[], None]] = []

    async def get_connection(self) -> Any:
        self.pool: Any = self.engine.pool  # the one it is given back to, whatever is closed meanwhile
        return await self.engine.acquire()  # type: ignore[attr-defined]

    async def begin(self) -> None:
        """A connection that turns out to be dead goes back to the pool, which replaces it."""
        try:
            await super().begin()
        except BaseException as error:
            await quietly(self.pool.release(self.connection))
            if isinstance(error, LOST):
                raise DatabaseUnavailable(str(error)) from error
            raise
        outages.note(away=False)

    async def commit(self) -> None:
        await super().commit()
        for call in self.afterwards:
            call()

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> Literal[False]:
        if self._parent:
            return False
        try:
            if exception is not None:
                if not self._rolled_back:
                    await quietly(self.rollback())
            elif not self._committed and not self._rolled_back:
                await self.commit()
        except LOST as error:
            raise DatabaseUnavailable(str(error)) from error
        finally:
            self.engine.current_transaction.reset(self.context)
            await quietly(self.pool.release(self.connection))
        return False
