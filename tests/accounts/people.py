"""People of the accounts' tests, and the forms they send."""

from typing import Any

from litestar.testing import AsyncTestClient

from app.accounts import passwords
from app.infra.clock import now
from app.infra.database import fetch

PASSWORD = "figs and late trams"
EMAIL = "ana@example.pt"

Client = AsyncTestClient[Any]


async def person(email: str = EMAIL, role: str = "shopper", supplier: int | None = None) -> int:
    (row,) = await fetch(
        """INSERT INTO account (email, password_hash, name, role, supplier, created_at)
           VALUES ($1, $2, 'Ana', $3, $4, $5) RETURNING id""",
        email,
        await passwords.hashed(PASSWORD),
        role,
        supplier,
        now(),
    )
    return int(row["id"])


async def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL, **more: str) -> Any:
    return await client.post("/sign-in", data={"email": email, "password": password, **more}, follow_redirects=False)


async def entered(client: Client) -> int:
    """Somebody who has an account and has just signed in; the account's id."""
    account = await person()
    await sign_in(client)
    return account


async def is_in(client: Client) -> bool:
    return (await client.get("/account", follow_redirects=False)).status_code == 200


def session_cookie(answer: Any) -> str:
    """The Set-Cookie header of the session; empty if there is none."""
    return next((c for c in answer.headers.get_list("set-cookie") if c.startswith("feira_session=")), "")
