"""What an upload leaves behind when its process is killed goes away; what a feed needs stays."""

import os
import time
from pathlib import Path

from app.infra.database import fetch
from app.suppliers.arriving import Arrival, feeds_folder
from app.suppliers.leftovers import AGE_SECONDS, sweep_leftovers
from tests.suppliers.line import row, send
from tests.world import World


def grow_old(path: Path) -> Path:
    before = time.time() - AGE_SECONDS - 60
    os.utime(path, (before, before))
    return path


def half_an_upload() -> Path:
    Arrival().write(b"sku,ti")  # and then the process was killed
    return max((feeds_folder() / "arriving").iterdir(), key=lambda path: path.stat().st_mtime_ns)


async def test_half_an_upload_goes_after_a_day_and_not_while_it_may_still_be_written(world: World) -> None:
    old, new = grow_old(half_an_upload()), half_an_upload()
    await sweep_leftovers()
    assert not old.exists()
    assert new.exists()
    new.unlink()  # other tests look into this folder


async def test_the_file_of_a_feed_stays_however_old_and_one_without_a_feed_goes(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, [row("S1")])
    needed = grow_old(feeds_folder() / (await fetch("SELECT path FROM feed WHERE id = $1", feed))[0]["path"])
    orphan = needed.with_name("0123456789abcdef-01234567")
    orphan.write_bytes(b"sku")
    grow_old(orphan)
    await sweep_leftovers()
    assert needed.exists()
    assert not orphan.exists()
