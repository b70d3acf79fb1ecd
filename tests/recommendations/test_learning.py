"""What is learned from baskets: what goes together, what a customer may want, what he buys again, what sells."""

import numpy as np
import pytest

from app.recommendations.learning import choosing
from app.recommendations.learning.baskets import Baskets, baskets
from app.recommendations.learning.likeness import likely, together
from app.recommendations.learning.lists import NONE, best
from app.recommendations.learning.memory import HISTORY_HALF_LIFE, Memory

BREAD, BUTTER, NAILS, HAMMER, JAM, BAG = 10, 20, 30, 40, 50, 9_000_000_000
ANA, RUI, EVA, STRANGER = 1, 2, 3, 99
TODAY = 100.0

Row = tuple[int | None, float, list[int]]


def remembered(rows: list[Row], at: float = TODAY) -> Memory:
    memory = Memory()
    memory.add(baskets(rows), at)
    return memory


def household() -> list[Row]:
    """Bread goes with butter, nails go with a hammer, and a bag is in nearly every basket."""
    kitchen: list[Row] = [(None, 90 + i / 10, [BREAD, BUTTER, BAG]) for i in range(20)]
    shed: list[Row] = [(None, 90 + i / 10, [NAILS, HAMMER, BAG]) for i in range(20)]
    return [*kitchen, *shed, (ANA, 95, [BREAD]), (RUI, 95, [NAILS]), (RUI, 96, [NAILS, BAG])]


def ids(memory: Memory, item: int) -> list[int]:
    found = together(memory)
    return [one for one, _ in found[found.of.tolist().index(item)]]


def chosen(memory: Memory, *customers: int) -> list[list[int]]:
    found = choosing.for_you(memory, likely(memory), np.array(customers))
    return [[one for one, _ in found[row]] for row in range(len(customers))]


def test_what_is_bought_in_one_basket_goes_together() -> None:
    memory = remembered(household())
    assert ids(memory, BREAD) == [BUTTER, BAG]
    assert sorted(ids(memory, BAG)) == [BREAD, BUTTER, NAILS, HAMMER]


def test_scores_go_down_and_an_item_never_goes_with_itself() -> None:
    found = together(remembered(household()))
    for row, item in enumerate(found.of.tolist()):
        scores = [score for _, score in found[row]]
        assert scores == sorted(scores, reverse=True)
        assert item not in [one for one, _ in found[row]]
    assert (found.scores[found.ids == NONE] == 0).all()


def test_a_basket_of_many_things_says_less_of_any_two() -> None:
    many = list(range(100, 200))
    memory = remembered([(None, 90, [BREAD, BUTTER]), (None, 90, [BREAD, *many])])
    assert ids(memory, BREAD)[0] == BUTTER


def test_what_was_bought_together_of_late_counts_more() -> None:
    memory = remembered([(None, 95, [BREAD, BUTTER]), (None, -200, [BREAD, JAM])])
    assert ids(memory, BREAD) == [BUTTER, JAM]


def test_the_same_item_twice_in_a_basket_counts_once() -> None:
    once, twice = remembered([(ANA, 90, [BREAD, BUTTER])]), remembered([(ANA, 90, [BREAD, BUTTER, BREAD])])
    assert np.array_equal(once.pairs.toarray(), twice.pairs.toarray())
    assert twice.sales.ever.tolist() == [1, 1]


def test_learning_leaves_the_baskets_as_they_were() -> None:
    given = baskets([(ANA, 90, [BREAD, BUTTER, BREAD]), (RUI, 91, [NAILS])])
    Memory().add(given, TODAY)
    assert given.starts.tolist() == [0, 3, 4]


def test_a_customer_is_shown_what_goes_with_his_things_but_not_those() -> None:
    ana, rui, stranger = chosen(remembered(household()), ANA, RUI, STRANGER)
    assert ana[0] == BUTTER
    assert BREAD not in ana
    assert rui[0] == HAMMER
    assert not {NAILS, BAG} & set(rui)
    assert stranger == []


def test_what_sells_these_days_comes_before_what_sold_once() -> None:
    """Jam and butter went with bread equally often; of late only jam is bought, without bread."""
    rows: list[Row] = [(None, 60 + i, [BREAD, BUTTER]) for i in range(20)]
    rows += [(None, 60 + i, [BREAD, JAM]) for i in range(20)]
    rows += [(None, 99, [JAM]) for _ in range(10)] + [(None, 30, [BUTTER]) for _ in range(10)]
    assert chosen(remembered([*rows, (ANA, 80, [BREAD])]), ANA)[0][:2] == [JAM, BUTTER]


def test_a_customer_buys_again_what_he_bought_often_and_lately() -> None:
    rows: list[Row] = [(ANA, 20.0 + i, [BREAD]) for i in range(5)]
    rows += [(ANA, 20, [JAM]), (ANA, 90, [BUTTER]), (RUI, 90, [NAILS]), (EVA, 99, [BREAD, BUTTER, JAM, NAILS])]
    found = choosing.again(remembered(rows), np.array([ANA, STRANGER]))
    assert [one for one, _ in found[0]] == [BREAD, BUTTER, JAM]
    assert found[1] == []


def test_trending_is_what_sells_now_not_what_once_did() -> None:
    rows: list[Row] = [(None, i / 10, [NAILS]) for i in range(200)]
    rows += [(None, 90 + i / 10, [BREAD]) for i in range(50)] + [(None, 99, [JAM])]
    memory = remembered(rows)
    assert [one for one, _ in choosing.trending(memory.sales, memory.items, 2)] == [BREAD, JAM]


def test_days_added_one_by_one_are_the_same_as_all_at_once() -> None:
    random = np.random.default_rng(3)
    rows: list[Row] = [
        (
            int(random.integers(0, 9)) or None,
            float(time),
            random.integers(0, 40, size=int(random.integers(1, 9))).tolist(),
        )
        for time in np.sort(random.uniform(0, 60, 300))
    ]
    rows.insert(0, (None, 0, list(range(40))))
    whole, by_day = remembered(rows, 60), Memory()
    for day in range(60):
        by_day.add(baskets([row for row in rows if day <= row[1] < day + 1]), day + 1)
    assert by_day.items.ids.tolist() == whole.items.ids.tolist()
    assert by_day.pairs.toarray() == pytest.approx(whole.pairs.toarray(), rel=1e-4)
    assert by_day.sales.recent == pytest.approx(whole.sales.recent)
    customers = whole.customers.ids
    one, other = (choosing.again(memory, customers) for memory in (by_day, whole))
    assert one.ids.tolist() == other.ids.tolist()
    assert one.scores == pytest.approx(other.scores, rel=1e-4)


def test_the_memory_fades() -> None:
    memory = remembered([(ANA, TODAY, [BREAD, BUTTER])])
    was = memory.history.toarray()
    memory.add(baskets([]), TODAY + HISTORY_HALF_LIFE)
    assert memory.history.toarray() == pytest.approx(was / 2)
    memory.add(baskets([]), TODAY + 10_000)
    assert memory.pairs.nnz == 0
    assert ids(memory, BREAD) == []


def test_the_future_is_never_learned_from() -> None:
    memory = remembered(household())
    before = memory.pairs.toarray()
    with pytest.raises(ValueError, match="future"):
        memory.add(baskets([(ANA, TODAY + 1, [JAM])]), TODAY)
    with pytest.raises(ValueError, match="older"):
        memory.add(baskets([]), TODAY - 1)
    with pytest.raises(ValueError, match="older"):
        memory.add(baskets([]), float("nan"))
    assert np.array_equal(memory.pairs.toarray(), before)
    assert JAM not in memory.items.ids


def test_of_nothing_nothing_is_recommended() -> None:
    for memory in (Memory(), remembered([]), remembered([(ANA, 90, [])])):
        assert len(together(memory).of) == 0
        assert chosen(memory, ANA, STRANGER) == [[], []]
        assert choosing.again(memory, np.array([ANA]))[0] == []
        assert choosing.trending(memory.sales, memory.items) == []


@pytest.mark.parametrize(
    ("customers", "times", "starts", "items"),
    [
        ([1], [1.0], [0], []),
        ([1], [1.0, 2.0], [0, 1], [5]),
        ([1], [1.0], [0, 2], [5]),
        ([1, 1], [1.0, 1.0], [0, 2, 1], [5]),
        ([1], [1.0], [0, 1], [-5]),
        ([-7], [1.0], [0, 1], [5]),
        ([1], [float("nan")], [0, 1], [5]),
        ([1], [float("inf")], [0, 1], [5]),
    ],
)
def test_baskets_that_do_not_fit_together_are_refused(
    customers: list[int], times: list[float], starts: list[int], items: list[int]
) -> None:
    with pytest.raises(ValueError, match=r"must|needs"):
        Baskets(np.array(customers), np.array(times), np.array(starts), np.array(items, dtype=np.int64))


def test_the_best_come_first_and_equal_ones_as_they_stand() -> None:
    assert best(np.array([1.0, 3, 3, 0, 2, 0, 0]), 3).tolist() == [1, 2, 4]
    assert best(np.array([1.0] * 50), 3).tolist() == [0, 1, 2]
    assert best(np.array([0.0, -1]), 3).tolist() == []
    assert best(np.zeros(0), 3).tolist() == []
