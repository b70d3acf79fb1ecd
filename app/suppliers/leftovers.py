"""Files that nobody will ask for: of uploads that ended with their process, and of feeds never written down."""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

from app.infra.database import fetch
from app.suppliers.arriving import arriving_folder, feeds_folder

AGE_SECONDS = 86_400.0  # by then nobody is still writing it


async def sweep_leftovers() -> int:
    """Delete them; returns how many. A file that a feed names is never among them."""
    halves = await asyncio.to_thread(_old, arriving_folder().glob("*"))
    stored = await asyncio.to_thread(_old, feeds_folder().glob("[0-9]*/*"))
    names = {f"{path.parent.name}/{path.name}": path for path in stored}
    known = await fetch("SELECT DISTINCT path FROM feed WHERE path = ANY($1)", list(names))
    for row in known:
        del names[row["path"]]
    gone = [*halves, *names.values()]
    await asyncio.to_thread(_delete, gone)
    return len(gone)


def _old(paths: Iterable[Path]) -> list[Path]:
    before = time.time() - AGE_SECONDS
    return [path for path in paths if path.is_file() and path.stat().st_mtime < before]


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
