"""Keys by which suppliers' programs are known: shown once, kept as a hash, and good until they are revoked."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.web.visitors import hash_token

LIVE_KEYS = 20  # of one supplier
NAME_CHARS = 60
NOTED_AFTER = timedelta(minutes=1)  # not every use of a key is a write

_KEY = re.compile(r"feira_([0-9a-f]{8})[A-Za-z0-9_-]{43}")


class Scope(StrEnum):
    """What a key may be used for."""

    FEEDS_WRITE = "feeds:write"
    FEEDS_READ = "feeds:read"
    OFFERS_WRITE = "offers:write"


class TooManyKeys(Exception):
    """The supplier has LIVE_KEYS live keys already."""


@dataclass(frozen=True)
class Caller:
    """The program behind a request. `state` is its supplier's."""

    key: int
    supplier: int
    scopes: frozenset[str]
    state: str


async def create(supplier_id: int, account_id: int, name: str, scopes: set[Scope]) -> str:
    """A new key, in the only copy there will be.

    Raises:
        TooManyKeys: one of the others has to be revoked first.
    """
    prefix = secrets.token_hex(4)
    key = f"feira_{prefix}{secrets.token_urlsafe(32)}"
    async with transaction():
        # Of two requests at once, the second counts the first one's key.
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        live = await fetch_one(
            "SELECT count(*) AS keys FROM api_key WHERE supplier = $1 AND revoked_at IS NULL", supplier_id
        )
        if live and live["keys"] >= LIVE_KEYS:
            raise TooManyKeys
        await execute(
            """INSERT INTO api_key (supplier, name, prefix, hash, scopes, created_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            supplier_id,
            name,
            prefix,
            hash_token(key),
            sorted(scopes),
            account_id,
            now(),
        )
    return key


async def live_keys(supplier_id: int) -> list[Any]:
    """The supplier's keys that can be used, newest first, each with the name of whoever made it as `maker`."""
    return await fetch(
        """SELECT k.id, k.name, k.prefix, k.scopes, k.created_at, k.last_used_at, a.name AS maker
           FROM api_key k JOIN account a ON a.id = k.created_by
           WHERE k.supplier = $1 AND k.revoked_at IS NULL ORDER BY k.id DESC""",
        supplier_id,
    )


async def revoke(supplier_id: int, key_id: int) -> str | None:
    """End one of the supplier's keys for good; its name, or None when the supplier has no such live key."""
    row = await fetch_one(
        "UPDATE api_key SET revoked_at = $3 WHERE id = $1 AND supplier = $2 AND revoked_at IS NULL RETURNING name",
        key_id,
        supplier_id,
        now(),
    )
    return row["name"] if row else None


async def caller_of(key: str) -> Caller | None:
    """Who shows this key; None for one that was never given out or is revoked. Notes that it has been used."""
    if not _KEY.fullmatch(key):
        return None
    row = await fetch_one(
        """SELECT k.id, k.supplier, k.scopes, k.last_used_at, s.state
           FROM api_key k JOIN supplier s ON s.id = k.supplier WHERE k.hash = $1 AND k.revoked_at IS NULL""",
        hash_token(key),
    )
    if row is None:
        return None
    if row["last_used_at"] is None or row["last_used_at"] < now() - NOTED_AFTER:
        await execute(
            "UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)",
            row["id"],
            now(),
            now() - NOTED_AFTER,
        )
    return Caller(row["id"], row["supplier"], frozenset(row["scopes"]), row["state"])
