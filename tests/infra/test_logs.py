"""What a shop that runs for months writes about itself does not fill its disk."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.shop import Watch
from app.infra.embedded import processes

WRITER = "import sys\nfor line in sys.stdin: print(line, end='', file=sys.stderr, flush=True)"


class Part:
    """A program that says what it is told."""

    name = "part"

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen([sys.executable, "-c", WRITER], stdin=subprocess.PIPE, stderr=output)

    def say(self, words: str) -> None:
        before = self.log.stat().st_size
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n".encode())
        self.process.stdin.flush()
        while self.log.stat().st_size == before:
            pass

    def restart(self) -> None:
        raise AssertionError("it has not ended")


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Part]:
    monkeypatch.setattr(processes.keep_short, "__defaults__", (100,))
    made = Part(tmp_path / "part.log")
    yield made
    made.process.kill()
    made.process.communicate()


def test_of_a_log_a_part_and_the_one_before_are_kept(part: Part) -> None:
    watch, aside = Watch([part]), part.log.with_name("part.log.1")
    part.say("a" * 50)
    watch.look()
    assert not aside.exists()
    for letter in "bcd":
        part.say(letter * 100)
        watch.look()
    part.say("e" * 50)
    watch.look()
    assert aside.read_text() == "d" * 100 + "\n"
    assert part.log.read_text() == "e" * 50 + "\n"  # by the one that has written all the time


def test_a_full_disk_costs_the_log(part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    part.say("a" * 100)
    Watch([part]).look()
    assert part.log.stat().st_size == 0
