"""Whom the drill kills: parts of a running shop, each about as often as the others, in a seeded order."""

import contextlib
import os
import random
import signal
from collections.abc import Sequence

import psutil

from app.cli.shop import Watched

WATCHED = {"worker": "worker", "postgres": "PostgreSQL server", "valkey": "Valkey server"}
CHILDREN = {"indexer": "workers.indexer", "reader": "workers.reader"}  # of the worker, which starts them again


class Victims:
    """The reader of a large feed lives for seconds only, so it comes first whenever there is one to be killed."""

    def __init__(self, watched: Sequence[Watched], kills: int, seed: int) -> None:
        self._watched = {each.name: each for each in watched}
        names = [*WATCHED, *CHILDREN]
        self._deck = (names * (kills // len(names) + 1))[:kills]
        random.Random(seed).shuffle(self._deck)

    def kill_next(self) -> str | None:
        """Kill -9; returns the name, or None if none of those whose turn it is lives just now."""
        for name in sorted(self._deck, key=lambda name: name != "reader"):
            if pid := self._pid(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self._deck.remove(name)
                    return name
        return None

    def _pid(self, name: str) -> int | None:
        process = self._watched[WATCHED.get(name, "worker")].process
        if name in WATCHED:
            return process.pid if process.poll() is None else None
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(process.pid).children():
                if CHILDREN[name] in child.cmdline():
                    return child.pid
        return None
