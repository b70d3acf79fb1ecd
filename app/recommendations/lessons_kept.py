"""What was learned is kept in FEIRA_DATA/recommendations from one learning to the next, each worker's machine its own.

It is never the truth: without it, everything is learned anew from the orders. So is it once a day, because what an
order holds may belong to another product meanwhile, and after the clock has gone back.
"""

import contextlib
import shutil
import tempfile
import time
from pathlib import Path

from app.infra.logs import log
from app.infra.settings import settings
from app.recommendations.learning.lessons import Lessons

KEPT_DAYS = 1.0
LEFT_OVER_SECONDS = 6 * 3600


def kept(today: float) -> Lessons:
    """What can be gone on with at the moment (days since 1970); else lessons of nothing. Blocks."""
    found = Lessons.read(_file())
    if found and found.begun <= found.memory.at <= today < found.begun + KEPT_DAYS:
        return found
    return Lessons(today)


def keep(lessons: Lessons) -> None:
    """In the place of those kept before, in one step; a full disk only means that the next learning begins anew."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="new-", dir=folder()) as made:
            new = Path(made) / "lessons"
            lessons.write(new)
            new.replace(_file())
    except OSError as error:
        log("recommendations").warning("what was learned could not be kept", error=str(error))
    _clear_left_overs()


def _clear_left_overs() -> None:
    """Away with what a killed worker was writing."""
    before = time.time() - LEFT_OVER_SECONDS
    for half in folder().glob("new-*"):
        with contextlib.suppress(OSError):
            if half.stat().st_mtime < before:
                shutil.rmtree(half, ignore_errors=True)


def folder() -> Path:
    return settings().feira_data.absolute() / "recommendations"


def _file() -> Path:
    return folder() / "lessons.npz"
