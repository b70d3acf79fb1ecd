"""A drill asks whether all that a shop holds adds up: it begins with an empty one."""

import pytest

from app.cli.failures import CannotContinue
from app.infra.settings import settings
from bench.shop import migrate_new
from tests.world import World


async def test_a_drill_begins_in_an_empty_shop(world: World) -> None:
    await migrate_new()


async def test_a_drill_says_which_folder_holds_a_shop_already_and_what_to_do(world: World) -> None:
    await world.supplier()
    with pytest.raises(CannotContinue) as refused:
        await migrate_new()
    folder = settings().feira_data
    assert str(refused.value) == f"{folder} holds a shop already; set FEIRA_DATA to an empty folder, or unset it"
