"""Addresses that a supplier states, for tests."""

from app.infra.database import fetch_one
from app.suppliers import sources
from app.suppliers.sources import Source, SourceForm


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
