"""An account's addresses: up to MOST, no two alike, one of them the usual one as soon as there is any."""

from dataclasses import dataclass
from typing import Any

from app.delivery.addresses import FIELDS, PostalAddress
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

MOST = 20


class BookFull(Exception):
    """There are MOST addresses already."""

    def __str__(self) -> str:
        return f"You have {MOST} addresses, which is as many as there can be. Delete one first"


@dataclass(frozen=True)
class Entry:
    id: int
    address: PostalAddress
    is_default: bool


_COLUMNS = f"id, {', '.join(FIELDS)}, is_default"


async def entries_of(account_id: int) -> list[Entry]:
    """The usual one first, then the newest."""
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM saved_address WHERE account = $1 ORDER BY is_default DESC, id DESC",  # noqa: S608
        account_id,
    )
    return [_entry(row) for row in rows]


async def usual_mark(account_id: int) -> str:
    """Country and postcode of the usual address; "" without one."""
    return next((entry.address.mark for entry in await entries_of(account_id)), "")


async def entry_of(account_id: int, entry_id: int | None) -> Entry | None:
    """None: the account has no such address."""
    row = await fetch_one(
        f"SELECT {_COLUMNS} FROM saved_address WHERE account = $1 AND id = $2",  # noqa: S608
        account_id,
        entry_id,
    )
    return _entry(row) if row else None


async def add(account_id: int, address: PostalAddress) -> int:
    """The entry's id; of one that is there already, that one's: sent twice is once.

    Raises:
        BookFull: see there.
    """
    async with transaction():
        await _lock(account_id)
        entries = await entries_of(account_id)
        for entry in entries:
            if entry.address == address:
                return entry.id
        if len(entries) >= MOST:
            raise BookFull
        row = await fetch_one(
            f"""INSERT INTO saved_address (account, is_default, created_at, {", ".join(FIELDS)})
                VALUES ($1, $2, $3, {_parameters(4)}) RETURNING id""",  # noqa: S608 - only constants are put in
            account_id,
            not entries,
            now(),
            *_values(address),
        )
    assert row is not None
    return int(row["id"])


async def change(account_id: int, entry_id: int, address: PostalAddress) -> bool:
    """Orders keep the address that they were placed with. False: there is no such entry."""
    row = await fetch_one(
        f"""UPDATE saved_address SET ({", ".join(FIELDS)}) = ({_parameters(3)})
            WHERE account = $1 AND id = $2 RETURNING id""",  # noqa: S608 - only constants are put in
        account_id,
        entry_id,
        *_values(address),
    )
    return row is not None


async def make_default(account_id: int, entry_id: int) -> bool:
    """False: there is no such entry, and the usual one stays what it is."""
    async with transaction():
        await _lock(account_id)
        if await entry_of(account_id, entry_id) is None:
            return False
        await execute(
            "UPDATE saved_address SET is_default = false WHERE account = $1 AND is_default AND id <> $2",
            account_id,
            entry_id,
        )
        await execute("UPDATE saved_address SET is_default = true WHERE id = $1", entry_id)
    return True


async def remove(account_id: int, entry_id: int) -> None:
    """The newest of the others becomes the usual one, if this was it. A second time nothing happens."""
    async with transaction():
        await _lock(account_id)
        await execute("DELETE FROM saved_address WHERE account = $1 AND id = $2", account_id, entry_id)
        await execute(
            """UPDATE saved_address SET is_default = true
               WHERE id = (SELECT max(id) FROM saved_address WHERE account = $1)
                 AND NOT EXISTS (SELECT FROM saved_address WHERE account = $1 AND is_default)""",
            account_id,
        )


async def _lock(account_id: int) -> None:
    """Changes of one book come one after the other, so that its rules hold."""
    await execute("SELECT id FROM account WHERE id = $1 FOR NO KEY UPDATE", account_id)


def _parameters(first: int) -> str:
    """For the fields of an address."""
    return ", ".join(f"${first + n}" for n in range(len(FIELDS)))


def _values(address: PostalAddress) -> list[str]:
    return [getattr(address, name) for name in FIELDS]


def _entry(row: Any) -> Entry:
    return Entry(row["id"], PostalAddress(*(row[name] for name in FIELDS)), row["is_default"])


async def export(account_id: int) -> list[dict[str, Any]]:
    """For the account's owner to take along."""
    return [{**vars(entry.address), "is_default": entry.is_default} for entry in await entries_of(account_id)]
