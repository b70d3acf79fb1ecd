"""`./feira feed import --wait` and the first start: who waits is told how far a feed has come, and not for ever."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from app.cli import feeds
from app.cli.failures import CannotContinue
from app.suppliers import receiving
from tests.world import World

TWO_ROWS = "sku,title,price,stock\nA1,Lamp,48.90,4\nA2,Mug,9.90,4\n"


async def test_a_feed_that_nobody_reads_is_waited_for_and_then_given_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SAY_SECONDS", 0)
    monkeypatch.setattr(feeds, "GIVE_UP_SECONDS", 0.5)
    file = tmp_path / "two.csv"
    file.write_text(TWO_ROWS)
    feed = await receiving.receive_file(await world.supplier(), file, mode="full")
    said = io.StringIO()
    with pytest.raises(CannotContinue, match=r"0 of 0 rows are in the catalogue, 0 searchable.*worker\.log"):
        await feeds.follow([feed], Console(file=said, width=200))
    assert said.getvalue().count("waiting on") == 1
