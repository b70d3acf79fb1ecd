"""`./feira dead-letters` and `./feira cache rebuild`, as a person or a program calls them."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from app.cli.commands import main
from app.infra.database import fetch
from tests.events.burying import buried
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]


async def feira(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the servers of this test."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


async def test_letters_are_listed_for_people_and_for_programs(world: World) -> None:
    assert (await feira("dead-letters", "list")).stdout == "No dead letter waits.\n"
    number = await buried()
    said = (await feira("dead-letters", "list")).stdout
    assert f"{number}  " in said and "search on products: ValueError: no" in said
    [found] = json.loads((await feira("dead-letters", "list", "--json")).stdout)
    assert (found["id"], found["state"], found["attempts"]) == (number, "waiting", 5)


async def test_one_letter_is_sent_again_or_all_of_a_topic(world: World) -> None:
    first, _, other = await buried(), await buried(), await buried("catalog", "offers")
    done = await feira("dead-letters", "replay", str(first))
    assert (done.returncode, done.stdout) == (0, "1 event will come again.\n")
    refused = await feira("dead-letters", "replay", str(first))
    assert refused.returncode == 1
    assert refused.stderr == f"feira: no dead letter {first} is waiting\n"
    assert (await feira("dead-letters", "replay", "--all", "--topic", "products")).stdout.startswith("1 event ")
    waiting = json.loads((await feira("dead-letters", "list", "--json")).stdout)
    assert [each["id"] for each in waiting] == [other]
    assert len(await fetch("SELECT 1 FROM outbox WHERE relayed_at IS NULL")) == 2


async def test_a_letter_is_laid_aside_with_a_note(world: World) -> None:
    number = await buried()
    refused = await feira("dead-letters", "discard", str(number), "--note", " ")
    assert (refused.returncode, refused.stderr) == (1, "feira: --note: say why it can be discarded\n")
    assert (await feira("dead-letters", "discard", str(number), "--note", "old")).returncode == 0
    [found] = json.loads((await feira("dead-letters", "list", "--settled", "--json")).stdout)
    assert (found["state"], found["note"]) == ("discarded", "old")


def test_the_command_says_what_it_needs(environment: None) -> None:
    for arguments in ((), ("1", "--all"), ("1", "--topic", "offers"), ("0",), ("x",)):
        assert CliRunner().invoke(main, ["dead-letters", "replay", *arguments]).exit_code == 2


async def test_the_cache_is_made_again(world: World) -> None:
    await world.product()
    done = await feira("cache", "rebuild")
    assert done.returncode == 0, done.stderr
    assert "1 product is in the cache again" in done.stderr


async def test_a_cache_that_is_away_is_said_in_one_line(world: World) -> None:
    done = await feira("cache", "rebuild", REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("feira: REDIS_URL:")
