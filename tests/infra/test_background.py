"""Work in the background leaves a processor to pages while they are asked for."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.infra import background
from app.infra.settings import settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    every = os.sched_getaffinity(0)
    monkeypatch.setattr(settings(), "feira_data", tmp_path)
    monkeypatch.setattr(background, "_noted_at", 0.0)
    monkeypatch.setenv("FEIRA_PROCESSORS", ",".join(map(str, sorted(every))))
    yield tmp_path
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setaffinity(int(task.name), every)


needs_two = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor has none to spare")


@needs_two
def test_every_thread_keeps_away_from_one_processor_while_pages_are_asked_for() -> None:
    every, ended = os.sched_getaffinity(0), threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    background.note_page()
    background.make_room()
    assert other.native_id is not None
    assert os.sched_getaffinity(0) == os.sched_getaffinity(other.native_id) == every - {min(every)}
    ended.set()
    other.join()


@needs_two
def test_all_processors_are_taken_again_when_nobody_has_asked_for_a_while(folder: Path) -> None:
    every = os.sched_getaffinity(0)
    background.note_page()
    background.make_room()
    before = time.time() - background.PAGE_SECONDS
    os.utime(folder / "pages-asked-for", (before, before))
    background.make_room()
    assert os.sched_getaffinity(0) == every


def test_a_process_with_one_processor_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    only = max(os.sched_getaffinity(0))
    monkeypatch.setenv("FEIRA_PROCESSORS", str(only))
    background.note_page()
    background.make_room()
    assert os.sched_getaffinity(0) == {only}


@pytest.mark.parametrize(("path", "counts"), [("/", True), ("/search?q=lamp", True), ("/healthz", False)])
async def test_shoppers_pages_count_and_probes_do_not(client: httpx.AsyncClient, path: str, counts: bool) -> None:
    await client.get(path)
    assert background.pages_are_asked_for() is counts


def test_a_folder_that_cannot_be_written_troubles_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "feira_data", Path("/nowhere"))
    background.note_page()
    assert not background.pages_are_asked_for()
