"""Products by their ids: those on sale, in the order asked for, each as it is now."""

from app.infra.database import execute
from app.search.engine import engine
from app.search.events import index_products
from tests.search.conftest import Reindex
from tests.world import World


def found(*products: int) -> list[str]:
    return [each.name for each in engine().snapshot.documents_of(products)]


async def test_products_are_found_by_their_ids_in_the_order_asked_for(world: World, reindex: Reindex) -> None:
    lamp, mug, throw = [await world.product(name) for name in ("Lamp", "Mug", "Throw")]
    await reindex()
    assert found(throw.product, lamp.product, mug.product) == ["Throw", "Lamp", "Mug"]
    assert found() == found(0, -1, 2**62) == []
    assert found(lamp.product, 2**62, lamp.product) == ["Lamp", "Lamp"]


async def test_one_that_changed_is_found_once_as_it_is_now_and_one_that_went_not_at_all(
    world: World, reindex: Reindex
) -> None:
    from uuid import uuid4

    from app.events.event import Event

    lamp, mug = [await world.product(name) for name in ("Lamp", "Mug")]
    await reindex()
    await execute("UPDATE product SET name = 'Better lamp', version = version + 1 WHERE id = $1", lamp.product)
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", mug.offer)
    await index_products([Event(uuid4(), "products", "k", {"products": [lamp.product, mug.product]})])
    engine().refresh()
    assert found(lamp.product, mug.product) == ["Better lamp"]
