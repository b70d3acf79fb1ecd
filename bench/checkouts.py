"""A drill: many buyers check out while every fault of the sandbox is on and the shop's parts are killed.

    ./feira bench checkouts [--checkouts 2000] [--buyers 16] [--seed 1] [--only TEXT] [--json]

The shop runs as by `./feira run`. Buyers click twice, reload, close windows, lose their sessions, cancel and try other
cards, and a stranger sends webhooks. Web process, worker, PostgreSQL and Valkey are killed (-9) at named points
(`bench/points.py`: each point with each victim, in a seeded order) and at seeded random moments. Afterwards nobody
touches the shop until it is at rest; then everything that must be true is asked (`bench/checkout_truth.py`). Exit
status 1 if anything is wrong, or if a point was not reached, or a fault or a habit of the buyers did not occur.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click
import httpx
import psutil
from rich.console import Console

from app.cli import shop
from app.cli.surroundings import python, surroundings
from app.demo import world
from app.infra import logs
from app.infra.database import connected, execute
from app.infra.outages import DatabaseUnavailable
from app.infra.settings import settings
from app.payments import sandbox_faults
from bench import checkout_stranger, checkout_truth, points, striking
from bench.checkout_buyer import HABITS, SIGNED_IN_EVERY, Buyer, email_of
from bench.checkout_report import Result, in_words
from bench.checkout_window import Seen
from bench.orders_shop import stall
from bench.shop import data_folder, free_port, migrate_new
from bench.strikes import Strikes
from bench.watching import watch_while

PAUSE_SECONDS = (5.0, 20.0)  # from when the shop is ready (again) to a kill at a random moment
STRIKE_SECONDS = 180.0  # that buyers go on for points that are not reached
REST_SECONDS = 420.0
MOST_OVERDUE_SECONDS = 60.0  # of a reservation
FAULT_PERCENT = {
    "webhook_lost": 20,
    "webhook_duplicate": 20,
    "webhook_reordered": 20,
    "webhook_late": 8,
    "webhook_forged": 10,
    "error_after": 5,
    "timeout_after": 5,
    "error_before": 5,
}
HOUSES = ("LIS", "OPO", "FAO")
PIECES = 60  # of each thing in each warehouse: some run out
FEW = 500  # checkouts, in which not all that is rare has to occur

console = Console(stderr=True, highlight=False)


class Drill:
    def __init__(self, watch: shop.Watch, folder: Path, checkouts: int, buyers: int, seed: int, only: str) -> None:
        self._watch, self._folder, self._buyers, self._seed = watch, folder, buyers, seed
        self._checkouts, self._left, self._begun = checkouts, checkouts, 0
        self._strikes = Strikes(folder, watch.watched, seed, only)
        hold = settings().reservation_minutes * 60
        self._stranger = checkout_stranger.Stranger(settings().port, seed, hold + 10)
        self.result, self._seen = Result(seed, checkouts), Seen()

    async def run(self) -> None:
        began = time.monotonic()
        async with connected():
            await world.prepare()
            place = await stall(HOUSES, PIECES, with_buckets=False)
            await self._open_accounts()
            for name, percent in FAULT_PERCENT.items():
                await sandbox_faults.switch(name, percent)
            shopping = asyncio.create_task(self._shop([place.hot, *place.offers]))
            await asyncio.gather(
                shopping,
                self._kill_until(shopping),
                self._strikes.until(shopping.done, lambda: 1 - self._left / self._checkouts),
                self._stranger.until(shopping.done),
            )
            self.result.seconds = round(time.monotonic() - began, 1)
            await self._rest()
            await self._judge()

    async def _open_accounts(self) -> None:
        """With the password of the demo's people; more than there will be buyers."""
        await execute(
            """INSERT INTO account (email, password_hash, name, role, created_at)
               SELECT email.new, a.password_hash, a.name, 'shopper', a.created_at
               FROM account a, unnest($2::text[]) AS email(new) WHERE a.email = $1""",
            world.SHOPPER,
            [email_of(number) for number in range(0, 10 * self._checkouts, SIGNED_IN_EVERY)],
        )

    async def _shop(self, offers: list[int]) -> None:
        """Until there were enough checkouts, and every point was reached, or seems never to be."""

        async def buyer() -> None:
            while self._left > 0 or (self._strikes.left and time.monotonic() < self._strikes.last + STRIKE_SECONDS):
                number, self._begun = self._begun, self._begun + 1
                chance = random.Random(self._seed * 1_000_003 + number)
                await Buyer(settings().port, number, offers, chance, self._seen).buy()
                self._left = max(0, self._left - 1)
                if number % 100 == 0:
                    console.print(
                        f"{self._left:,} checkouts and {len(self._strikes.left)} strikes to go; "
                        f"pages by status: {dict(self._seen.statuses)}"
                    )

        await asyncio.gather(*(buyer() for _ in range(self._buyers)))

    async def _kill_until(self, shopping: "asyncio.Task[None]") -> None:
        moments = random.Random(self._seed)
        while not shopping.done():
            await self._wait_until_ready(shopping)
            await asyncio.wait([shopping], timeout=moments.uniform(*PAUSE_SECONDS))
            if not shopping.done():
                self._kill(moments.choice(self._watch.watched))

    async def _wait_until_ready(self, shopping: "asyncio.Task[None]") -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings().port}", trust_env=False) as client:
            while not shopping.done():
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get("/readyz")).is_success:
                        return
                await asyncio.sleep(0.5)

    def _kill(self, victim: shop.Watched) -> None:
        """It and its children, as when a machine goes down."""
        with contextlib.suppress(psutil.Error):
            tree = psutil.Process(victim.process.pid)
            for each in [*tree.children(recursive=True), tree]:
                with contextlib.suppress(psutil.Error):
                    each.send_signal(signal.SIGKILL)
            self.result.kills[victim.name] = self.result.kills.get(victim.name, 0) + 1

    async def _rest(self) -> None:
        """Until nothing is left to be done. What the sandbox would send much later comes now."""
        began, found = time.monotonic(), self.result
        while (passed := time.monotonic() - began) < REST_SECONDS:
            with contextlib.suppress(DatabaseUnavailable):
                await checkout_stranger.bring_late_ones(0)
                overdue = min(await checkout_truth.overdue(), passed)
                found.overdue_seconds = round(max(found.overdue_seconds, overdue), 1)
                left = await checkout_truth.unfinished()
                for kind in {each.split()[0] for each in left}:
                    found.rested[kind] = round(passed, 1)
                if not left:
                    break
            await asyncio.sleep(1)
        found.rest_seconds = round(passed, 1)

    async def _judge(self) -> None:
        found, seen = self.result, self._seen
        for name in FAULT_PERCENT:
            await sandbox_faults.switch(name, 0)
        found.checkouts, found.acknowledged, found.gave_up = self._begun, len(seen.acknowledged), seen.gave_up
        found.statuses, found.habits = dict(sorted(seen.statuses.items())), dict(seen.did)
        found.webhooks = dict(self._stranger.sent)
        for (point, victim), times in sorted(self._strikes.hits.items()):
            found.strikes.setdefault(point, {})[victim] = times
        found.faults = _faults(self._folder)
        found.orders = await checkout_truth.by_state()
        found.violations += [f"left to be done: {each}" for each in (await checkout_truth.unfinished())[:20]]
        found.violations += await checkout_truth.broken(PIECES)
        found.violations += await checkout_truth.contradicted(seen)
        found.violations += self._stranger.failures
        if found.overdue_seconds > MOST_OVERDUE_SECONDS:
            found.violations.append(f"a reservation was held {found.overdue_seconds} s beyond its end")
        found.violations += self._not_seen()

    def _not_seen(self) -> list[str]:
        """What the drill itself owes."""
        owed = [f"never struck: {order.victim} {order.point}" for order in self._strikes.left]
        if self.result.checkouts >= FEW:
            owed += [f"this fault never occurred: {name}" for name in FAULT_PERCENT if not self.result.faults.get(name)]
            owed += [f"no buyer did this: {name}" for name in HABITS if not self.result.habits.get(name)]
            owed += [f"the stranger sent none: {k}" for k in checkout_stranger.KINDS if not self.result.webhooks.get(k)]
        return owed


def _faults(folder: Path) -> dict[str, int]:
    notes = folder / striking.FAULTS
    return dict(Counter(notes.read_text().split())) if notes.exists() else {}


@contextlib.contextmanager
def _parts(folder: Path) -> Iterator[list[shop.Part]]:
    """Worker and web server as the shop starts them, waiting at the named points."""
    web = [argument.replace("app.main:", "bench.struck:") for argument in shop.web_command()]
    with ExitStack() as stack:
        parts = []
        for name, command in (("worker", python("-m", "bench.struck")), ("web server", web)):
            parts.append(shop.Part(name, command, folder / f"{name.split()[0]}.log"))
            stack.callback(parts[-1].stop)
        yield parts


def drilled(folder: Path, checkouts: int, buyers: int, seed: int, only: str) -> Result:
    strikes = folder / "strikes"
    shutil.rmtree(strikes, ignore_errors=True)
    strikes.mkdir()
    os.environ[striking.FOLDER] = str(strikes)
    with surroundings(exclusive=True) as servers:
        asyncio.run(migrate_new())
        with _parts(folder) as parts:
            watch = shop.Watch([*servers, *parts], restarts=1_000_000)
            drill = Drill(watch, strikes, checkouts, buyers, seed, only)
            watch_while(watch, drill.run)
    return drill.result


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the outcome for programs.")
@click.option("--checkouts", default=2_000, show_default=True, type=click.IntRange(1, 100_000), help="at least")
@click.option("--buyers", default=16, show_default=True, type=click.IntRange(1, 200), help="at the same time")
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--only", default="", help="Named points whose name contains this.")
def main(as_json: bool, checkouts: int, buyers: int, seed: int, only: str) -> None:
    """Kill parts of a shop while CHECKOUTS are made and the bank misbehaves, and ask whether all of it adds up."""
    if wrong := points.missing():
        raise click.ClickException(f"named points: {'; '.join(wrong)}")
    with data_folder() as folder:
        os.environ.setdefault("LOG_LEVEL", "warning")
        os.environ.setdefault("RESERVATION_MINUTES", "1")
        os.environ["PORT"] = str(free_port())
        settings.cache_clear()
        logs.configure()
        result = drilled(folder, checkouts, buyers, seed, only)
    click.echo(json.dumps(asdict(result), indent=2) if as_json else in_words(result))
    raise SystemExit(1 if result.violations else 0)


if __name__ == "__main__":
    main()
