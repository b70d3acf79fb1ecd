"""The one source of "now", so that tests can stand at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import overload
from zoneinfo import ZoneInfo

from app.infra.settings import settings

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current time in UTC."""
    return _frozen.get() or datetime.now(UTC)


def shop_zone() -> ZoneInfo:
    return ZoneInfo(settings().shop_timezone)


def today() -> date:
    """The day on the shop's calendar."""
    return local_day(now())


@overload
def local_day(moment: datetime) -> date: ...


@overload
def local_day(moment: None) -> None: ...


def local_day(moment: datetime | None) -> date | None:
    """The day of a moment on the shop's calendar."""
    return moment.astimezone(shop_zone()).date() if moment else None


def midnight(day: date) -> datetime:
    """The moment with which a day begins on the shop's clock."""
    return datetime.combine(day, time(), shop_zone())


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block (for tests)."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
