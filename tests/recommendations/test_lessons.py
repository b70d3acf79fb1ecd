"""What was learned step by step is what would have been learned at once; what was kept may be lost at any time."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.sparse import csr_array

from app.recommendations import lessons_kept
from app.recommendations.learning.baskets import NOBODY, Bought, Codes, baskets
from app.recommendations.learning.lessons import Lessons
from app.recommendations.learning.likeness import together
from app.recommendations.learning.memory import Memory

Order = tuple[int | None, float, list[int]]  # account, day, products
LAST = 400.0

order = some.tuples(
    some.one_of(some.none(), some.integers(1, 4)),
    some.floats(0, 300, allow_subnormal=False),
    some.lists(some.integers(100, 108), max_size=5),
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own, so that nothing that is kept here is found by another test."""
    monkeypatch.setattr(lessons_kept, "folder", lambda: tmp_path)


def follow(lessons: Lessons, orders: Mapping[int, Order], at: float) -> tuple[int, int]:
    """Learn that these orders count now, as the shop's job does; returns how many were taken back and added."""
    ids = np.array(list(orders), dtype=np.int64)
    customers = [NOBODY if who is None else who for who, _, _ in orders.values()]
    found = Bought(ids, np.array(customers, dtype=np.int64), np.array([day for _, day, _ in orders.values()]))
    gone, new = lessons.compared(found)
    lessons.learn(gone, ids[new], baskets([orders[one] for one in ids[new].tolist()]), at)
    return int(gone.sum()), int(new.sum())


def cells(matrix: csr_array, rows: Codes, columns: Codes) -> dict[tuple[int, int], float]:
    found = matrix.tocoo()
    cell = zip(rows[found.row].tolist(), columns[found.col].tolist(), strict=True)
    return dict(zip(cell, found.data.tolist(), strict=True))


def said(memory: Memory) -> list[dict[object, float]]:
    """All that is remembered, by ids: its rows and columns may be numbered in any order."""
    items, customers = memory.items.ids, memory.customers.ids
    sold = {one: count for one, count in zip(items.tolist(), memory.sales.ever.tolist(), strict=True) if count}
    recent = {one: memory.sales.recent[n] for n, one in enumerate(items.tolist()) if one in sold}
    return [*map(dict, (sold, recent, cells(memory.pairs, items, items), cells(memory.history, customers, items)))]


def same(one: Memory, other: Memory) -> None:
    for found, expected in zip(said(one), said(other), strict=True):
        weighty = {key for key, weight in expected.items() if weight > 1e-5}  # what weighs less may be forgotten
        assert weighty <= set(found)
        assert all(found[key] == pytest.approx(expected.get(key, 0), rel=1e-6, abs=1e-5) for key in found)


@settings(max_examples=25)
@given(
    some.lists(order, min_size=12, max_size=12),
    some.lists(
        some.tuples(some.dictionaries(some.integers(0, 11), some.integers(1, 4), max_size=8), some.floats(0, 30))
    ),
)
def test_learning_in_steps_is_learning_at_once(log: list[Order], steps: list[tuple[dict[int, int], float]]) -> None:
    """At every step other orders count: new ones with lower numbers, too, others no longer, some another account's."""
    lessons, at = Lessons(300.0), 300.0
    for owners, days in steps:
        orders = {number: (who, *log[number][1:]) for number, who in owners.items()}
        at += days
        follow(lessons, orders, at)
        assert follow(lessons, orders, at) == (0, 0)
        at_once = Lessons(at)
        follow(at_once, orders, at)
        same(lessons.memory, at_once.memory)
        assert sorted(lessons.ids.tolist()) == sorted(orders)


@settings(max_examples=15)
@given(some.lists(order, min_size=1, max_size=30), some.data())
def test_any_split_of_a_log_teaches_the_same(log: list[Order], data: some.DataObject) -> None:
    """The days may come in any order, and each part some time after the other."""
    orders = dict(enumerate(log))
    when = data.draw(some.lists(some.integers(300, 399), min_size=len(log), max_size=len(log)))
    lessons, at_once = Lessons(300.0), Lessons(LAST)
    for moment in sorted(set(when)):
        follow(lessons, {number: each for number, each in orders.items() if when[number] <= moment}, float(moment))
    follow(lessons, orders, LAST)
    follow(at_once, orders, LAST)
    same(lessons.memory, at_once.memory)


def learned(at: float = LAST) -> Lessons:
    lessons = Lessons(at)
    follow(lessons, {7: (1, 299.5, [100, 101]), 3: (None, 298.25, [101, 102, 102]), 9: (2, 1.0, [])}, at)
    return lessons


def test_nothing_is_left_of_what_was_taken_back() -> None:
    lessons = learned()
    assert follow(lessons, {}, LAST) == (3, 0)
    memory = lessons.memory
    assert (memory.pairs.nnz, memory.history.nnz, memory.sales.recent.sum(), memory.sales.ever.sum()) == (0, 0, 0, 0)
    assert (together(memory).scores == 0).all()


def test_an_order_that_got_an_account_is_learned_as_the_account_s() -> None:
    lessons = learned()
    orders: dict[int, Order] = {7: (1, 299.5, [100, 101]), 3: (2, 298.25, [101, 102]), 9: (2, 1.0, [])}
    assert follow(lessons, orders, LAST) == (1, 1)
    assert {
        who for who, _ in cells(lessons.memory.history, lessons.memory.customers.ids, lessons.memory.items.ids)
    } == {1, 2}


def test_what_is_kept_comes_back_as_it_was() -> None:
    lessons_kept.keep(learned())
    found = lessons_kept.kept(LAST + 0.5)
    assert said(found.memory) == said(learned().memory)
    assert found.memory.items.ids.tolist() == learned().memory.items.ids.tolist()
    assert (found.begun, found.memory.at, found.ids.tolist()) == (LAST, LAST, [7, 3, 9])
    follow(found, {11: (1, 400.2, [100, 102])}, LAST + 0.5)


@pytest.mark.parametrize("today", [LAST - 0.001, LAST - 5000, LAST + 1, LAST + 5000])
def test_after_a_day_and_when_the_clock_has_gone_back_all_is_learned_anew(today: float) -> None:
    lessons_kept.keep(learned())
    assert lessons_kept.kept(today).ids.tolist() == []


def test_what_was_kept_may_be_lost_or_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    lessons_kept.keep(learned())
    (file,) = lessons_kept.folder().glob("*")
    whole = file.read_bytes()
    for length in (0, 1, 30, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert lessons_kept.kept(LAST).ids.tolist() == []
    for place in range(40, len(whole), 211):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert lessons_kept.kept(LAST).ids.tolist() in ([], [7, 3, 9])
    file.unlink()
    assert lessons_kept.kept(LAST).ids.tolist() == []
    file.mkdir()
    assert lessons_kept.kept(LAST).ids.tolist() == []
    lessons_kept.keep(learned())  # says that it cannot, and that is all
    file.rmdir()
    file.write_bytes(whole)
    assert lessons_kept.kept(LAST).ids.tolist() == [7, 3, 9]
    monkeypatch.setattr("app.recommendations.learning.lessons.FORMAT", np.array([1, 61.0]))
    assert lessons_kept.kept(LAST).ids.tolist() == []


def test_what_a_killed_worker_was_writing_is_swept() -> None:
    old, young = lessons_kept.folder() / "new-old", lessons_kept.folder() / "new-young"
    for each in (old, young):
        each.mkdir(parents=True)
        (each / "lessons").write_bytes(b"half")
    os.utime(old, (0, 0))
    lessons_kept.keep(learned())
    assert {each.name for each in lessons_kept.folder().iterdir()} == {"lessons.npz", "new-young"}
