"""The drill's side of kills at named points: each point meets each victim, in a seeded order, spread over the run."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import psutil

from app.cli.shop import Watched
from bench import points
from bench.striking import PIDS, STRUCK, Order, orders_file

LOOK_SECONDS = 0.2
PAUSE_SECONDS = (0.5, 2.5)  # from one strike of a part to when it waits for the next
AT_ONCE = 3  # a part waits at so many points: which of them comes first is left to the buyers
SPREAD = 0.85  # of the run; what is left over comes at its end
MOST_TIMES = {"web": 3, "worker": 1}  # that a point is reached before it is struck; many a worker's is reached seldom


class Strikes:
    def __init__(self, folder: Path, watched: Sequence[Watched], seed: int, only: str = "") -> None:
        self._folder = folder
        self._servers = {each.name: each for each in watched if each.name in points.VICTIMS}
        self._chance = random.Random(seed)
        self._decks = {part: self._deck(part, only) for part in ("web", "worker")}
        self._sizes = {part: len(deck) for part, deck in self._decks.items()}
        self._next = dict.fromkeys(self._decks, 0.0)
        self._noted = 0
        self.hits: Counter[tuple[str, str]] = Counter()  # (point, victim)
        self.last = time.monotonic()

    def _deck(self, part: str, only: str) -> list[Order]:
        deck = [
            Order(name, victim, self._chance.randint(1, MOST_TIMES[part]))
            for name in points.names(part)
            for victim in points.VICTIMS
            if only in name
        ]
        self._chance.shuffle(deck)
        return deck

    @property
    def left(self) -> list[Order]:
        """What has not been struck."""
        return [order for deck in self._decks.values() for order in deck]

    async def until(self, done: Callable[[], bool], share: Callable[[], float]) -> None:
        """Strike until `done`; `share` says how much of the run is behind us, from 0 to 1."""
        while not done():
            self._tell_pids()
            self._read_notes()
            for part, deck in self._decks.items():
                struck = self._sizes[part] - len(deck)
                if deck and struck <= share() / SPREAD * self._sizes[part]:
                    self._order(part, deck)
            await asyncio.sleep(LOOK_SECONDS)
        for part in self._decks:
            orders_file(self._folder, part).unlink(missing_ok=True)
        self._read_notes()

    def _order(self, part: str, deck: list[Order]) -> None:
        file = orders_file(self._folder, part)
        if file.exists() or time.monotonic() < self._next[part]:
            return
        self._write(file, msgspec.json.encode(deck[:AT_ONCE]))
        self._next[part] = time.monotonic() + self._chance.uniform(*PAUSE_SECONDS)

    def _tell_pids(self) -> None:
        pids = {}
        for name, server in self._servers.items():
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(server.process.pid)
                pids[name] = (process.pid, process.create_time())
        if len(pids) == len(self._servers):
            self._write(self._folder / PIDS, json.dumps(pids).encode())

    def _write(self, file: Path, content: bytes) -> None:
        """At once, because the shop reads it at any moment."""
        whole = file.with_suffix(".new")
        whole.write_bytes(content)
        whole.rename(file)

    def _read_notes(self) -> None:
        notes = self._folder / STRUCK
        lines = notes.read_text().splitlines() if notes.exists() else []
        for line in lines[self._noted :]:
            point, victim = json.loads(line)
            self.hits[point, victim] += 1
            self.last = time.monotonic()
            part = point.partition(":")[0]
            self._next[part] = self.last + self._chance.uniform(*PAUSE_SECONDS)
            deck = self._decks[part]
            deck[:] = [order for order in deck if (order.point, order.victim) != (point, victim)]
        self._noted = len(lines)
