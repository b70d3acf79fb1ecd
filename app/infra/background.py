"""What work in the background takes of this machine: what is left over, and not all processors while pages are wanted.

A low priority alone does not keep it out of the way: what the kernel does for it (a write, a page fault) ends before a
page gets the processor, so a page that needs several processes waits several times. A processor that the work keeps
away from is free at once. Measured on two: the 95th percentile of pages beside a large feed was 26-59 % above the quiet
one before, and as good as equal with one processor kept free.
"""

import contextlib
import os
import time
from pathlib import Path
from typing import Any

from app.infra.settings import settings

PAGE_SECONDS = 3.0  # after a page that pages are still expected
NOTE_SECONDS = 0.5  # between two notes of a web process

_ALLOWED = "FEIRA_PROCESSORS"  # for children: their own affinity may be the one that makes room at the moment

_noted_at = 0.0
_backends: set[int] = set()


def _note() -> Path:
    return settings().feira_data / "pages-asked-for"


def note_page() -> None:
    """A web process was asked for a page; told to the other processes of this machine now and then."""
    global _noted_at
    if time.monotonic() - _noted_at >= NOTE_SECONDS:
        _noted_at = time.monotonic()
        with contextlib.suppress(OSError):  # then background work takes more than it should
            _note().touch()


def pages_are_asked_for() -> bool:
    try:
        return time.time() - _note().stat().st_mtime < PAGE_SECONDS
    except OSError:
        return False


def processors() -> set[int]:
    """The processors that this process may take when nobody looks at pages; its children ask for the same."""
    if _ALLOWED not in os.environ:
        os.environ[_ALLOWED] = ",".join(map(str, sorted(os.sched_getaffinity(0))))
    return {int(number) for number in os.environ[_ALLOWED].split(",")}


def make_room() -> None:
    """Leave one processor to pages while they are asked for: all our threads, and what PostgreSQL does for us."""
    wanted = processors()
    if pages_are_asked_for() and len(wanted) > 1:
        wanted.remove(min(wanted))
    threads = [int(each.name) for each in Path("/proc/self/task").iterdir()]
    for task in [*threads, *filter(_is_backend, tuple(_backends))]:
        with contextlib.suppress(OSError):  # it has ended, or is not ours
            os.sched_setaffinity(task, wanted)


async def as_nice_as_we_are(connection: Any) -> None:
    """What a process of low priority asks of the private server has low priority there, too (for a pool's `init`)."""
    backend = connection.get_server_pid()
    if _is_backend(backend):  # else it is on another machine
        _backends.add(backend)
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, backend, os.getpriority(os.PRIO_PROCESS, 0))


def _is_backend(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"postgres:")
    except OSError:
        _backends.discard(process)
        return False
