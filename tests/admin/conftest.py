"""An operator's browser."""

import pytest

from tests.accounts.people import Client
from tests.admin.delivering import as_operator
from tests.world import World


@pytest.fixture
async def desk(world: World, client: Client) -> Client:
    return await as_operator(client)
