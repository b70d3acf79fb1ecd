"""How well delivery promises are kept, on real deliveries, beside what their shop promised and one quantile for all.

    ./feira bench promise --deliveries FILE --postcodes FILE --from DATE [--json] [--results FILE]

The days of the file are gone through in their order. Each order is promised with only what was known at the midnight
before its purchase: effects are fitted anew every week, the pace and the room every day (`app/delivery/learning/`). The
figures are of orders bought from DATE on that were delivered; orders before it are only learned from.
"""

import csv
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from app.delivery.learning import safety
from app.delivery.learning.fitting import LEAST
from app.delivery.learning.rolling import WEEK, rolled
from app.delivery.learning.survival import Flags, Floats
from bench.promise_deliveries import Deliveries, read
from bench.real_files import date_of, day_number


@dataclass(frozen=True)
class Promised:
    """What each order was promised, and the middling estimate, in days; NaN: too little was known."""

    days: Floats
    point: Floats


@dataclass(frozen=True)
class Figures:
    on_time: float | None
    mean_days: float | None
    median_days: float | None
    mae: float | None  # of the estimate; of the promise itself where there is no other
    orders: int


def learned(data: Deliveries) -> Promised:
    """Feira's promises, each at its purchase."""
    days, point = np.full(len(data.ids), np.nan), np.full(len(data.ids), np.nan)
    purchased = np.floor(data.parcels.ordered)
    span = range(int(purchased[0]), int(purchased[-1]) + 1)
    for day in rolled(data.parcels, data.factors, data.states, data.state_count, span):
        if day.effects and len(day.orders):
            point[day.orders] = day.points[day.orders]
            room = safety.safety(data.parcels, day.points, data.states, data.state_count, day.number)
            if room is not None:
                days[day.orders] = safety.promised_days(point[day.orders], room[data.states[day.orders]])
    return Promised(days, point)


def one_for_all(data: Deliveries) -> Promised:
    """The same for everybody: the wanted quantile, and the median, of all that had been delivered before the week."""
    count = len(data.ids)
    days, point = np.full(count, np.nan), np.full(count, np.nan)
    purchased = np.floor(data.parcels.ordered)
    for today in range(int(purchased[0]), int(purchased[-1]) + 1, WEEK):
        known = data.parcels.took[data.parcels.arrived(today)]
        now = (purchased >= today) & (purchased < today + WEEK)
        if len(known) >= LEAST:
            days[now], point[now] = np.ceil(np.quantile(known, safety.ON_TIME)), np.median(known)
    return Promised(days, point)


def figures(promised: Promised, took: Floats, counted: Flags) -> Figures:
    """Shares and days of the orders `counted` that were delivered and promised something."""
    chosen = counted & ~np.isnan(took) & ~np.isnan(promised.days)
    if not chosen.any():
        return Figures(None, None, None, None, 0)
    days, point, actual = promised.days[chosen], promised.point[chosen], took[chosen]
    return Figures(
        round(float(np.mean(actual <= days)), 4),
        round(float(days.mean()), 2),
        float(np.median(days)),
        round(float(np.abs(actual - point).mean()), 2),
        int(chosen.sum()),
    )


def write_results(path: Path, data: Deliveries, promised: Promised, counted: Flags) -> None:
    """order_id, promised_date, point_days of every order from the date on; empty where nothing could be promised."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("order_id", "promised_date", "point_days"))
        for i in np.flatnonzero(counted):
            has = not np.isnan(promised.days[i])
            day = date_of(np.floor(data.parcels.ordered[i]) + promised.days[i]).isoformat() if has else ""
            writer.writerow((data.ids[i], day, "" if np.isnan(promised.point[i]) else f"{promised.point[i]:.2f}"))


def show(found: dict[str, Figures]) -> None:
    table = Table("", "on time", "mean days", "median days", "mean error, days", "orders")
    names = {"feira": "Feira", "given": "the file's shop", "global": "one quantile for all"}
    for key, of in found.items():
        shown = (
            [f"{of.on_time:.1%}", f"{of.mean_days:.1f}", f"{of.median_days:.0f}", f"{of.mae:.2f}"]
            if of.orders
            else ["-"] * 4
        )
        table.add_row(names[key], *shown, f"{of.orders:,}")
    Console().print(table)


@click.command(help=__doc__)
@click.option("--deliveries", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--postcodes", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day of purchase counted."
)
@click.option(
    "--results", type=click.Path(dir_okay=False, path_type=Path), help="Write each order's promise there (CSV)."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(deliveries: Path, postcodes: Path, start: datetime, results: Path | None, as_json: bool) -> None:
    data = read(deliveries, postcodes)
    counted = data.parcels.ordered >= day_number(start.date())
    if not counted.any():
        raise click.ClickException(f"no order was bought from {start:%Y-%m-%d} on")
    promised, took = learned(data), data.parcels.took
    kinds = {"feira": promised, "given": Promised(data.given, data.given), "global": one_for_all(data)}
    found = {name: figures(kind, took, counted) for name, kind in kinds.items()}
    if results:
        write_results(results, data, promised, counted)
    if as_json:
        click.echo(
            json.dumps({name: asdict(of) for name, of in found.items()} | {"unreadable": data.unreadable}, indent=2)
        )
    else:
        show(found)
        if data.unreadable:
            click.echo(f"{data.unreadable:,} rows have no time of purchase and are left out.")


if __name__ == "__main__":
    main()
