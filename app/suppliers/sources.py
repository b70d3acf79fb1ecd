"""The addresses that a supplier's feeds are fetched from: stated, paused, fetched now, forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field, field_validator

from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.outward import OutwardRefused, destination
from app.suppliers.sealing import seal

MOST = 10  # of a supplier
JOB = "pull_feeds"
EVERY = {1: "every hour", 6: "every 6 hours", 24: "every day"}


class SourceForm(BaseModel):
    """What a supplier says of an address."""

    url: str = Field(description="Enter the address of your product file")
    every: Literal["1", "6", "24"] = Field(description="Choose how often we fetch it")
    mode: Literal["full", "delta"] = Field(description="Choose what the file is")
    username: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=200)] = ""

    @field_validator("url")
    @classmethod
    def _fetchable(cls, text: str) -> str:
        try:
            return destination(text).url
        except OutwardRefused as refused:
            raise ValueError(refused.reason.removesuffix(".")) from None

    @field_validator("username")
    @classmethod
    def _sendable(cls, name: str) -> str:
        if ":" in name:
            raise ValueError("A user name for a web server has no colon")
        return name


class TooManySources(Exception):
    """The supplier has as many as it may have."""


class KnownSource(Exception):
    """The supplier has stated this address before."""


@dataclass(frozen=True)
class Source:
    """An address as its supplier sees it: of the password only that there is one."""

    id: int
    url: str
    every_hours: int
    mode: str
    username: str
    has_password: bool
    state: str
    next_at: datetime
    leased_until: datetime | None
    failures: int
    fetched_at: datetime | None
    changed_at: datetime | None
    failure: str
    last_feed: int | None

    @property
    def is_being_fetched(self) -> bool:
        return self.leased_until is not None and self.leased_until > now()

    @property
    def is_due(self) -> bool:
        return self.state == "active" and self.next_at <= now()

    @property
    def every(self) -> str:
        return EVERY.get(self.every_hours, f"every {self.every_hours} hours")

    @property
    def name(self) -> str:
        return file_name(self.url)


def file_name(url: str) -> str:
    """The last part of the path as far as it can be seen, else the server's name: never the query, which may hold a
    key."""
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return "".join(char for char in last if char.isprintable()).strip() or parts.hostname or ""


async def of_supplier(supplier_id: int) -> list[Source]:
    """In the order in which they were stated."""
    rows = await fetch(
        """SELECT id, url, every_hours, mode, username, password <> '' AS has_password, state, next_at, leased_until,
                  failures, fetched_at, changed_at, failure, last_feed
           FROM feed_source WHERE supplier = $1 ORDER BY id""",
        supplier_id,
    )
    return [Source(**dict(row)) for row in rows]


async def state(supplier_id: int, account_id: int, form: SourceForm) -> None:
    """Begin to fetch from an address, at once for the first time.

    Raises:
        TooManySources, KnownSource: see there.
    """
    async with transaction():
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        have = await fetch("SELECT url FROM feed_source WHERE supplier = $1", supplier_id)
        if form.url in {row["url"] for row in have}:
            raise KnownSource
        if len(have) >= MOST:
            raise TooManySources
        await execute(
            """INSERT INTO feed_source
                 (supplier, account, url, every_hours, mode, username, password, next_at, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)""",
            supplier_id,
            account_id,
            form.url,
            int(form.every),
            form.mode,
            form.username,
            seal(form.password),
            now(),
        )
    await queue.enqueue(JOB)


async def fetch_now(source_id: int, supplier_id: int) -> bool:
    """Fetch it as soon as may be, unchanged or not; a paused source goes on with that. False: no such source."""
    row = await fetch_one(
        """UPDATE feed_source SET state = 'active', failures = 0, failure = '', afresh = true, next_at = $3
           WHERE id = $1 AND supplier = $2 RETURNING id""",
        source_id,
        supplier_id,
        now(),
    )
    if row is not None:
        await queue.enqueue(JOB)
    return row is not None


async def pause(source_id: int, supplier_id: int) -> bool:
    """Fetch it no more until the supplier wants it again; what is being fetched is dropped. False: no such source."""
    row = await fetch_one(
        """UPDATE feed_source SET state = 'paused', turn = turn + 1, leased_until = NULL
           WHERE id = $1 AND supplier = $2 RETURNING id""",
        source_id,
        supplier_id,
    )
    return row is not None


async def forget(source_id: int, supplier_id: int) -> bool:
    """Fetch it never again; the feeds that came from it stay. False: no such source."""
    row = await fetch_one(
        "DELETE FROM feed_source WHERE id = $1 AND supplier = $2 RETURNING id", source_id, supplier_id
    )
    return row is not None
