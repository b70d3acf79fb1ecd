"""The drill of checkouts kills at named points: each is still there, and whoever reaches it is killed, once."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import psutil
import pytest

from bench import points
from bench.striking import PIDS, STRUCK, Order, Striker, orders_file

ROOT = Path(__file__).resolve().parents[2]
POINT = "worker: before acknowledging an event"
# A process that comes to the point twice, and says whether it lives on.
PROCESS = """
import pathlib, sys
from bench.striking import Striker
for _ in range(2):
    Striker("worker", pathlib.Path(sys.argv[1])).reached("before", "acknowledging an event")
    print("lives on")
"""


def test_every_point_is_a_function_of_the_shop() -> None:
    assert points.missing() == []


def test_a_point_that_was_renamed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = points.Point("web", "reserving", "app.inventory.reservations:no_more")
    monkeypatch.setattr(points, "POINTS", (*points.POINTS, gone))
    assert points.missing() == ["app.inventory.reservations:no_more is no more"]


def test_who_reaches_a_point_that_is_to_be_struck_is_killed_there_once(tmp_path: Path) -> None:
    orders_file(tmp_path, "worker").write_bytes(msgspec.json.encode([Order(POINT, "itself", 1)]))
    command = [sys.executable, "-c", PROCESS, str(tmp_path)]
    killed, again = (subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False) for _ in range(2))
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    assert again.stdout.splitlines() == ["lives on", "lives on"], again.stderr
    assert [json.loads(line) for line in (tmp_path / STRUCK).read_text().splitlines()] == [[POINT, "itself"]]


def test_a_server_is_killed_the_so_manieth_time_that_the_point_is_reached(tmp_path: Path) -> None:
    orders_file(tmp_path, "worker").write_bytes(msgspec.json.encode([Order(POINT, "Valkey server", 2)]))
    server = psutil.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / PIDS).write_text(json.dumps({"Valkey server": [server.pid, server.create_time()]}))
    striker = Striker("worker", tmp_path)
    striker.reached("before", "acknowledging an event")
    assert server.poll() is None
    striker.reached("before", "acknowledging an event")
    assert server.wait(10) == -signal.SIGKILL


def test_a_server_that_is_dead_already_is_not_counted(tmp_path: Path) -> None:
    orders_file(tmp_path, "worker").write_bytes(msgspec.json.encode([Order(POINT, "Valkey server", 1)]))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / PIDS).write_text(json.dumps({"Valkey server": [gone.pid, 0.0]}))
    Striker("worker", tmp_path).reached("before", "acknowledging an event")
    assert not (tmp_path / STRUCK).exists()
