"""What the promises of one page cost: 48 results, from a warm table, from a new one, and with a map made anew.

    ./feira bench promises [--json]

Microseconds for 48 promises, the median of many rounds, beside 48 look-ups in a dict.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter_ns
from zoneinfo import ZoneInfo

import click

from app.delivery.calendar import Dispatch, WorkCalendar
from app.delivery.promises import STANDARD, DeliveryMap
from app.delivery.ways import Origin, Road
from app.demo.portugal import LEVELS, WAREHOUSES, ZONES, lanes

PAGE, ROUNDS = 48, 300
ZONE = "lisboa"
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def portugal() -> DeliveryMap:
    """The demo shop's map, without a database."""
    return DeliveryMap(
        [
            Origin(w.code, Dispatch(WorkCalendar("PT", w.holiday_subdivision), ZoneInfo(w.timezone), w.cutoff))
            for w in WAREHOUSES
        ],
        {code: WorkCalendar("PT", part) for code, _, part in ZONES},
        {"1": ("Lisboa", ZONE)},
        LEVELS,
        {
            (lane.warehouse, lane.zone, lane.level): Road(lane.transit_days, lane.price_minor, lane.free_from_minor)
            for lane in lanes()
        },
    )


def measured() -> dict[str, float]:
    """Microseconds per page, by what was known before."""
    codes = [warehouse.code for warehouse in WAREHOUSES]
    page = [(tuple(codes[number % 4 :]), number % 3) for number in range(PAGE)]
    known = portugal()
    table = known.promise_table(ZONE, AT, STANDARD)
    plain = {key: number for number, key in enumerate(page)}
    return {
        "warm_table": _median(lambda: [table.best(*key) for key in page]),
        "new_table": _median(lambda: [(made := known.promise_table(ZONE, AT)), *(made.best(*key) for key in page)]),
        "new_map": _median(lambda: [(made := portugal().promise_table(ZONE, AT)), *(made.best(*key) for key in page)]),
        "dict": _median(lambda: [plain[key] for key in page]),
    }


def _median(turn: Callable[[], object]) -> float:
    turn()
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter_ns()
        turn()
        taken.append((perf_counter_ns() - began) / 1000)
    return round(median(taken), 2)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(as_json: bool) -> None:
    """Microseconds for the promises of a page of 48 results."""
    found = measured()
    if as_json:
        click.echo(json.dumps({"unit": "microseconds for 48 promises", **found}))
        return
    for name, value in found.items():
        click.echo(f"{name:12}{value:10.2f} µs")


if __name__ == "__main__":
    main()
