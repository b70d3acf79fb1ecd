"""How well recommendations foretell what is bought, on a real log of purchases, beside what simply sells most.

    ./feira bench recommendations --transactions FILE --from DATE [--until DATE] [--json]

Fits `app/recommendations/learning/` on the baskets before DATE and looks at those from DATE on:

- bought together: each item of a basket in turn asks, the rest of the basket is wanted (mean over the baskets' means);
- for you: of each known customer, all that he buys from DATE on and had never bought (mean over the customers);
- buy again: of each known customer, what he buys again from DATE on, beside how often he had bought it;
- trending: each week's 20 best sellers (in baskets, not pieces), foretold from what was sold before that week. Learning
  is carried on from week to week, so every whole week of the log with 8 before it is one that was foretold, not only
  the few since DATE: `recall@20` is of all of them, `from_date` of those from DATE on, `weeks` has each. It is the
  measure in which popularity of all time reaches some .44 until October 2011 and less with the two months after that,
  because Christmas sells other things; in the four weeks of that October alone both foretell less (.55 beside .28).

Recall falls with the length of the time that is foretold, because more is wanted of lists that stay as long: compare
times of equal length, with --until. The file's cancellations, postage, fees and gifts are left out, and for customers'
tasks baskets without a customer. Memory is the highest that the whole process took, reading included.
`carried_on`: what the day before DATE costs a memory that has all days before it, as the shop's job goes on.
"""

import json
import resource
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array

from app.recommendations.learning import choosing
from app.recommendations.learning.baskets import Baskets, Codes
from app.recommendations.learning.likeness import likely, together
from app.recommendations.learning.lists import Lists, empty, ranked
from app.recommendations.learning.memory import Memory, held_by, rows_of
from bench.real_files import date_of, day_number
from bench.recommendations_measures import (
    Measures,
    bought_together,
    by_sales,
    customers_of,
    for_customers,
    had,
    means,
    weeks,
)
from bench.recommendations_purchases import read

LIST, AGAIN = 20, 10


@dataclass(frozen=True)
class Fit:
    seconds: float
    peak_mb: float
    baskets: int
    items: int
    customers: int
    pairs: int


def fitted(before: Baskets, at: float) -> tuple[Memory, Lists, csr_array, Fit]:
    """All that is learned from the baskets, as the shop would use it from the moment on."""
    began = perf_counter()
    memory = Memory()
    memory.add(before, at)
    lists, alike = together(memory, LIST), likely(memory)
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fit = Fit(
        round(seconds, 2), round(peak, 1), len(before), len(memory.items), len(memory.customers), memory.pairs.nnz
    )
    return memory, lists, alike, fit


def carried_on(before: Baskets, at: float) -> dict[str, float]:
    """What the last day costs a shop that has learned all days before it: to remember it, beside learning all anew."""
    memory, last = Memory(), before.times >= at - 1
    began = perf_counter()
    Memory().add(before, at)
    anew = perf_counter() - began
    for day in (at - 8, at - 2, at - 1):  # the first step puts what was learned at once in order
        memory.add(before.where((before.times < day) & (before.times >= memory.at)), day)
    began = perf_counter()
    memory.add(before.where(last), at)
    return {"baskets": int(last.sum()), "seconds": round(perf_counter() - began, 3), "anew_seconds": round(anew, 3)}


def measured(baskets: Baskets, start: int) -> dict[str, Any]:
    """Everything, by the names that the JSON has.

    Raises:
        click.ClickException: nothing was bought before the day, or nothing from it on.
    """
    before, after = baskets.where(baskets.times < start), baskets.where(baskets.times >= start)
    if not len(before):
        raise click.ClickException(f"nothing was bought before {shown(start)}")
    if not len(after):
        raise click.ClickException(f"nothing was bought from {shown(start)} on")
    memory, lists, alike, fit = fitted(before, start)
    customers, new, old = customers_of(memory, after)
    found: dict[str, Any] = {
        "bought_together": beside(
            "baskets", bought_together(lists, after), bought_together(most_sold_with(memory), after)
        ),
        "for_you": beside(
            "customers",
            for_customers(choosing.for_you(memory, alike, customers, LIST), new),
            for_customers(most_sold_to(memory, customers), new),
        ),
        "buy_again": beside(
            "customers",
            for_customers(choosing.again(memory, customers, AGAIN), old),
            for_customers(most_bought(memory, before, customers), old),
        ),
    }
    del found["buy_again"][f"ndcg@{AGAIN}"], found["buy_again"]["popularity"][f"ndcg@{AGAIN}"]
    found |= {"trending": trending(baskets, start), "fit": asdict(fit)}
    return found | {"carried_on": carried_on(before, start)}


def beside(name: str, feira: tuple[Measures, int], popularity: tuple[Measures, int]) -> dict[str, Any]:
    return {**feira[0], name: feira[1], "popularity": popularity[0]}


def trending(baskets: Baskets, start: int) -> dict[str, Any]:
    foretold = weeks(baskets, start)

    def both(rows: list[tuple[int, float, float]]) -> dict[str, Any]:
        feira, usual = means(["recall@20"], [row[1:2] for row in rows]), means(["recall@20"], [row[2:] for row in rows])
        return {**feira, "popularity": usual}

    since = [row for row in foretold if row[0] >= start]
    by_week = [{"week": shown(day), "recall@20": feira, "popularity": usual} for day, feira, usual in foretold]
    return {**both(foretold), "from_date": {**both(since), "weeks": len(since)}, "weeks": by_week}


def most_sold_with(memory: Memory) -> Lists:
    """For every item the same: what was in the most baskets."""
    ids, top = memory.items.ids, by_sales(memory.sales, memory.items, LIST + 1)
    found = empty(ids, LIST)
    for row, item in enumerate(ids.tolist()):
        others = [one for one in top if one != item][:LIST]
        found.ids[row, : len(others)] = others
    return found


def most_sold_to(memory: Memory, customers: Codes) -> Lists:
    """For every customer what was in the most baskets, without what he has."""
    found, top = empty(customers, LIST), by_sales(memory.sales, memory.items, len(memory.items))
    for row, customer in enumerate(customers.tolist()):
        history = had(memory, customer)
        others = (one for one in top if one not in history)
        new = [one for one, _ in zip(others, range(LIST), strict=False)]
        found.ids[row, : len(new)] = new
    return found


def most_bought(memory: Memory, before: Baskets, customers: Codes) -> Lists:
    """For every customer what was in the most of his own baskets."""
    rows = memory.customers.find(before.customers)
    named = np.flatnonzero(rows >= 0)
    by = csr_array((np.ones(len(named)), (rows[named], named)), shape=(len(memory.customers), len(before)))
    counts = csr_array(by @ held_by(before, memory.items))
    return ranked(customers, rows_of(counts, memory.customers.find(customers)), memory.items.ids, AGAIN)


def shown(day: int) -> str:
    return date_of(day).isoformat()


def show(found: dict[str, Any]) -> None:
    table = Table("", "", "Feira", "what sells most", "of")
    rows = {name: found[name] for name in ("bought_together", "for_you", "buy_again")}
    rows |= {"trending": found["trending"], "trending from date": found["trending"]["from_date"]}
    for name, of in rows.items():
        counted = next((f"{of[key]:,} {key}" for key in ("baskets", "customers") if key in of), "")
        counted = counted or f"{of['weeks'] if isinstance(of['weeks'], int) else len(of['weeks'])} weeks"
        for measure, usual in of["popularity"].items():
            figures = ["-" if one is None else f"{one:.3f}" for one in (of[measure], usual)]
            table.add_row(name.replace("_", " "), measure, *figures, counted)
    Console().print(table)
    fit = found["fit"]
    click.echo(
        f"Fitted in {fit['seconds']:.2f} s, {fit['peak_mb']:.0f} MB at most: {fit['baskets']:,} baskets,"
        f" {fit['items']:,} items, {fit['customers']:,} customers, {fit['pairs']:,} pairs."
    )
    day = found["carried_on"]
    click.echo(
        f"The last day's {day['baskets']:,} baskets are remembered in {day['seconds']:.2f} s,"
        f" all of them anew in {day['anew_seconds']:.2f} s."
    )


@click.command(help=__doc__)
@click.option("--transactions", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day that is foretold."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day that is not looked at any more.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(transactions: Path, start: datetime, until: datetime | None, as_json: bool) -> None:
    data = read(transactions)
    baskets = data.baskets.where(data.baskets.times < day_number(until.date())) if until else data.baskets
    found = measured(baskets, day_number(start.date())) | {"lines": data.lines, "left_out": data.left_out}
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        show(found)
        click.echo(f"{data.left_out:,} of {data.lines:,} lines buy no product and are left out.")


if __name__ == "__main__":
    main()
