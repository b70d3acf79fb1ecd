"""Processes that write an index and are killed meanwhile.

They are forked from one that has loaded everything: to load it anew for each took ten times as long as what they do.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from app.infra.database import connected
from app.search import rebuilding
from app.search.documents import Document, Entry
from app.search.index import Index
from app.search.writing import Writer

TURNS = 24
SECONDS = 60


def index(root: Path) -> None:
    writer = Writer(Index(root))
    for turn in range(2, TURNS):
        _say(str(turn))
        writer.update(taken_out(turn), entries(turn))
        writer.tidy()


def rebuild(root: Path) -> None:
    rebuilding.COMMITTED = 4

    async def main() -> None:
        async with connected():
            await rebuilding.rebuild()

    asyncio.run(main())


def _say(word: str) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def entries(turn: int) -> list[Entry]:
    """Ten products that change at every turn, and one that is new."""
    return [_entry(product, turn) for product in [*range(1, 11), 100 + turn]]


def taken_out(turn: int) -> list[int]:
    return [*range(1, 11), 100 + turn, 97 + turn]


def _entry(product: int, turn: int) -> Entry:
    name, stock, seller = f"lamp {product}", {"LIS": 1}, (("s", "S"),)
    document = Document(
        product, turn, f"p{product}", name, "", "B", "", (("a", "A"),), 1, "S", 100, None, 0, stock, seller, (), 1, 0
    )
    return Entry(document, ["lamp", f"n{product}", f"t{turn}"])


def run(program: Callable[[Path], None], root: Path, moment: int, later: float, said: Path) -> list[str]:
    """What it said until it was killed, or until its end."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([__name__])
    process = forking.Process(target=_killed_at, args=(program, root, moment, later, said, dict(os.environ)))
    process.start()
    process.join(SECONDS)
    assert process.exitcode == -signal.SIGKILL or (process.exitcode == 0 and (later or not moment)), said.read_text()
    return said.read_text().split()


def _killed_at(
    program: Callable[[Path], None], root: Path, moment: int, later: float, said: Path, surroundings: dict[str, str]
) -> None:
    """Ends itself by SIGKILL when it is about to touch its index for the n-th time, or a moment after that."""
    os.environ.update(surroundings)
    with said.open("w") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    touched = 0

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal touched
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and str(root) in str(arguments[0]):
            touched += 1
            if touched == moment:
                if later:
                    threading.Timer(later, kill).start()
                else:
                    kill()

    sys.addaudithook(look)
    program(root)
    _say(f"touched={touched}")
