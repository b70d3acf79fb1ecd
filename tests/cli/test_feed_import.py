"""`./feira feed import`: a file on disk becomes a feed, and the command says what came of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# The demo's warehouses and categories; its 2,500 products would take half a minute.
PREPARE = """
import asyncio
from app.cli.surroundings import surroundings
from app.demo import world
from app.infra import database, migrations

async def prepare():
    await migrations.migrate()
    async with database.connected():
        await world.prepare()

with surroundings():
    asyncio.run(prepare())
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop that sells nothing yet, and does not run."""
    made = tmp_path_factory.mktemp("import") / "data"
    done = python(made, "-c", PREPARE)
    assert done.returncode == 0, done.stderr
    return made


def python(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "FEIRA_DATA": str(data), "PYTHONPATH": str(ROOT)}
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        surroundings.pop(name, None)
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=200, check=False)


def feira(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(data, "-m", "app.cli", *arguments)


def imported(data: Path, file: Path, supplier: str = "Quinta Nova") -> dict[str, int]:
    done = feira(data, "feed", "import", str(file), "--supplier", supplier, "--wait", "--json")
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return {name: counts[name] for name in ("received", "rejected", "unchanged", "applied", "withdrawn", "searchable")}


def test_three_versions_of_a_feed_without_a_running_shop(data: Path, tmp_path: Path) -> None:
    """A workbook, a text, and the same text again."""
    book, file = Workbook(), tmp_path / "feed.csv"
    for cells in (
        ["sku", "title", "price", "stock"],
        ["Q1", "Rye bread basket", 12.5, 4],
        ["Q2", "Oat bread basket", 9.9, 4],
        ["Q3", "Basket", None, 1],
    ):
        book.active.append(cells)
    book.save(tmp_path / "catalogue.bin")
    first = imported(data, tmp_path / "catalogue.bin")
    assert first == {"received": 3, "rejected": 1, "unchanged": 0, "applied": 2, "withdrawn": 0, "searchable": 2}
    file.write_text("sku,title,price,stock\nQ1,Rye bread basket,13.50,4\nQ4,Corn bread basket,9.90,4\n")
    second = imported(data, file)
    assert second == {"received": 2, "rejected": 0, "unchanged": 0, "applied": 2, "withdrawn": 1, "searchable": 2}
    third = imported(data, file)
    assert third == {"received": 2, "rejected": 0, "unchanged": 2, "applied": 0, "withdrawn": 0, "searchable": 2}


def test_a_file_that_cannot_be_read_is_said_in_one_line(data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "feed.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    done = feira(data, "feed", "import", str(picture), "--supplier", "Quinta Nova", "--wait", "--json")
    assert done.returncode == 1
    assert "picture" in done.stderr.splitlines()[-1]


def test_the_index_can_be_made_again(data: Path) -> None:
    done = feira(data, "index", "rebuild", "--json")
    assert done.returncode == 0, done.stderr
    products = json.loads(done.stdout)["products"]
    done = feira(data, "index", "rebuild")
    assert f"{products} products" in done.stderr
    index, away = data / "index", data / "index-away"
    index.rename(away)
    index.write_text("no folder")
    try:
        done = feira(data, "index", "rebuild", "--json")
        assert (done.returncode, done.stdout) == (1, "")
        assert "cannot be written" in done.stderr.splitlines()[-1]
    finally:
        index.unlink()
        away.rename(index)
