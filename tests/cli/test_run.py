"""`./feira run` brings everything up by itself, stops cleanly, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests import demo_shop
from tests.demo_shop import PRODUCTS, get, products

ROOT = Path(__file__).resolve().parents[2]

OF_TESTS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


def without_servers(settings: dict[str, str]) -> dict[str, str]:
    """These settings, for a shop that brings its own servers along."""
    others = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    return {**others, "PYTHONPATH": str(ROOT), **settings}


class Run:
    """A shop started as a person starts it."""

    def __init__(self, data: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = data.parent / "run.log"
        surroundings = without_servers({"FEIRA_DATA": str(data), "PORT": str(self.port)})
        with self.log.open("wb") as output:
            command = [sys.executable, "-m", "app.cli", "run"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**surroundings, **settings}, stdout=output, stderr=output
            )
        self.children: list[psutil.Process] = []

    def until_open(self, seconds: float = 240) -> "Run":
        deadline = time.monotonic() + seconds
        while "operator " not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        self.children = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str) -> httpx.Response:
        return get(self.port, path)

    def end(self, with_signal: int) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(60)

    def survivors(self, seconds: float = 20) -> list[str]:
        """Command lines of children that still run after `seconds`."""
        _, alive = psutil.wait_procs(self.children, timeout=seconds)
        return [line for child in alive if (line := command_line(child))]


def command_line(process: psutil.Process) -> str:
    """Empty for a process that is over, or is a zombie that its parent has not asked about yet."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@dataclass(frozen=True)
class Started:
    """A shop that was started, looked at and ended."""

    seconds: float
    readiness: int
    products: int
    said: str
    status: int
    survivors: list[str]


def start_and_end(data: Path, with_signal: int) -> Started:
    began = time.monotonic()
    shop = Run(data)
    try:
        shop.until_open()
        seconds = time.monotonic() - began
        readiness, found = shop.get("/readyz").status_code, products(shop.port)
        status = shop.end(with_signal)
        return Started(seconds, readiness, found, shop.said(), status, shop.survivors())
    finally:
        shop.process.kill()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop") / "data"


@pytest.fixture(scope="module")
def first(data: Path) -> Started:
    made = start_and_end(data, signal.SIGINT)
    if made.products >= PRODUCTS:
        demo_shop.keep(data)
    return made


@pytest.fixture(scope="module")
def second(first: Started, data: Path) -> Started:
    return start_and_end(data, signal.SIGKILL)


@pytest.fixture(scope="module")
def running(second: Started, data: Path) -> Iterator[Run]:
    """The third start: a shop that several tests look at, and none of them ends."""
    shop = Run(data, WEB_WORKERS="2").until_open()
    yield shop
    shop.children = psutil.Process(shop.process.pid).children(recursive=True)
    assert shop.end(signal.SIGTERM) == 0
    assert not shop.survivors()


def test_a_fresh_folder_becomes_a_shop_that_sells_and_ctrl_c_leaves_nothing(first: Started) -> None:
    assert first.readiness == 200
    assert first.products >= PRODUCTS
    assert first.status == 0
    assert "Stopped." in first.said
    assert not first.survivors


def test_the_second_start_takes_seconds_and_keeps_the_data(second: Started) -> None:
    assert second.seconds < 15
    assert second.products >= PRODUCTS
    assert "Bringing in" not in second.said


def test_kill_9_leaves_no_child_and_the_next_start_recovers(second: Started, running: Run) -> None:
    assert second.status == -signal.SIGKILL
    assert not second.survivors
    assert products(running.port) >= PRODUCTS


def test_web_servers_or_a_worker_that_are_killed_come_back(running: Run) -> None:
    for child in psutil.Process(running.process.pid).children(recursive=True):
        if any(name in command_line(child) for name in ("granian", "workers.main")):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if running.get("/healthz").status_code == 200:
                break
        assert time.monotonic() < deadline
        time.sleep(0.2)
    while 'feira_processes{part="web"} 2.0' not in running.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_database_that_is_killed_comes_back_and_the_shop_goes_on(running: Run) -> None:
    for server in ("valkey-server", "bin/postgres"):
        victim = next(c for c in psutil.Process(running.process.pid).children() if server in command_line(c))
        victim.kill()
        deadline = time.monotonic() + 60
        while not any(server in command_line(c) for c in psutil.Process(running.process.pid).children() if c != victim):
            assert time.monotonic() < deadline, running.said()
            time.sleep(0.2)
        while running.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline, running.said()
            time.sleep(0.2)
        assert running.get("/cart").status_code == 200
    assert "The PostgreSQL server stopped" in running.said() and "The Valkey server stopped" in running.said()


def test_a_second_shop_on_the_same_folder_says_so(running: Run, data: Path) -> None:
    assert "another shop is running" in refused({"FEIRA_DATA": str(data)})


def test_the_demo_again_changes_nothing(running: Run, data: Path) -> None:
    before = products(running.port)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "demo"],
        cwd=ROOT,
        env=without_servers({"FEIRA_DATA": str(data)}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert products(running.port) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_web_server_run_alone_from_any_folder_leaves_nothing_behind(
    running: Run, data: Path, number: signal.Signals
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = without_servers({"FEIRA_DATA": str(data), "PORT": str(port)})
    alone = subprocess.Popen([sys.executable, "-m", "app.cli", "web"], cwd=ROOT / "app", env=surroundings)
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if get(port, "/healthz").status_code == 200:
                break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    children = psutil.Process(alone.pid).children(recursive=True)
    alone.send_signal(number)
    alone.wait(30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]


def refused(settings: dict[str, str]) -> str:
    """What `run` says on standard error when it cannot start: one line, and a status that is not 0."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused({"PORT": str(taken.getsockname()[1]), "FEIRA_DATA": str(tmp_path / "data")})
    assert "PORT: cannot listen on" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("SHOP_TIMEZONE", "Lisbon"),
        ("DATABASE_URL", "mysql://x"),
        ("RESERVATION_MINUTES", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_setting_is_said_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    assert f"{name}:" in refused({"FEIRA_DATA": str(tmp_path / "data"), name: value})


def test_a_data_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "FEIRA_DATA:" in refused({"FEIRA_DATA": str(tmp_path / "file")})
    assert "FEIRA_DATA:" in refused({"FEIRA_DATA": "/proc/feira"})


def test_one_server_of_ones_own_is_not_enough(tmp_path: Path) -> None:
    said = refused(
        {"FEIRA_DATA": str(tmp_path / "data"), "DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "REDIS_URL": ""}
    )
    assert "set both DATABASE_URL and REDIS_URL" in said
