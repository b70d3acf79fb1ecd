"""The demo's shop is brought in once for a whole run: who needs one that is filled starts from a copy of its folder."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PRODUCTS = 2000  # it has some more


def get(port: int, path: str) -> httpx.Response:
    # `verify`: to read all authorities' certificates, of which none is needed, takes longer than the answer
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20, verify=False)


def products(port: int, *, seconds: float = 15) -> int:
    """What a search finds, once a web process has seen the newest index (it looks several times a second)."""
    deadline = time.monotonic() + seconds
    while True:
        found = re.search(r"([\d,]+) products", get(port, "/search").text)
        count = int(found[1].replace(",", "")) if found else 0
        if count >= PRODUCTS or time.monotonic() > deadline:
            return count
        time.sleep(0.2)


def keep(data: Path) -> None:
    """`data` is the folder of a shop that was filled and has stopped: others may start from it."""
    if place := _kept():
        with _alone(place):
            if not place.exists():
                _copy(data, place)


def take(data: Path, fill: Callable[[Path], None]) -> None:
    """Makes `data` the folder of a filled shop. `fill`, which gets the folder to fill, is called if none is kept yet.

    Without `./feira test` nothing is kept, and nothing done: a shop fills an empty folder by itself.
    """
    if place := _kept():
        with _alone(place):  # who is second waits, which takes less than to fill another at the same time
            if not place.exists():
                fill(data)
                _copy(data, place)
        if not data.exists():
            _copy(place, data)


def _kept() -> Path | None:
    """Where all parallel workers of a run look for it."""
    run = os.environ.get("FEIRA_TEST_SERVERS")
    return Path(run) / "demo-shop" if run else None


def _copy(source: Path, target: Path) -> None:
    """Is there whole or not at all."""
    begun = target.with_name(f"{target.name}-begun")
    shutil.rmtree(begun, ignore_errors=True)
    shutil.copytree(source, begun)
    begun.rename(target)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
