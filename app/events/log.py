"""The event log on Redis Streams: publish, read as a group, acknowledge."""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.events.event import Event

ALIVE_MS = 5_000  # a reader that has said nothing for so long is dead
LOOK_SECONDS = 1.0  # between two looks for dead readers
FORGET_MS = 3_600_000  # after which a reader that left nothing behind, or a forsaken group, is struck off


_TOPICS = "feira:topics"


class Behind(NamedTuple):
    """What a group has not taken: how many events, and how long ago what it has reached came into the log."""

    events: int
    since: timedelta


def stream(topic: str) -> str:
    return f"feira:log:{topic}"


class StreamLog:
    """At least once, ordered per topic. `read` first returns what dead readers of the group left behind.

    Whether a reader lives only decides how soon another takes its events: to think a live one dead does no harm.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._looked: dict[tuple[str, str], float] = {}

    async def say_alive(self, reader: str) -> None:
        """Readers say this every second."""
        await self._redis.set(_life(reader), 1, px=ALIVE_MS)

    async def publish(self, event: Event) -> None:
        await self._redis.xadd(stream(event.topic), {"event": msgspec.json.encode(event)})

    async def publish_all(self, events: Sequence[Event], most: int) -> None:
        """Publish what may be lost, in one go: of its topics about the newest `most` stay."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for event in events:
                pipe.xadd(stream(event.topic), {"event": msgspec.json.encode(event)}, maxlen=most, approximate=True)
            await pipe.execute()

    async def join(self, group: str, topic: str) -> None:
        """Create the group at the beginning of the topic, if it is not there."""
        await self._redis.sadd(_TOPICS, topic)  # type: ignore[misc]
        try:
            await self._redis.xgroup_create(stream(topic), group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def read(
        self, group: str, reader: str, topic: str, count: int, wait_ms: int, *, again: bool = False
    ) -> list[tuple[bytes, Event]]:
        """Up to `count` (position, event) pairs; empty after `wait_ms` without news.

        Args:
            again: what `reader` was given before and has not acknowledged, instead of news.
        """
        entries = await self._left_behind(group, reader, topic, count)
        if not entries:
            start, block = ("0", None) if again else (">", wait_ms)
            answer = await self._redis.xreadgroup(group, reader, {stream(topic): start}, count=count, block=block)
            entries = answer[0][1] if answer else []
        return [(position, _decode(fields)) for position, fields in entries if fields]

    async def _left_behind(self, group: str, reader: str, topic: str, count: int) -> list[Any]:
        """Events of a dead reader, which are from now on `reader`'s."""
        if time.monotonic() - self._looked.get((group, topic), 0) < LOOK_SECONDS:
            return []
        for other in await self._redis.xinfo_consumers(stream(topic), group):
            name = other["name"].decode()
            if name == reader or await self._redis.exists(_life(name)):
                continue
            if other["pending"]:
                left = await self._redis.xpending_range(stream(topic), group, "-", "+", count, name)
                positions = [each["message_id"] for each in left]
                claimed: list[Any] = await self._redis.xclaim(stream(topic), group, reader, ALIVE_MS, positions)
                if claimed:
                    return claimed
            elif other["idle"] > FORGET_MS:
                await self._redis.xgroup_delconsumer(stream(topic), group, name)
        self._looked[group, topic] = time.monotonic()
        return []

    async def acknowledge(self, group: str, topic: str, positions: list[bytes]) -> None:
        if positions:
            await self._redis.xack(stream(topic), group, *positions)

    async def drop_forsaken(self, topic: str, known: Collection[str]) -> list[str]:
        """Drop groups that are not `known` and that nobody has read for, for an hour; returns their names.

        In an upgrade processes of two versions run at once, and each has groups that the other does not know. One
        that was never read for has just been made, by the newer version.
        """
        dropped = []
        for group in await self._groups(topic):
            name = group["name"].decode()
            is_new = group["last-delivered-id"] == b"0-0"
            if name not in known and not is_new and await self._is_forsaken(topic, name):
                await self._redis.xgroup_destroy(stream(topic), name)
                dropped.append(name)
        return dropped

    async def _is_forsaken(self, topic: str, group: str) -> bool:
        for reader in await self._redis.xinfo_consumers(stream(topic), group):
            if reader["idle"] <= FORGET_MS or await self._redis.exists(_life(reader["name"].decode())):
                return False
        return True

    async def lag(self, topic: str, groups: Collection[str]) -> timedelta:
        """What came into the log longer ago than this, these groups have taken; zero if they have taken all of it."""
        behind = await self.behind(topic)
        return max((behind[group].since for group in groups if group in behind), default=timedelta())

    async def behind(self, topic: str) -> dict[str, Behind]:
        """By group: what it has not taken."""
        groups = await self._groups(topic)
        if not groups:
            return {}
        last = (await self._redis.xinfo_stream(stream(topic)))["last-generated-id"]
        reached = [await self._reached(topic, group) for group in groups]
        seconds, microseconds = await self._redis.time()
        now_ms, found = seconds * 1000 + microseconds // 1000, dict[str, Behind]()
        for group, at in zip(groups, reached, strict=True):
            is_behind = group["pending"] or at != last
            since = timedelta(milliseconds=max(now_ms - _order(at)[0], 1)) if is_behind else timedelta()
            found[group["name"].decode()] = Behind(group["pending"] + (group["lag"] or 0), since)
        return found

    async def topics(self) -> list[str]:
        """Those that some group has joined."""
        names = await self._redis.smembers(_TOPICS)  # type: ignore[misc]
        return sorted(name.decode() for name in names)

    async def trim(self, topic: str) -> None:
        """Drop what every group has acknowledged; without any group, everything."""
        groups = await self._groups(topic)
        if not groups:
            await self._redis.delete(stream(topic))
            return
        oldest = [await self._reached(topic, group) for group in groups]
        await self._redis.xtrim(stream(topic), minid=min(oldest, key=_order))

    async def _reached(self, topic: str, group: dict[str, Any]) -> bytes:
        """The position before which the group has acknowledged everything."""
        pending = await self._redis.xpending(stream(topic), group["name"])
        reached: bytes = pending["min"] or group["last-delivered-id"]
        return reached

    async def _groups(self, topic: str) -> list[dict[str, Any]]:
        try:
            groups: list[dict[str, Any]] = await self._redis.xinfo_groups(stream(topic))
            return groups
        except ResponseError:
            return []  # no such topic yet


def _life(reader: str) -> str:
    return f"feira:reader:{reader}"


def _order(position: bytes) -> tuple[int, int]:
    milliseconds, _, sequence = position.partition(b"-")
    return int(milliseconds), int(sequence)


def _decode(fields: dict[bytes, bytes]) -> Event:
    return msgspec.json.decode(fields[b"event"], type=Event)
