"""SKUs of a feed: the first good row with one wins, and what is listed at all is not withdrawn."""

from app.suppliers.seen import SeenSkus


def test_the_line_of_the_first_good_row_is_remembered() -> None:
    seen = SeenSkus()
    assert not seen.first("A", 118)
    assert not seen.first("A2", 119)
    assert seen.first("A", 1204) == 118


def test_a_row_that_cannot_be_used_does_not_take_its_sku_from_a_good_one() -> None:
    seen = SeenSkus()
    seen.mention("A")
    assert not seen.first("A", 2)


def test_skus_are_found_among_many() -> None:
    seen = SeenSkus()
    assert [seen.first(f"S{number}", number + 1) for number in range(5000)] == [0] * 5000
    assert [seen.first(f"S{number}", 9999) for number in range(5000)] == list(range(1, 5001))


def test_listed_are_good_rows_and_rejected_ones() -> None:
    seen = SeenSkus()
    for number in range(3000):
        seen.first(f"S{number}", number + 1)
    seen.mention("bad")
    listed = seen.listed()
    assert listed.holds(["S0", "S2999", "bad", "S3000", ""]) == [True, True, True, False, False]


def test_an_empty_feed_lists_nothing() -> None:
    assert SeenSkus().listed().holds(["A"]) == [False]
