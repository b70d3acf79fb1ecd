"""The measures of relevance, beside values worked out by hand."""

from math import isclose, log2

from bench.relevance_measures import mistyped, ndcg, ndcg_of_judged, precision, recall

JUDGED = {"a": 3, "b": 1, "c": 0}


def test_the_best_order_is_1_and_what_is_unjudged_counts_nothing() -> None:
    assert ndcg(["a", "b", "c"], JUDGED) == 1.0
    best = 7 + 1 / log2(3)
    assert isclose(ndcg(["x", "a", "b"], JUDGED) or 0, (7 / log2(3) + 1 / 2) / best)
    assert ndcg_of_judged(["x", "a", "b"], JUDGED) == 1.0
    assert ndcg([], JUDGED) == 0.0


def test_a_query_without_anything_relevant_is_not_measured() -> None:
    assert ndcg(["c"], {"c": 0}) is None and recall(["c"], {"c": 0}, 48) is None


def test_precision_and_recall() -> None:
    assert precision(["a", "c", "b"], JUDGED) == 0.2
    assert recall(["a"], JUDGED, 48) == 0.5


def test_a_typo_is_the_same_each_time_and_in_the_longest_word_only() -> None:
    typed = mistyped("usb keyboard", 1)
    assert typed == mistyped("usb keyboard", 1) != "usb keyboard"
    assert typed.split()[0] == "usb"
    assert mistyped("tv", 1) == "tv"
