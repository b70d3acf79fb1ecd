"""`./feira bench promise` on a small made-up file: what it promises, and what it says of files that do not fit."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from bench.promise import learned, main
from bench.promise_deliveries import NEEDED, read
from bench.real_files import day_number

FIRST = datetime(2017, 1, 2, 9)


def orders(count: int = 900) -> list[dict[str, str]]:
    """Four a day; SP within about five days, AM within fifteen."""
    random, made = np.random.default_rng(1), []
    for i in range(count):
        bought = FIRST + timedelta(hours=6 * i)
        state, postcode, days = ("SP", "01001", 5) if i % 2 else ("AM", "69005", 15)
        arrives = bought + timedelta(days=days + int(random.integers(-2, 3)))
        made.append(
            dict(
                zip(
                    NEEDED,
                    (
                        f"o{i}",
                        "delivered",
                        str(bought),
                        str(bought + timedelta(days=1)),
                        str(arrives),
                        str((bought + timedelta(days=25)).date()),
                        postcode,
                        state,
                        f"s{i % 7}",
                        "1002",
                        "SP",
                    ),
                    strict=True,
                )
            )
        )
    return made


def write(folder: Path, rows: list[dict[str, str]], without: str = "") -> list[str]:
    deliveries, places = folder / "deliveries.csv", folder / "places.csv"
    with deliveries.open("w", newline="") as file:
        writer = csv.DictWriter(file, [name for name in NEEDED if name != without], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    places.write_text(
        "geolocation_zip_code_prefix,geolocation_lat,geolocation_lng\n1001,-23.5,-46.6\n1002,-23.5,-46.6\n69005,-3.1,-60\nx,,\n"
    )
    return ["--deliveries", str(deliveries), "--postcodes", str(places), "--from", "2017-05-01"]


def run(arguments: list[str]) -> dict[str, Any]:
    answer = CliRunner().invoke(main, [*arguments, "--json"])
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.output)
    return found


def test_promises_are_kept_and_sooner_than_one_for_all(tmp_path: Path) -> None:
    found = run(write(tmp_path, orders()))
    assert found["feira"]["on_time"] >= 0.95
    assert found["feira"]["mean_days"] < found["global"]["mean_days"] < found["given"]["mean_days"]
    assert found["feira"]["mae"] < 2
    assert found["given"]["on_time"] == 1.0


def test_results_hold_a_row_for_every_order_from_the_date_on(tmp_path: Path) -> None:
    arguments, file = write(tmp_path, orders()), tmp_path / "results.csv"
    run([*arguments, "--results", str(file)])
    rows = list(csv.DictReader(file.open()))
    assert len(rows) == sum(row["order_purchase_timestamp"] >= "2017-05-01" for row in orders())
    assert all(date.fromisoformat(row["promised_date"]) > date(2017, 5, 1) for row in rows)
    assert all(float(row["point_days"]) > 0 for row in rows)


def test_what_happens_after_a_purchase_does_not_change_its_promise(tmp_path: Path) -> None:
    rows = orders()
    write(tmp_path, rows)
    before = learned(read(tmp_path / "deliveries.csv", tmp_path / "places.csv"))
    for row in rows:
        if row["order_delivered_customer_date"] >= "2017-06-01":
            row["order_delivered_customer_date"] = str(datetime(2017, 9, 9))
    write(tmp_path, rows)
    data = read(tmp_path / "deliveries.csv", tmp_path / "places.csv")
    after, known = learned(data), data.parcels.ordered < day_number(date(2017, 6, 1))
    assert np.array_equal(before.days[known], after.days[known], equal_nan=True)
    assert not np.array_equal(before.days[~known], after.days[~known], equal_nan=True)


def test_rows_with_holes_are_promised_as_well_as_can_be(tmp_path: Path) -> None:
    rows = orders()
    rows[700] |= {"order_status": "canceled", "order_delivered_customer_date": ""}
    rows[701] |= {"order_status": "shipped", "order_delivered_customer_date": ""}
    rows[702] |= {"customer_zip_code_prefix": "", "order_estimated_delivery_date": "", "customer_state": "XX"}
    rows[703] |= {"order_purchase_timestamp": ""}
    rows[704] |= {"order_delivered_customer_date": "never"}
    arguments, file = write(tmp_path, rows), tmp_path / "results.csv"
    found = run([*arguments, "--results", str(file)])
    assert found["unreadable"] == 1
    assert found["feira"]["orders"] == found["given"]["orders"] + 1
    results = {row["order_id"]: row for row in csv.DictReader(file.open())}
    assert all(results[f"o{i}"]["promised_date"] for i in (700, 701, 702, 704))
    assert "o703" not in results


@pytest.mark.parametrize("column", ["customer_state", "seller_state", "order_id"])
def test_a_file_without_a_column_is_told_so(tmp_path: Path, column: str) -> None:
    answer = CliRunner().invoke(main, write(tmp_path, orders(60), without=column))
    assert answer.exit_code == 1
    assert f"has no column {column}" in answer.output


def test_a_date_after_the_last_order_is_told_so(tmp_path: Path) -> None:
    arguments = [*write(tmp_path, orders(60))[:-1], "2030-01-01"]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 1
    assert "no order was bought from 2030-01-01 on" in answer.output
