"""The event log on Redis Streams: publish, read as a group, acknowledge."""

from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.events.event import Event

CLAIM_AFTER_MS = 60_000  # above the slowest handler


def stream(topic: str) -> str:
    return f"feira:log:{topic}"


class StreamLog:
    """At least once, ordered per topic. `read` first returns what a dead reader of the group left behind."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, event: Event) -> None:
        await self._redis.xadd(stream(event.topic), {"event": msgspec.json.encode(event)})

    async def join(self, group: str, topic: str) -> None:
        """Create the group at the beginning of the topic, if it is not there."""
        try:
            await self._redis.xgroup_create(stream(topic), group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def read(self, group: str, reader: str, topic: str, count: int, wait_ms: int) -> list[tuple[bytes, Event]]:
        """Up to `count` (position, event) pairs; empty after `wait_ms` without news."""
        claimed = await self._redis.xautoclaim(stream(topic), group, reader, CLAIM_AFTER_MS, count=count)
        entries = claimed[1]
        if not entries:
            answer = await self._redis.xreadgroup(group, reader, {stream(topic): ">"}, count=count, block=wait_ms)
            entries = answer[0][1] if answer else []
        return [(position, _decode(fields)) for position, fields in entries if fields]

    async def acknowledge(self, group: str, topic: str, positions: list[bytes]) -> None:
        if positions:
            await self._redis.xack(stream(topic), group, *positions)

    async def is_idle(self, topic: str) -> bool:
        """Whether every group of the topic has taken all that is in the log."""
        groups = await self._groups(topic)
        return all(group["pending"] == 0 and group.get("lag") in (0, None) for group in groups)

    async def trim(self, topic: str) -> None:
        """Drop what every group has acknowledged; without any group, everything."""
        groups = await self._groups(topic)
        if not groups:
            await self._redis.delete(stream(topic))
            return
        oldest: list[bytes] = []
        for group in groups:
            pending = await self._redis.xpending(stream(topic), group["name"])
            oldest.append(pending["min"] or group["last-delivered-id"])
        await self._redis.xtrim(stream(topic), minid=min(oldest, key=_order))

    async def _groups(self, topic: str) -> list[dict[str, Any]]:
        try:
            groups: list[dict[str, Any]] = await self._redis.xinfo_groups(stream(topic))
            return groups
        except ResponseError:
            return []  # no such topic yet


def _order(position: bytes) -> tuple[int, int]:
    milliseconds, _, sequence = position.partition(b"-")
    return int(milliseconds), int(sequence)


def _decode(fields: dict[bytes, bytes]) -> Event:
    return msgspec.json.decode(fields[b"event"], type=Event)


def event_of(row: Any) -> Event:
    """The event in an outbox row."""
    return Event(UUID(str(row["event_id"])), row["topic"], row["key"], msgspec.json.decode(row["payload"]))
