"""Addresses that a supplier states, and what is fetched from them, for tests."""

from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import frozen
from app.infra.database import fetch, fetch_one
from app.suppliers import pulling, sources
from app.suppliers.sources import Source, SourceForm
from tests.suppliers.line import as_csv, row

LAMPS = as_csv([row("A"), row("B")])
HOUR = timedelta(hours=1)


async def stated(supplier: int, url: str, **more: str) -> Source:
    account = await fetch_one("SELECT id FROM account WHERE supplier = $1", supplier)
    assert account
    await sources.state(
        supplier, account["id"], SourceForm.model_validate({"url": url, "every": "1", "mode": "full", **more})
    )
    return (await sources.of_supplier(supplier))[-1]


async def only(supplier: int) -> Source:
    (source,) = await sources.of_supplier(supplier)
    return source


async def feeds_of(supplier: int) -> list[Any]:
    return list(await fetch("SELECT * FROM feed WHERE supplier = $1 ORDER BY id", supplier))


async def pull_at(moment: datetime) -> int:
    with frozen(moment):
        return await pulling.pull_due()
