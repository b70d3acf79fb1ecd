"""`./feira bench recommendations`: its measures by hand, a made-up log, files that do not fit, and the real log."""

import csv
import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from app.recommendations.learning.baskets import baskets
from app.recommendations.learning.lists import NONE, Lists
from bench.recommendations import main
from bench.recommendations_measures import bought_together, for_customers, weeks
from bench.recommendations_purchases import NEEDED, read
from tests.shared_data import path as shared

FIRST = datetime(2011, 1, 1, 9)


def line(invoice: str, code: str, when: datetime | str, customer: str = "", **other: str) -> dict[str, str]:
    values = (invoice, code, "2", str(when), "1.50", customer)
    return dict(zip(NEEDED, values, strict=True)) | other


def log(days: int = 200) -> list[dict[str, str]]:
    """Ten baskets a day: a thing goes with its neighbour, customers are of three kinds, each month sells new things."""
    random, made = np.random.default_rng(1), []
    for number in range(days * 10):
        when = FIRST + timedelta(days=number // 10, minutes=number % 10)
        thing = int(random.integers(0, 10)) + 30 * (number % 40 % 3) + 5 * (number // 300)
        customer = str(12000 + number % 40) if number % 3 else ""
        made += [line(f"{500000 + number}", f"{20000 + one}", when, customer) for one in (thing, thing + 1)]
    return made


def write(file: Path, rows: list[dict[str, str]], without: str = "", start: str = "2011-06-01") -> list[str]:
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, [name for name in NEEDED if name != without], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return ["--transactions", str(file), "--from", start]


def run(arguments: list[str]) -> dict[str, Any]:
    answer = CliRunner().invoke(main, [*arguments, "--json"])
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.output)
    return found


def refused(arguments: list[str]) -> str:
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 1
    return answer.output


def test_each_item_of_a_basket_asks_for_the_rest() -> None:
    """1 finds one of two in second place, 2 finds both, 3 nothing; 9 was never seen and does not count."""
    ids = np.full((3, 20), NONE)
    ids[0, :2], ids[1, :2] = [8, 3], [3, 1]
    lists = Lists(np.array([1, 2, 3]), ids, np.zeros((3, 20)))
    found, count = bought_together(lists, baskets([(None, 1, [1, 2, 3, 9]), (None, 1, [1]), (None, 1, [1, 9])]))
    assert count == 1
    assert found == {"recall@10": 0.5, "recall@20": 0.5, "mrr": 0.5}


def test_a_customer_counts_when_something_was_wanted() -> None:
    lists = Lists(np.array([1, 2]), np.array([[5, 6], [5, 6]]), np.zeros((2, 2)))
    found, count = for_customers(lists, [{6, 7, 8}, set()])
    assert count == 1
    assert found["recall@2"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["ndcg@2"] == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)), abs=1e-4)
    assert for_customers(lists, [set(), set()]) == ({"recall@2": None, "ndcg@2": None}, 0)


def test_a_week_is_foretold_from_what_came_before_it() -> None:
    """Items 0..19 sell for ten weeks, then only 100..119: the first of those weeks nobody could foretell."""
    sold = baskets([(None, day + 0.5, list(range(20) if day < 70 else range(100, 120))) for day in range(84)])
    assert weeks(sold, 70) == [(56, 1.0, 1.0), (63, 1.0, 1.0), (70, 0.0, 0.0), (77, 1.0, 0.0)]


def test_recommendations_foretell_more_than_what_sells_most(tmp_path: Path) -> None:
    found = run(write(tmp_path / "log.csv", log()))
    for task in ("bought_together", "for_you", "trending"):
        usual = found[task]["popularity"]
        assert all(found[task][measure] > usual[measure] for measure in usual), task
    assert set(found["buy_again"]) == {"recall@10", "customers", "popularity"}
    assert found["fit"]["baskets"] == 1510
    assert found["fit"]["peak_mb"] > 0
    assert found["carried_on"]["baskets"] == 10


def test_the_future_changes_nothing_that_was_learned_before_it(tmp_path: Path) -> None:
    whole, part = run(write(tmp_path / "a.csv", log())), run(write(tmp_path / "b.csv", log(170)))
    del whole["fit"]["seconds"], whole["fit"]["peak_mb"], part["fit"]["seconds"], part["fit"]["peak_mb"]
    assert whole["fit"] == part["fit"]
    count = len(part["trending"]["weeks"])
    assert whole["trending"]["weeks"][:count] == part["trending"]["weeks"]
    until = run([*write(tmp_path / "a.csv", log()), "--until", "2011-06-20"])
    assert until["bought_together"] == part["bought_together"]


def test_what_buys_no_product_is_left_out(tmp_path: Path) -> None:
    odd = [
        line("C500001", "20001", FIRST, Quantity="-2"),
        line("A500001", "20001", FIRST),
        line("700001", "20001", FIRST, Quantity="-9"),
        line("700001", "20001", FIRST, UnitPrice="0"),
        *(line("700001", code, FIRST) for code in ("POST", "M", "m", "D", "DOT", "BANK CHARGES", "gift_0001_20", "")),
    ]
    write(tmp_path / "log.csv", [*odd, line("700002", "85123a", FIRST, "1"), line("700002", "85123A ", FIRST, "1")])
    found = read(tmp_path / "log.csv")
    assert found.left_out == len(odd)
    assert len(found.baskets) == 1
    assert found.baskets.items.tolist() == [0, 0]


@pytest.mark.parametrize("column", NEEDED)
def test_a_file_without_a_column_is_told_so(tmp_path: Path, column: str) -> None:
    assert f"has no column {column}" in refused(write(tmp_path / "log.csv", log(3), without=column))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("InvoiceDate", "yesterday", "line 3: InvoiceDate is no date: 'yesterday'"),
        ("InvoiceDate", "", "line 3: InvoiceDate is no date: ''"),
        ("InvoiceDate", "2011-02-30 10:00:00", "line 3: InvoiceDate is no date"),
        ("InvoiceDate", "\0", "line 3: InvoiceDate is no date"),
        ("Quantity", "many", "line 3: Quantity is no number: 'many'"),
        ("Quantity", "1e999", "line 3: Quantity is no number"),
        ("UnitPrice", "nan", "line 3: UnitPrice is no number"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(tmp_path: Path, column: str, value: str, said: str) -> None:
    rows = log(3)
    rows[1][column] = value
    assert said in refused(write(tmp_path / "log.csv", rows))


def test_files_that_are_no_log_are_told_so(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    arguments = ["--transactions", str(file), "--from", "2011-06-01"]
    file.write_bytes(b"")
    assert "has no column InvoiceNo" in refused(arguments)
    assert "no line buys a product" in refused(write(file, []))
    assert "no line buys a product" in refused(write(file, [line("C1", "20001", FIRST)]))
    file.write_bytes(",".join(NEEDED).encode() + b"\n\xff\xfe\xfa\n")
    assert "cannot be read" in refused(arguments)
    packed = gzip.compress(",".join(NEEDED).encode() + b"\n" + b"1,20001,1,2011-01-01,1,\n" * 9999)
    for broken in (packed[:60], packed[:40] + b"\0" * 40 + packed[80:]):
        file.write_bytes(broken)
        assert "cannot be read" in refused(arguments)


def test_a_date_outside_the_log_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    assert "nothing was bought from 2030-01-01 on" in refused(write(file, log(3), start="2030-01-01"))
    assert "nothing was bought before 2010-01-01" in refused(write(file, log(3), start="2010-01-01"))


@pytest.mark.parametrize(
    ("start", "until", "least"),
    [
        ("2011-08-01", "2011-09-01", (0.130, 0.175, 0.43, 0.135, 0.130, 0.44)),
        ("2011-09-01", "2011-10-01", (0.130, 0.175, 0.43, 0.100, 0.108, 0.44)),
        ("2011-10-01", "2011-11-01", (0.120, 0.160, 0.43, 0.105, 0.115, 0.42)),
    ],
)
def test_the_real_log_is_foretold_as_well_as_it_was(start: str, until: str, least: tuple[float, ...]) -> None:
    file = shared("online-retail/transactions.csv.gz")
    found = run(["--transactions", str(file), "--from", start, "--until", until])
    together, anew, again = found["bought_together"], found["for_you"], found["buy_again"]
    figures = [together["recall@10"], together["recall@20"], together["mrr"], anew["recall@20"], anew["ndcg@20"]]
    assert all(one >= bound for one, bound in zip([*figures, again["recall@10"]], least, strict=True)), found
    assert found["trending"]["recall@20"] >= 0.60
    assert found["trending"]["recall@20"] > found["trending"]["popularity"]["recall@20"]
