"""Brings the lists that operators saved from the database to the files that searches read, in every web process.

Searching never asks the database: while that is away, and at a start, the files of before count.
"""

import asyncio
import tempfile
from pathlib import Path

from app.infra.database import fetch, fetch_one
from app.infra.outages import DatabaseUnavailable
from app.infra.recurring import Recurring
from app.search.synonyms.keeping import LANGUAGES, current, edited, look_again

SPREAD_SECONDS = 3.0

_written: dict[str, int] = {}  # language -> version that lies in its file


async def spread() -> None:
    """Write what is newer than this machine's files, and take it up.

    Raises:
        DatabaseUnavailable: what is newest cannot be known.
        OSError: a file could not be written.
    """
    rows = await fetch("SELECT language, max(version) AS version FROM synonym_version GROUP BY language")
    for language, version in ((row["language"], row["version"]) for row in rows):
        if language not in LANGUAGES or (_written.get(language) == version and edited(language).exists()):
            continue
        row = await fetch_one(
            "SELECT text FROM synonym_version WHERE language = $1 AND version = $2", language, version
        )
        if row:
            await asyncio.to_thread(_write, edited(language), row["text"])
            _written[language] = version
            look_again()
    await asyncio.to_thread(current)  # not in a search, nor on the event loop


def _write(path: Path, text: str) -> None:
    """Into place in one step: a search reads the old list or the new one."""
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def forget() -> None:
    """Look at everything anew (for tests)."""
    _written.clear()
    look_again()


async def _keep_up() -> float:
    try:
        await spread()
    except DatabaseUnavailable:  # the lists of before go on counting
        await asyncio.to_thread(current)
    return SPREAD_SECONDS


SPREADING = Recurring("synonyms", _keep_up)
