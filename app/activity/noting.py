"""What shoppers do is noted in this process's memory, and told to the log every moment, off the way of pages.

Noting never waits for anything: it appends to a list. Under load these notes are the first to go: of more than
MOST between two tellings the rest is dropped and counted, and so is what the log does not take at once. They go
straight into the log, not by the outbox, because they may be lost: a kill costs half a second of them, and PostgreSQL
is not asked to write a row for every look at a product. What must not be lost (an order) comes from where it is a fact.

An event carries what one shopper did in that moment, keyed by who it was; or, without a key, what was done by people of
whom nothing is kept. That is counted by product only. Nobody gets a cookie for being noted.
"""

import contextlib
import time
from collections.abc import Iterator
from uuid import uuid4

import msgspec
from litestar import Request
from redis.exceptions import RedisError

from app.accounts.tables import Role
from app.activity.choices import is_off_here
from app.activity.tables import Kind
from app.events.event import Event
from app.events.log import StreamLog
from app.infra import redis
from app.infra.logs import log
from app.infra.recurring import Recurring
from app.web.cookies import is_robot, wants_no_record
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import visitor

TOPIC = "activity"
FLUSH_SECONDS = 0.5
MOST = 500  # notes of this process between two tellings
MOST_IN_LOG = 50_000  # events that wait while no worker takes any: older ones go
LONGEST_QUERY = 80
NOBODY = ""


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """`product`, `offer` and `query` as far as they are known; `at`: seconds since 1970."""

    kind: Kind
    at: float
    product: int = 0
    offer: int = 0
    query: str = ""


class Noted:
    """What this process has noted and not told; and how often it noted, dropped or lost something in its life."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Note | None]] = []
        self._untold_drops = 0
        self.noted = self.dropped = self.told = 0

    def add(self, key: str, note: Note | None) -> None:
        """None: they have done nothing, and yet other things are known of them now."""
        if len(self._waiting) >= MOST:
            self._drop(1)
            return
        self.noted += 1
        self._waiting.append((key, note))

    def forget(self, key: str) -> None:
        """Whoever it is does not want it any more."""
        self._waiting = [each for each in self._waiting if each[0] != key]

    async def tell(self, told: StreamLog) -> None:
        """Bring it into the log, or drop it."""
        waiting, self._waiting = self._waiting, []
        drops, self._untold_drops = self._untold_drops, 0
        if not waiting and not drops:
            return
        events = list(_events(waiting, drops))
        try:
            await told.publish_all(events, MOST_IN_LOG)
            self.told += len(waiting)
        except (RedisError, OSError, TimeoutError):
            self._untold_drops += drops
            self._drop(len(waiting))

    def _drop(self, count: int) -> None:
        if not self.dropped:
            log("activity").warning("too much to note, or no log to tell it to; the first was dropped")
        self.dropped += count
        self._untold_drops += count


def _events(waiting: list[tuple[str, Note | None]], drops: int) -> Iterator[Event]:
    by_key: dict[str, list[Note]] = {}
    for key, note in waiting:
        by_key.setdefault(key, []).extend([note] if note else [])
    if drops:
        by_key.setdefault(NOBODY, [])
    for key, notes in by_key.items():
        payload = {"notes": msgspec.to_builtins(notes)} | ({"dropped": drops} if key == NOBODY and drops else {})
        yield Event(uuid4(), TOPIC, key, payload)


_noted = Noted()


def noted() -> Noted:
    """Of this process."""
    return _noted


def note(request: Request, kind: Kind, *, product: int = 0, offer: int = 0, query: str = "") -> None:
    """Note what the request did, if its shopper lets us. To be called when the page's shopper is known."""
    key = _key(request)
    if key is not None:
        _noted.add(key, Note(kind, round(time.time(), 3), product, offer, query[:LONGEST_QUERY]))


def note_arrival(request: Request, account: int) -> None:
    """Somebody has signed in: what they did as a guest joins what was known of the account."""
    if request.cookies.get(VISITOR) and not wants_no_record(request):
        _noted.add(key_of(account, None), None)


def _key(request: Request) -> str | None:
    """Who it was; NOBODY where nothing personal may be kept, None where nothing at all is counted."""
    if wants_no_record(request) or is_robot(request):
        return None
    viewer = request.scope["state"].get("viewer")
    if viewer is not None and viewer.role != Role.SHOPPER:
        return None  # who works here is not shopping
    if is_off_here(request):
        return NOBODY
    if viewer is not None:
        return key_of(viewer.id, None)
    has_token = bool(request.cookies.get(VISITOR) or request.scope["state"].get("visitor_token"))
    return key_of(None, visitor(request)) if has_token else NOBODY


def key_of(account: int | None, known: bytes | None) -> str:
    return f"account:{account}" if account else f"visitor:{known.hex()}" if known else NOBODY


def owner_in(key: str) -> tuple[int | None, bytes | None]:
    """(account, visitor) of a key; two Nones for nobody's."""
    what, _, who = key.partition(":")
    return (int(who), None) if what == "account" else (None, bytes.fromhex(who)) if what == "visitor" else (None, None)


async def _tell() -> float:
    await _noted.tell(StreamLog(redis.client()))
    return FLUSH_SECONDS


TELLING = Recurring("activity", _tell)


async def stop(*_: object) -> None:
    """Tell what is left (a shutdown hook)."""
    await TELLING.stop()
    with contextlib.suppress(Exception):
        await _noted.tell(StreamLog(redis.client()))
