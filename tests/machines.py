"""State machines over a real database: the shop that all their examples share, and how many examples there are.

    MACHINE_EXAMPLES=3000 [MACHINE_STEPS=50] pytest tests/orders/test_purchase_machine.py

runs many, and other ones each time; without it a machine runs the same few again and again.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from app.accounts.owners import Owner
from app.delivery import estimate
from app.infra import database
from app.infra.clock import now
from app.infra.database import fetch_one
from app.web.visitors import hash_token
from tests.emptying import Cleaner
from tests.world import World

Answer = TypeVar("Answer")
Fill = Callable[[World], Awaitable[None]]


class Shop:
    """A loop, a database and a world."""

    world: World

    def __init__(self, fill: Fill) -> None:
        self.loop = asyncio.new_event_loop()
        self.fill = fill
        self.cleaner = Cleaner()
        self.people = 0

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(work)

    async def open(self) -> None:
        await database.open_pool()
        await self.begin_anew()

    async def begin_anew(self) -> None:
        """Empty, but for the world and what the machine puts into it."""
        await self.cleaner.empty()
        self.world = World()
        await self.world.prepare()
        estimate.forget()
        await self.fill(self.world)

    async def close(self) -> None:
        await database.close_pool()
        await self.cleaner.empty()
        await self.cleaner.close()

    async def account(self) -> int:
        """Of somebody new."""
        self.people += 1
        row = await fetch_one(
            """INSERT INTO account (email, password_hash, name, role, created_at)
               VALUES ($1, '', 'Marta', 'shopper', $2) RETURNING id""",
            f"{self.people}@example.pt",
            now(),
        )
        assert row
        return int(row["id"])

    def visitor(self) -> str:
        """A cookie of somebody new."""
        self.people += 1
        return f"visitor {self.people}"


def guest(cookie: str) -> Owner:
    return Owner(None, hash_token(cookie))


@contextmanager
def opened(fill: Fill) -> Iterator[Shop]:
    shop = Shop(fill)
    shop.run(shop.open())
    yield shop
    shop.run(shop.close())
    shop.loop.close()


def run(machine: type[RuleBasedStateMachine], examples: int = 25, steps: int = 25) -> None:
    many = int(os.environ.get("MACHINE_EXAMPLES", "0"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=many or examples,
            stateful_step_count=int(os.environ.get("MACHINE_STEPS", steps)),
            deadline=None,
            derandomize=not many,
            database=None,
            print_blob=bool(many),
            phases=(Phase.generate, Phase.shrink),  # to explain a failure, each line of Python would be traced
            suppress_health_check=list(HealthCheck),
        ),
    )
