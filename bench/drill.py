"""The course of the drill of kills: feeds in waves, kills among them, and the comparison when the shop is at rest."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError
from rich.console import Console

from app.catalog.sellers import supplier_of
from app.demo import world
from app.events.log import StreamLog
from app.infra import queue, redis
from app.infra.database import connected
from app.infra.outages import DatabaseUnavailable
from app.search.rebuilding import rebuild
from app.suppliers.arriving import Arrival, copy_in
from app.suppliers.receiving import SentBefore, receive
from bench.drill_checks import Sent, differences, indexed, unfinished, violations
from bench.drill_feeds import LARGE_BYTES, Range, Shelf, read
from bench.victims import Victims

SMALL_ROWS = 300
PAUSE_SECONDS = 2.5  # between two kills, at most
WAVE_KILLS = (3, 7)
REST_SECONDS = 180.0  # for a wave to come to rest after its last kill
LOOK_SECONDS, TELL_SECONDS = 0.25, 15.0

console = Console(stderr=True, highlight=False)


@dataclass
class Result:
    seed: int
    kills: int = 0
    by_victim: dict[str, int] = field(default_factory=dict)
    by_stage: dict[str, int] = field(default_factory=dict)  # what the feeds were at
    waves: int = 0
    feeds: int = 0
    rows: int = 0
    seconds: float = 0.0
    converged_seconds: list[float] = field(default_factory=list)  # from the last kill of a wave to the shop at rest
    converged_max: float = 0.0
    converged_p95: float = 0.0
    violations: list[str] = field(default_factory=list)


class Supplier:
    """What one supplier sends in a wave: the mode of each of its files."""

    def __init__(self, id: int, name: str, sells: Range, modes: tuple[str, ...]) -> None:
        self.id, self.name, self.sells, self.modes = id, name, sells, modes
        self.shelf = Shelf()


class Drill:
    def __init__(self, folder: Path, victims: Victims, kills: int, seed: int, rows: int) -> None:
        self._folder, self._victims, self._kills, self._rows = folder, victims, kills, rows
        self._moments = random.Random(seed)
        self.result = Result(seed)
        self._sent: list[Sent] = []
        self._waits: list[str] = []

    async def run(self) -> None:
        """Fills `result`. Raises whatever makes it meaningless."""
        started = time.monotonic()
        async with connected():
            await world.prepare()
            self._log = StreamLog(redis.client(patient=True))
            suppliers = await self._suppliers()
            while self.result.kills < self._kills and not self.result.violations:
                await self._wave(suppliers)
            if not self.result.violations:
                by_events = await asyncio.to_thread(indexed)
                await rebuild()
                self.result.violations += differences(by_events, await asyncio.to_thread(indexed))
            await queue.close()
            await redis.close()
        self.result.seconds = round(time.monotonic() - started, 1)

    async def _suppliers(self) -> list[Supplier]:
        """Each with chances of its own, so that the same seed makes the same files, whatever is killed when."""
        large = {"width": LARGE_BYTES // self._rows}
        made: tuple[tuple[str, int, dict[str, Any], tuple[str, ...]], ...] = (
            ("Grande", self._rows, large, ("full",)),
            ("Norte", SMALL_ROWS, {"shares": True}, ("full", "delta")),
            ("Sul", SMALL_ROWS, {"shares": True}, ("delta", "full")),
            ("Miúdo", 40, {}, ("full", "again", "delta")),
        )
        suppliers = []
        for place, (name, rows, more, modes) in enumerate(made, 1):
            chance = random.Random(self.result.seed * 10 + place)
            suppliers.append(Supplier((await supplier_of(name))[0], name, Range(place, rows, chance, **more), modes))
        return suppliers

    async def _wave(self, suppliers: list[Supplier]) -> None:
        self.result.waves += 1
        sending = asyncio.gather(*(self._send_all(each) for each in suppliers))
        looking = asyncio.create_task(self._look(sending))
        last = time.monotonic()
        for _ in range(min(self._moments.randint(*WAVE_KILLS), self._kills - self.result.kills)):
            await asyncio.wait([looking], timeout=self._moments.uniform(0.1, PAUSE_SECONDS))
            if looking.done():
                break
            self._kill()
            last = time.monotonic()
        await sending
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(looking, REST_SECONDS)
        await self._judge(suppliers, round(time.monotonic() - last, 1), rested=not self._waits)

    async def _judge(self, suppliers: list[Supplier], seconds: float, *, rested: bool) -> None:
        found = self.result
        found.converged_seconds.append(seconds)
        by_seconds = sorted(found.converged_seconds)
        found.converged_max, found.converged_p95 = by_seconds[-1], by_seconds[ceil(0.95 * len(by_seconds)) - 1]
        if not rested:
            found.violations += [
                f"not at rest {REST_SECONDS:.0f} s after the last kill: {each}" for each in self._waits
            ]
        found.violations += await violations(self._sent, {each.id: each.shelf for each in suppliers})
        console.print(f"Wave {found.waves}: {found.kills} kills so far, at rest {seconds} s after the last one.")

    def _kill(self) -> None:
        if victim := self._victims.kill_next():
            stage = self._stage()
            console.print(f"  killed: {victim}, while {stage}")
            self.result.kills += 1
            for counts, key in ((self.result.by_victim, victim), (self.result.by_stage, stage)):
                counts[key] = counts.get(key, 0) + 1

    def _stage(self) -> str:
        said = " ".join(self._waits)
        return next((stage for stage in ("reading", "applying", "waiting") if f" is {stage}" in said), "following")

    async def _look(self, sending: "asyncio.Future[list[None]]") -> None:
        """Until the shop is at rest: everything was sent, and nothing is left to be done."""
        told = time.monotonic()
        while True:
            with contextlib.suppress(DatabaseUnavailable, RedisError, OSError):
                sent = sending.done()
                self._waits = await unfinished(self._sent, self._log)
                if sent and not self._waits:
                    return
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                console.print("  still to do:", "; ".join(self._waits)[:400], markup=False)
            await asyncio.sleep(LOOK_SECONDS)

    async def _send_all(self, supplier: Supplier) -> None:
        for place, mode in enumerate(supplier.modes):
            path = self._folder / f"{supplier.name}-{self.result.waves}-{place}.csv"
            if mode == "again":
                path = self._folder / f"{supplier.name}-{self.result.waves}-{place - 1}.csv"
            elif mode == "full":
                supplier.sells.full(path)
            else:
                supplier.sells.delta(path)
            await self._send(supplier, path, "delta" if mode == "delta" else "full", f"{self.result.waves}-{place}")

    async def _send(self, supplier: Supplier, path: Path, mode: str, key: str) -> None:
        """As a supplier's program does: what was not answered is sent once more, under the same key."""
        said = read(path)
        feed = 0
        while not feed:
            try:
                with Arrival() as arrival:
                    await asyncio.to_thread(copy_in, path, arrival)
                    feed = await receive(supplier.id, path.name, arrival, mode=mode, idempotency_key=key)
            except SentBefore as before:
                feed = before.feed
            except DatabaseUnavailable:
                await asyncio.sleep(0.3)
        self._sent.append(Sent(feed, supplier.shelf.take(said, mode)))
        self.result.feeds += 1
        self.result.rows += said.received
