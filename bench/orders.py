"""How many orders a second the shop can place, for many SKUs and for the one that everybody wants.

    ./feira bench orders [--orders 400] [--buyers 16] [--json]

An order is placed by `orders.placing.place`: one transaction with prices read again, stock held, order, parcel, lines,
payment attempt and events. Beside it the same statements, written down while the shop ran them, are run by asyncpg
alone in the same run; `share` is the shop's rate divided by theirs. For the hot SKU they run in three ways: as they are
(`single`), with its stock in 16 rows (`buckets`), and 16 orders in one transaction that holds once (`batches`). Also
`told_seconds`: how long buyers waited at most for their order or for "sold out" when many want the last 100 pieces.
"""

import asyncio
import contextlib
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any, TypeVar
from uuid import uuid4

import click
from rich.console import Console
from rich.table import Table

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import DB, connected, fetch
from app.inventory import invariants
from app.inventory.reservations import OutOfStock
from app.orders.placing import place
from app.orders.wanted import Address, Wanted, WantedLine, WantedParcel
from bench.orders_bare import Recording, bucket, recorded, replay, replay_together, start_anew
from bench.orders_shop import HOUSES, PRICE, Stall, stall
from bench.shop import empty_shop

ROUNDS = 3
TOGETHER = 16  # orders of a micro-batch
WHO_WANT_IT, LAST_PIECES = 1_000, 100
MARTA = Address("Marta Fonseca", "", "Rua da Boavista 84", "", "1200-109", "Lisboa", email="marta@feira.example")

Work = TypeVar("Work")


@dataclass(frozen=True)
class Rates:
    """Orders a second, the median of several rounds; `share` of the best that the same statements reach."""

    shop: float
    bare: dict[str, float]

    @property
    def share(self) -> float:
        return self.shop / max(self.bare.values())


@dataclass(frozen=True)
class Figures:
    spread: Rates
    hot: Rates
    sold_of_the_last: int
    told_seconds: float


def order_of(place_: Stall, offers: Sequence[int], house: str) -> Wanted:
    lines = tuple(WantedLine(offer, 1, PRICE) for offer in offers)
    parcel = WantedParcel(place_.supplier, house, "standard", 390, (now() + timedelta(days=3)).date(), lines)
    return Wanted(uuid4(), b"as shown", Owner(None, os.urandom(32)), MARTA, (parcel,))


async def by_many(buyers: int, jobs: Sequence[Work], do: Callable[[Work], Awaitable[object]]) -> float:
    """How many jobs a second are done by so many at a time."""
    left = list(reversed(jobs))

    async def buyer() -> None:
        while left:
            await do(left.pop())

    began = time.perf_counter()
    await asyncio.gather(*(buyer() for _ in range(buyers)))
    return len(jobs) / (time.perf_counter() - began)


async def measure_rates(make: Callable[[], Wanted], orders: int, buyers: int, hot: Stall | None) -> Rates:
    shop: list[float] = []
    bare: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        recordings = await _recordings(make, orders, buyers)
        for name, rate in (await _bare_rates(recordings, buyers, hot)).items():
            bare.setdefault(name, []).append(rate)
        await start_anew()
        shop.append(await by_many(buyers, [make() for _ in range(orders)], place))
    return Rates(round(median(shop), 1), {name: round(median(rates), 1) for name, rates in bare.items()})


async def _recordings(make: Callable[[], Wanted], orders: int, buyers: int) -> list[Recording]:
    recordings = []
    await start_anew()
    async with recorded() as begin:

        async def record(wanted: Wanted) -> None:
            recordings.append(begin())
            await place(wanted)

        await by_many(buyers, [make() for _ in range(orders)], record)
    return recordings


async def _bare_rates(recordings: Sequence[Recording], buyers: int, hot: Stall | None) -> dict[str, float]:
    pool: Any = DB.pool

    async def single(recording: Recording) -> None:
        async with pool.acquire() as connection:
            await replay(connection, recording)

    async def in_buckets(recording: Recording) -> None:
        assert hot is not None
        async with pool.acquire() as connection:
            await replay(connection, recording, bucket(hot.stock[hot.hot, HOUSES[0]], hot.buckets))

    async def together(recordings: Sequence[Recording]) -> None:
        async with pool.acquire() as connection:
            await replay_together(connection, recordings)

    await start_anew()
    rates = {"single": await by_many(buyers, recordings, single)}
    if hot:
        await start_anew()
        rates["buckets"] = await by_many(buyers, recordings, in_buckets)
        await start_anew()
        batches = [recordings[start : start + TOGETHER] for start in range(0, len(recordings), TOGETHER)]
        # Batches of the same stock wait for each other: two are enough to keep PostgreSQL busy.
        rates["batches"] = await by_many(2, batches, together) * len(recordings) / len(batches)
    return rates


async def sell_the_last(place_: Stall, chance: random.Random) -> tuple[int, float]:
    """So many buyers at once want one of the last pieces, each with something else besides, from three warehouses.

    Returns:
        How many got it, and the longest that anybody waited, seconds.
    """
    await start_anew()
    per_house = [LAST_PIECES // len(HOUSES) + (n < LAST_PIECES % len(HOUSES)) for n in range(len(HOUSES))]
    for house, pieces in zip(HOUSES, per_house, strict=True):
        await fetch("UPDATE stock SET on_hand = $2 WHERE id = $1", place_.stock[place_.hot, house], pieces)
    waited: list[float] = []
    sold = 0

    async def buy(_: int) -> None:
        nonlocal sold
        began = time.perf_counter()
        others = chance.sample(place_.offers, chance.randrange(3))
        for house in chance.sample(HOUSES, len(HOUSES)):  # as a shopper who is asked again with what is left
            with contextlib.suppress(OutOfStock):
                await place(order_of(place_, [*others, place_.hot], house))
                sold += 1
                break
        waited.append(time.perf_counter() - began)

    await asyncio.gather(*(buy(number) for number in range(WHO_WANT_IT)))
    found = [each for each in await invariants.broken() if "sold" not in each.rule]
    if found:
        raise click.ClickException(f"the stock does not add up: {found[:3]}")
    return sold, round(max(waited), 2)


async def measure(orders: int, buyers: int, told: Callable[[str], None]) -> Figures:
    async with connected(buyers):
        place_ = await stall()
        chance = random.Random(20261128)
        told("Orders of many SKUs ...")
        spread = await measure_rates(
            lambda: order_of(place_, chance.sample(place_.offers, chance.randint(1, 3)), HOUSES[0]),
            orders,
            buyers,
            None,
        )
        told("Orders of one SKU ...")
        hot = await measure_rates(
            lambda: order_of(place_, [place_.hot, *chance.sample(place_.offers, 1)], HOUSES[0]), orders, buyers, place_
        )
        told(f"{WHO_WANT_IT:,} buyers want the last {LAST_PIECES} ...")
        sold, seconds = await sell_the_last(place_, chance)
    return Figures(spread, hot, sold, seconds)


@click.command()
@click.option("--orders", default=400, show_default=True, type=click.IntRange(min=32))
@click.option("--buyers", default=16, show_default=True, type=click.IntRange(1, 64), help="at the same time")
@click.option("--json", "as_json", is_flag=True)
def main(orders: int, buyers: int, as_json: bool) -> None:
    """How many orders a second the shop places, beside the same statements run bare."""
    console = Console(stderr=True, highlight=False)
    with empty_shop():
        figures = asyncio.run(measure(orders, buyers, console.print))
    found = asdict(figures)
    for name in ("spread", "hot"):
        found[name]["share"] = round(getattr(figures, name).share, 2)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    table = Table("", "shop", *(f"bare, {each}" for each in figures.hot.bare), "share", title="Orders a second")
    for name, rates in (("many SKUs", figures.spread), ("one SKU", figures.hot)):
        bare = [f"{rates.bare[each]:,.0f}" if each in rates.bare else "" for each in figures.hot.bare]
        table.add_row(name, f"{rates.shop:,.0f}", *bare, f"{rates.share:.2f}")
    Console(highlight=False).print(table)
    click.echo(
        f"{WHO_WANT_IT:,} buyers of the last {LAST_PIECES}: {figures.sold_of_the_last} sold, all told within ", nl=False
    )
    click.echo(f"{figures.told_seconds} s")


if __name__ == "__main__":
    main()
