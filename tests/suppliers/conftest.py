"""Suppliers that tests of what comes in begin with."""

from collections.abc import AsyncIterator

import pytest

from app.infra.settings import settings
from app.suppliers import api_offers
from tests.accounts.people import Client, person
from tests.infra.stranger import Stranger, page, stranger
from tests.suppliers.programs import Program, program
from tests.suppliers.sources import LAMPS
from tests.world import World


@pytest.fixture
async def oficina(world: World, client: Client) -> Program:
    """A program of Oficina do Vale that may do everything."""
    api_offers._contexts.clear()  # what the world of another test was like
    return await program(client, await world.supplier())


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """A supplier's web server, on this machine."""
    async with stranger() as made:
        monkeypatch.setattr(settings(), "outward_allow", f"127.0.0.1:{made.port}")
        made.pages["/lamps.csv"] = page(LAMPS)
        yield made


@pytest.fixture
async def supplier(world: World) -> int:
    made = await world.supplier()
    await person("ana@example.pt", "supplier", made)
    return made
