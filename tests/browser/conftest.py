"""A real shop, started as a person starts it, and a real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from weakref import WeakSet

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import demo_shop

ROOT = Path(__file__).resolve().parents[2]
# Playwright's own list, which this flag takes the place of, and what each window would open for its address bar.
FEATURES = (
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,MediaRouter,LensOverlay,OptimizationHints,"
    "DestroyProfileOnBrowserClose,AvoidUnnecessaryBeforeUnloadCheckSync,ThirdPartyStoragePartitioning,AimEnabled,"
    "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"
)
FLAGS = [
    f"--disable-features={FEATURES}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 390, 1280
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(PHONE, "light"), (DESK, "dark")]
# Who comes: (width, with JavaScript). Two are enough where a page asks for neither by name.
EVERYBODY = [(PHONE, True), (PHONE, False), (DESK, True), (DESK, False)]
VISITORS = [(PHONE, True), (DESK, False)]
WITHOUT_SCRIPTS: WeakSet[BrowserContext] = WeakSet()

START_SECONDS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a process waits until its shop is filled and open: on a loaded machine that takes minutes."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(2 * START_SECONDS + 120))


@dataclass(frozen=True)
class Shop:
    url: str
    password: str
    supplier: str
    shopper: str


@pytest.fixture(scope="session", autouse=True)
def environment() -> None:
    """Browser tests have a whole shop of their own; the servers of the other tests are not needed."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """`./feira run` with the demo catalogue, in a data folder of its own; stopped with Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="feira-browser-") as folder:
        data = Path(folder) / "data"
        demo_shop.take(data, _fill)
        with _running(data) as opened:
            yield opened


def _fill(data: Path) -> None:
    with _running(data) as shop:
        found = demo_shop.products(int(shop.url.rpartition(":")[2]), seconds=START_SECONDS)
    assert found >= demo_shop.PRODUCTS


@contextmanager
def _running(data: Path) -> Iterator[Shop]:
    port = _free_port()
    surroundings = {**os.environ, "PORT": str(port), "FEIRA_DATA": str(data), "PYTHONPATH": str(ROOT)}
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FEIRA_TEST_SERVERS"):
        surroundings.pop(name, None)
    said_in = data.with_suffix(".log")
    with said_in.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"], cwd=ROOT, env=surroundings, stderr=log, stdout=log
        )
    try:
        said = _until_open(process, said_in)
        yield Shop(f"http://127.0.0.1:{port}", *_sign_ins(said))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _until_open(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        said = log.read_text(errors="replace")
        if "operator " in said:
            return said
        assert process.poll() is None, f"the shop stopped: {said}"
        time.sleep(0.2)
    raise AssertionError(f"the shop did not open in {START_SECONDS} s: {log.read_text(errors='replace')}")


def _sign_ins(said: str) -> tuple[str, str, str]:
    """(password, supplier's address, shopper's address) as printed."""
    found = dict(re.findall(r"(shopper|supplier|operator)\s+(\S+@\S+)", said))
    password = re.search(r"shopper\s+\S+\s+(\S+)", said)
    assert password is not None, said
    return password[1], found["supplier"], found["shopper"]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    arguments = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    path = os.environ.get("FEIRA_CHROMIUM") or "/usr/bin/chromium"
    browser = playwright_driver.chromium.launch(executable_path=path, args=arguments)
    yield browser
    browser.close()


def named(visitor: tuple[int, bool]) -> str:
    return f"{visitor[0]}-{'js' if visitor[1] else 'nojs'}"


@pytest.fixture(params=VISITORS, ids=named)
def visit(request: pytest.FixtureRequest, chromium: Browser, shop: Shop) -> Iterator[BrowserContext]:
    """A visitor's browser, with JavaScript and without."""
    width, javascript = request.param
    context = new_context(chromium, shop, width=width, javascript=javascript)
    yield context
    context.close()


def height(width: int) -> int:
    return 844 if width < 600 else 900


def new_context(chromium: Browser, shop: Shop, *, width: int, javascript: bool = True) -> BrowserContext:
    context = chromium.new_context(
        base_url=shop.url,
        viewport={"width": width, "height": height(width)},
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    if not javascript:
        WITHOUT_SCRIPTS.add(context)
    return context


@pytest.fixture
def page(visit: BrowserContext) -> Page:
    return visit.new_page()
