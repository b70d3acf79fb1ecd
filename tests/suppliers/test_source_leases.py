"""Of many workers one fetches a source, and drops it when it is not wanted any more."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.infra.clock import now
from app.infra.database import execute
from app.suppliers import pulling, source_leases, sources
from tests.accounts.people import person
from tests.infra.stranger import Stranger, page
from tests.suppliers.sources import LAMPS, feeds_of, only, pull_at, stated
from tests.world import World


async def test_two_workers_never_fetch_the_same_source_at_once(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    claims = [claim for claim in await asyncio.gather(*(source_leases.claim() for _ in range(8))) if claim]
    assert len(claims) == 1


async def test_one_supplier_holds_one_worker(world: World, supplier: int, server: Stranger) -> None:
    other = await world.supplier("Casa Pratas")
    await person("rui@example.pt", "supplier", other)
    for number in range(3):
        await stated(supplier, server.url(f"/{number}"))
    await stated(other, server.url("/other"))
    claims = [await source_leases.claim() for _ in range(3)]
    assert [claim["supplier"] for claim in claims if claim] == [supplier, other]


async def test_a_killed_workers_source_is_fetched_by_another_when_the_lease_ends(
    supplier: int, server: Stranger
) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    dead = await source_leases.claim()
    assert await pulling.pull_due() == 0
    assert await pull_at(now() + source_leases.LEASE + timedelta(seconds=1)) == 1
    assert len(await feeds_of(supplier)) == 1
    await source_leases.end_failed(dead, "late", may_pass=True)  # it was only asleep
    assert not await source_leases.renew(dead)
    assert (await only(supplier)).failure == ""


async def test_a_source_is_held_while_a_slow_server_sends(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "RENEW_SECONDS", 0.02)
    go_on, renewed, real = asyncio.Event(), asyncio.Event(), source_leases.renew

    async def slow(writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        writer.write(page(LAMPS))

    async def noted(source: Any) -> bool:
        renewed.set()
        return await real(source)

    monkeypatch.setattr(source_leases, "renew", noted)
    server.pages["/lamps.csv"] = slow
    await stated(supplier, server.url("/lamps.csv"))
    pulled = asyncio.create_task(pulling.pull_due())
    await asyncio.wait_for(renewed.wait(), 30)
    assert (await only(supplier)).is_being_fetched
    go_on.set()
    assert await asyncio.wait_for(pulled, 30) == 1
    assert len(await feeds_of(supplier)) == 1


@pytest.mark.parametrize("verb", [sources.pause, sources.forget])
async def test_what_is_paused_or_deleted_meanwhile_is_dropped(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch, verb: Any
) -> None:
    monkeypatch.setattr(pulling, "RENEW_SECONDS", 0.02)
    asked = asyncio.Event()

    async def never(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(3_600)

    server.pages["/lamps.csv"] = never
    source = await stated(supplier, server.url("/lamps.csv"))
    pulled = asyncio.create_task(pulling.pull_due())
    await asyncio.wait_for(asked.wait(), 30)
    assert await verb(source.id, supplier)
    assert await asyncio.wait_for(pulled, 30) == 1
    assert await feeds_of(supplier) == []
    assert [(left.state, left.is_being_fetched) for left in await sources.of_supplier(supplier)] in (
        [],
        [("paused", False)],
    )


async def test_what_a_supplier_is_suspended_for_meanwhile_is_dropped(supplier: int, server: Stranger) -> None:
    async def suspended(writer: asyncio.StreamWriter) -> None:
        await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
        writer.write(page(LAMPS))

    server.pages["/lamps.csv"] = suspended
    await stated(supplier, server.url("/lamps.csv"))
    assert await pulling.pull_due() == 1
    assert await feeds_of(supplier) == []


async def test_nothing_is_fetched_for_a_supplier_who_may_not_sell(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
    assert await pulling.pull_due() == 0
