"""Programs of suppliers, for tests: each has a key and speaks to the API."""

from typing import Any

from app.infra.database import fetch_one
from app.suppliers import api_keys
from app.suppliers.api_keys import Scope
from tests.accounts.people import Client, person

PLACE = "/api/supplier/v1"
LAMP: dict[str, Any] = {"title": "Alcova desk lamp", "price": "48.90", "stock": 5, "category": "lighting/desk-lamps"}


async def key_for(supplier: int, *scopes: Scope) -> str:
    """A key of the supplier, with every scope if none is given."""
    found = await fetch_one("SELECT id FROM account WHERE supplier = $1", supplier)
    account = found["id"] if found else await person(f"keeper-{supplier}@example.pt", "supplier", supplier)
    return await api_keys.create(supplier, account, "Stock system", set(scopes or Scope))


class Program:
    """Sends requests with one key, as a program does: no cookies, no headers of a browser."""

    def __init__(self, client: Client, key: str) -> None:
        self._client, self.key = client, key

    async def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        known = {"authorization": f"Bearer {self.key}"}
        return await self._client.request(
            method, PLACE + path, headers={**known, **(headers or {})}, follow_redirects=False, **more
        )

    async def put(self, address: str, **fields: Any) -> Any:
        """Set an offer: a lamp, unless told otherwise; its SKU stands in the address as it is."""
        return await self.call("PUT", f"/offers/{address}", json={**LAMP, **fields})


async def program(client: Client, supplier: int, *scopes: Scope) -> Program:
    return Program(client, await key_for(supplier, *scopes))


def problem(answer: Any, status: int) -> dict[str, Any]:
    """What the API says is wrong; always as a problem in JSON, never a page."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "set-cookie" not in answer.headers
    said: dict[str, Any] = answer.json()
    assert said["status"] == status and said["detail"] and said["title"]
    return said
