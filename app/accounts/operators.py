"""Who acts for the shop. The first operator is named by whoever runs the machine: there is nobody else to do it."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.emails import email_address
from app.accounts.tables import Role
from app.infra.database import execute, fetch, fetch_one, transaction


class NotPossible(Exception):
    """Nothing was changed; the message is a sentence."""


@dataclass(frozen=True)
class Operator:
    email: str
    name: str
    since: datetime  # when the account was made


async def operators() -> list[Operator]:
    rows = await fetch(
        "SELECT email, name, created_at AS since FROM account WHERE role = $1 ORDER BY email", Role.OPERATOR
    )
    return [Operator(**row) for row in rows]


async def appoint(typed: str) -> str:
    """The account of this e-mail address acts for the shop from now on; returns the address as it is kept.

    Raises:
        NotPossible: no such account, it speaks for a supplier, or nobody has proved that the address is theirs.
    """
    async with transaction():
        email, account = await _locked(typed)
        if account["role"] == Role.SUPPLIER:
            raise NotPossible(f"{email} speaks for a supplier. An operator needs an account of their own.")
        if account["email_confirmed_at"] is None:
            raise NotPossible(f"{email} is not confirmed. Follow the link in the mail that came at sign-up first.")
        await execute("UPDATE account SET role = $2 WHERE id = $1", account["id"], Role.OPERATOR)
    return email


async def release(typed: str) -> str:
    """The account is a shopper's again; what it has decided keeps its name. Returns the address as it is kept.

    Raises:
        NotPossible: no such account, or it is no operator's.
    """
    async with transaction():
        email, account = await _locked(typed)
        if account["role"] != Role.OPERATOR:
            raise NotPossible(f"{email} is no operator.")
        await execute("UPDATE account SET role = $2 WHERE id = $1", account["id"], Role.SHOPPER)
    return email


async def _locked(typed: str) -> tuple[str, dict[str, object]]:
    try:
        email = email_address(typed.strip())
    except ValueError as error:
        raise NotPossible(f"{error}.") from None
    row = await fetch_one("SELECT id, role, email_confirmed_at FROM account WHERE email = $1 FOR UPDATE", email)
    if row is None:
        raise NotPossible(f"Nobody has signed up as {email}. Sign up in the shop first.")
    return email, row
