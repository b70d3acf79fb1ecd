"""`./feira test`: servers once for all parallel workers, a browser found or installed, then pytest."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import click

from app.cli.failures import CannotContinue
from app.cli.surroundings import python
from app.infra.embedded import servers
from app.infra.root import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PARALLEL = "2"
DOWNLOAD_SECONDS = 300


def run_tests(paths: list[str], *, browser: bool) -> int:
    """Pytest's exit status: 0 only when every test passed."""
    environment = dict(os.environ)
    for name in ("DATABASE_URL", "REDIS_URL", "FEIRA_DATA", "SECRET_KEY", "PORT", "BASE_URL"):
        environment.pop(name, None)  # tests never touch a real shop
    # Tests start hundreds of processes: each would compile all of Feira anew, as many containers are set up to do.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if browser:
        environment["FEIRA_CHROMIUM"] = find_chromium()
    with tempfile.TemporaryDirectory(prefix="feira-test-") as name:
        folder = Path(name)
        options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        with servers.postgres(folder, **options), servers.valkey(folder):
            environment["FEIRA_TEST_SERVERS"] = name
            status = 0
            in_browser = [path for path in paths if path.startswith("tests/browser")]
            others = [path for path in paths if path not in in_browser]
            if others or not paths:
                spread = ("-n", PARALLEL, "--dist", "loadfile", "--no-loadscope-reorder")
                status = _pytest(environment, *spread, "--ignore=tests/browser", *others)
            if browser and (in_browser or not paths):
                # Processes of their own, each with a shop: the browser's event loop and the tests' do not share one.
                chosen = in_browser or ["tests/browser"]
                status = _pytest(environment, "-n", PARALLEL, "--dist", "loadfile", *chosen) or status
            return status


def _pytest(environment: dict[str, str], *arguments: str) -> int:
    # Real processes on a loaded machine can be late: a failure is tried once more, and the summary names it.
    command = python("-m", "pytest", "--reruns", "1", "-rR", *arguments)
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def find_chromium() -> str:
    """The path of a Chromium, installing one when there is none.

    Raises:
        CannotContinue: there is none and none can be installed.
    """
    found = os.environ.get("FEIRA_CHROMIUM") or _installed()
    if found:
        return found
    click.echo("No Chromium found; installing one ...", err=True)
    with contextlib.suppress(subprocess.TimeoutExpired):
        command = python("-m", "playwright", "install", "chromium")
        subprocess.run(command, capture_output=True, timeout=DOWNLOAD_SECONDS, check=False)
    if found := _installed():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
        if found := _installed():
            return found
    raise CannotContinue("browser tests need Chromium: install it, or set FEIRA_CHROMIUM, or use --no-browser")


def _installed() -> str:
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    downloaded = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(downloaded[-1]) if downloaded else ""
