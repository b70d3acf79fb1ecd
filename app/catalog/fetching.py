"""Suppliers' pictures come to us: downloaded a few at once, made into ours one at a time."""

import asyncio
import contextlib
import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from app.catalog import picture_files, wanted_pictures
from app.catalog.wanted_pictures import Due, Got
from app.infra.logs import log
from app.infra.outward import Answer, OutwardFailed, OutwardRefused, download
from app.infra.root import ROOT
from app.infra.settings import settings

AT_ONCE = 8
AT_ONCE_EACH = 2  # from one host, and for one supplier: nobody is pressed, nobody waits for another's slow server
LOOK_SECONDS = 1.0  # for pictures that have become due
RUN_SECONDS = 120.0  # then the next run goes on
DOWNLOAD_SECONDS = 60.0
RESIZE_SECONDS = 60.0
ANY_PICTURE = ("image/*", "*/*")  # servers call pictures many things; their content decides
PASSING = {408, 425, 429}  # and every 5xx: another time it may work
BROKEN = "The picture is broken, or so large or unusual that we cannot read it."

_running = asyncio.Lock()
_resizing = asyncio.Lock()


class NoPicture(Exception):
    """What came is no picture that we show; the message is a sentence for the supplier."""


class Said(msgspec.Struct):
    """What the process that resizes has to say."""

    width: int = 0
    height: int = 0
    refused: str = ""


async def fetch_due() -> int:
    """Fetch what is due, for about RUN_SECONDS; returns how many attempts ended. Does nothing where it runs already."""
    if _running.locked():
        return 0
    async with _running:
        picture_files.clear_left_overs()
        return await Run().until(time.monotonic() + RUN_SECONDS)


class Run:
    """A few attempts at a time; as one ends, the next begins."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], Due] = {}
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE_EACH))

    async def until(self, end: float) -> int:
        done = 0
        try:
            while True:
                if time.monotonic() < end:
                    await self._begin()
                if not self._tasks:
                    return done
                finished, _ = await asyncio.wait(self._tasks, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    del self._tasks[task]
                    task.result()
                done += len(finished)
        finally:
            for task in self._tasks:
                task.cancel()

    async def _begin(self) -> None:
        await wanted_pictures.note_wishes()
        running = Counter(picture.supplier for picture in self._tasks.values())
        busy = [supplier for supplier, count in running.items() if count >= AT_ONCE_EACH]
        most_each = 1 if running else AT_ONCE_EACH  # who has one running already gets one more
        for picture in await wanted_pictures.claim(AT_ONCE - len(self._tasks), most_each, busy):
            self._tasks[asyncio.create_task(self._attempt(picture))] = picture

    async def _attempt(self, picture: Due) -> None:
        async with self._hosts[urlsplit(picture.url).netloc.rpartition("@")[2].lower()]:
            await attempt(picture)


async def attempt(picture: Due) -> None:
    """One try, and what came of it is written down."""
    try:
        outcome = await _fetched(picture)
    except OutwardFailed as failed:
        await wanted_pictures.missed(picture, failed.reason, for_good=False)
    except OutwardRefused as refused:
        await wanted_pictures.missed(picture, refused.reason, for_good=True)
    except NoPicture as nothing:
        await wanted_pictures.missed(picture, str(nothing), for_good=True)
    except OSError as error:  # our disk, not their picture
        log("pictures").warning("picture not kept", key=picture.key, error=repr(error))
        await wanted_pictures.missed(picture, "We could not keep the picture.", for_good=False)
    else:
        if outcome:
            await wanted_pictures.got(picture, outcome)
        else:
            await wanted_pictures.is_as_before(picture)


async def _fetched(picture: Due) -> Got | None:
    """None: it is as we have it.

    Raises:
        OutwardRefused, NoPicture, OSError.
    """
    with picture_files.workplace() as folder:
        answer = await _downloaded(picture, folder / "sent")
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise _not_there(answer.status)
        async with _resizing:
            said = await resized(folder / "sent", folder / "made")
        picture_files.publish(folder / "made", picture.key)
    headers = answer.headers
    return Got(said.width, said.height, answer.size, headers.get("etag", ""), headers.get("last-modified", ""))


async def _downloaded(picture: Due, path: Path) -> Answer:
    headers = {"if-none-match": picture.etag, "if-modified-since": picture.last_modified}
    known = picture.is_ready and picture_files.is_there(picture.key)  # else it has to come anew
    with path.open("wb") as file:
        return await download(
            picture.url,
            file.write,
            max_bytes=settings().picture_max_bytes,
            seconds=DOWNLOAD_SECONDS,
            headers={name: value for name, value in headers.items() if value and known},
            accept=ANY_PICTURE,
        )


def _not_there(status: int) -> Exception:
    reason = f"The server answers {status}, which is not the picture."
    if status in (404, 410):
        reason = f"There is no picture at this address (the server answers {status})."
    return OutwardFailed(reason) if status in PASSING or status >= 500 else NoPicture(reason)


async def resized(picture: Path, folder: Path) -> Said:
    """Let a process of its own make our sizes of `picture` in `folder`: see app/catalog/resizing.py.

    Raises:
        NoPicture: it cannot be done with this file.
        OSError: no process could be started.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.catalog.resizing", str(picture), str(folder)),
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1"},  # none of our secrets
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(RESIZE_SECONDS):
            output, _ = await process.communicate()
        said = msgspec.json.decode(output, type=Said)
    except (TimeoutError, msgspec.DecodeError):  # it did not live to say anything
        raise NoPicture(BROKEN) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if said.refused:
        raise NoPicture(said.refused)
    return said
