"""Raw rows that are known need not be judged again: only as long as they would be judged alike."""

from typing import Any

import pytest

from app.infra.clock import now
from app.infra.database import execute
from app.suppliers import judging
from app.suppliers.offer_fields import depends_on_time
from app.suppliers.rows import RULES
from tests.suppliers.line import rate
from tests.world import World


async def fingerprint(supplier: int) -> bytes:
    context = await judging.context_of({"supplier": supplier, "created_at": now()})
    return context.fingerprint


async def test_the_fingerprint_stays_the_same_from_feed_to_feed(world: World) -> None:
    supplier = await world.supplier("Oficina do Vale")
    first = await fingerprint(supplier)
    assert (len(first), await fingerprint(supplier)) == (16, first)


async def test_the_fingerprint_changes_with_whatever_decides_how_a_row_is_judged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier = await world.supplier("Oficina do Vale")
    seen = {await fingerprint(supplier)}
    for change in ("currency = 'USD'", "default_category = 'lighting/desk-lamps'"):
        await execute(f"UPDATE supplier SET {change} WHERE id = $1", supplier)
        seen.add(await fingerprint(supplier))
    await rate("SEK", "11.2000")
    seen.add(await fingerprint(supplier))
    monkeypatch.setattr("app.suppliers.judging.RULES", RULES + 1)
    seen.add(await fingerprint(supplier))
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("fields", "depends"),
    [({"price": "5"}, False), ({"price": "5", "sale_period": "2026-11-01T00:00Z/2026-11-10T00:00Z"}, True)],
)
def test_a_row_with_the_period_of_a_sale_means_something_else_at_another_time(
    fields: dict[str, Any], depends: bool
) -> None:
    assert depends_on_time(fields) is depends
