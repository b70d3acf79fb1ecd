"""What is kept of earlier rows for later ones, within bounds: a feed may be longer than memory."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from app.suppliers.formats.raw import Fields

Kept = TypeVar("Kept")

_MOST = 10_000
_MOST_CHARS = 32 * 1024 * 1024


class Remembered(Generic[Kept]):
    """By a key of the feed's own. The oldest go when there are more than 10,000, or more than 32 million characters."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Kept, int]] = {}
        self._chars = 0

    def keep(self, key: str, kept: Kept, fields: Fields) -> list[Kept]:
        """What had to go for it. `fields` are those of `kept`: they say how large it is."""
        gone: list[Kept] = []
        self.take(key)
        size = _chars(fields)
        self._kept[key] = (kept, size)
        self._chars += size
        while len(self._kept) > _MOST or (self._chars > _MOST_CHARS and len(self._kept) > 1):
            oldest = next(iter(self._kept))
            gone.append(self._kept[oldest][0])
            self.take(oldest)
        return gone

    def get(self, key: str) -> Kept | None:
        found = self._kept.get(key)
        return found and found[0]

    def take(self, key: str) -> Kept | None:
        """It is no longer kept after that."""
        found = self._kept.pop(key, None)
        if found is None:
            return None
        self._chars -= found[1]
        return found[0]

    def rest(self) -> Iterator[Kept]:
        return (kept for kept, _ in self._kept.values())


def _chars(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(name) + _chars(one) for name, one in value.items())
    return len(value) if isinstance(value, str) else 0
