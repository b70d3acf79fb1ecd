"""`./feira audit`, as a person or a program calls it."""

import json

from app.checkout.settling import settle
from app.infra.database import execute
from app.search.rebuilding import rebuild
from app.storefront import warming
from tests.checkout.paying import begun, failed, held
from tests.cli.test_dead_letters import feira
from tests.orders.wanting import pending
from tests.search.conftest import Reindex, reindex
from tests.world import World

__all__ = ["reindex"]


async def test_index_and_cache_are_audited_and_what_heals_them_is_said(world: World, reindex: Reindex) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    await held(attempt)
    await settle(attempt.id, failed(attempt))
    await execute("DELETE FROM outbox")  # no news is on its way
    await rebuild()
    await warming.rebuild()
    well = await feira("audit")
    assert (well.returncode, well.stdout.splitlines()) == (
        0,
        [
            "waits for a person: a bank has let go of what was to pay for parcels that are here: "
            f"order {order.id}, number {order.number}, state paid, lost_minor 5280",
            "1 thing about money waits for a person at /admin/payments.",
            "All is as it must be.",
        ],
    )
    await execute("UPDATE offer SET price_minor = 9")
    ill = await feira("audit", "--json")
    found = json.loads(ill.stdout)
    assert (ill.returncode, found["is_well"], len(found["broken"])) == (1, False, 2)
    assert found["index"] == found["cache"] == {"looked_at": 1, "coming": 0, "broken": 1}
    assert found["heal"] == ["./feira cache rebuild", "./feira index rebuild"]


async def test_without_redis_the_rest_is_audited(world: World, reindex: Reindex) -> None:
    await world.product()
    said = await feira("audit", REDIS_URL="redis://127.0.0.1:1")
    assert said.returncode == 1
    assert "not so: there is an index that can be read" in said.stdout
    assert "The cache was not looked at: " in said.stdout
    assert "made anew by: ./feira index rebuild\n1 rows break a rule." in said.stdout


async def test_without_postgresql_that_alone_is_said(environment: None) -> None:
    said = await feira("audit", DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (1, "", 1)
    assert "no PostgreSQL answers there" in said.stderr
