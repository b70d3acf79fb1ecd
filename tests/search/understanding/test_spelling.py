"""What was meant by a word that nobody sells."""

import random
import string
from itertools import pairwise

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from app.search.turns import Steps, at_once
from app.search.understanding.deletions import Deletions
from app.search.understanding.spelling import begun_alike, corrected
from app.search.understanding.wordlist import Wordlist
from tests.search.understanding.names import filled, wordlist_of

NAMES = [
    "Black lamp",
    "Black lamp tall",
    "Black desk lamp",
    "Blanket of wool",
    "Blank book",
    "Chávena azul",
    "Samsung TV",
]


def meant(text: str, names: list[str] = NAMES, known: tuple[str, ...] = ()) -> str:
    return " ".join(corrected(text.split(), lambda word: 5 * (word in known), wordlist_of(names)).words)


def test_a_letter_too_many_too_few_wrong_or_swapped_is_put_right() -> None:
    assert [meant(typed) for typed in ("samsungg", "samsng", "samsunk", "smasung")] == ["samsung"] * 4


def test_of_two_words_nearby_the_one_is_meant_that_stands_with_the_other_words() -> None:
    assert meant("blak lamp") == "black lamp"
    assert meant("blak book") == "blank book"


def test_two_edits_are_put_right_in_longer_words_only() -> None:
    assert meant("smasunng") == "samsung"
    assert meant("wxxl") == "wxxl"


def test_two_edits_in_a_word_of_middling_length_are_no_guess_where_other_words_find_something() -> None:
    assert meant("samsxxg") == "samsung"
    assert meant("samsxxg lamp") == "samsxxg lamp"
    assert meant("samsxng lamp") == "samsung lamp"


def test_a_word_that_would_find_nothing_leads_to_the_most_frequent_of_those_that_begin_like_it() -> None:
    words = wordlist_of(["Lampshade", "Lampshade tall", "Lamping", "Lantern"])
    assert [begun_alike(typed, words) for typed in ("lamppost", "lanpost", "lampp7st", "")] == [
        "lampshade",
        *[None] * 3,
    ]


def test_a_word_that_some_product_has_is_left_alone() -> None:
    assert meant("blanked") == "blanket"
    assert meant("blanked", known=("blanked",)) == "blanked"
    assert meant("lamp") == "lamp"


@pytest.mark.parametrize("typed", ["tvv", "la", "i7-8550u", "8gb", "sams7ng", "15.6", "4006381333931"])
def test_codes_numbers_and_short_words_are_left_alone(typed: str) -> None:
    assert meant(typed) == typed


def test_accents_do_not_make_a_word_another() -> None:
    assert meant("chvena azul") == "chavena azul"


def test_a_word_near_nothing_stays_and_the_others_are_still_put_right() -> None:
    assert meant("qqqqqqqq samsng") == "qqqqqqqq samsung"


def test_an_empty_shop_corrects_nothing() -> None:
    assert meant("lampp", names=[]) == "lampp"
    assert corrected(["lampp"], lambda _: 0, Wordlist()).changes == {}


def in_parts(words: list[str]) -> Steps[Deletions]:
    """An index of words that came by and by."""
    index = Deletions(words)
    for start, end in pairwise([0, 1000, 1001, 1100, len(words)]):
        index = yield from index.with_more(range(start, end))
    return index


def test_every_word_one_or_two_edits_away_is_found() -> None:
    """Beside a plain search through all words, which is slow and cannot miss one."""
    chance = random.Random(3)
    words = sorted({"".join(chance.choices("abcde", k=chance.randint(3, 11))) for _ in range(1500)})
    index, among = at_once(in_parts(words)), np.ones(len(words), dtype=bool)
    for typed in chance.sample(words, 40):
        place = chance.randrange(len(typed))
        typo = typed[:place] + chance.choice(string.ascii_lowercase) + typed[place + 1 :]
        for most in (1, 2):
            every = {(n, d) for n, word in enumerate(words) if (d := OSA.distance(typo, word)) <= most}
            # Only the first seven letters are taken apart: a swap across that border may cost one deletion more.
            missed = every - set(index.near(typo, most, among))
            assert set(index.near(typo, most, among)) <= every
            assert all(len(words[n]) > 7 for n, _ in missed) and len(missed) <= len(every) // 4


def test_two_neighbours_that_are_swapped_are_one_edit() -> None:
    words = ["lamp", "lam", "lampe", "lmap", "lomp", "palm"]
    index = at_once(Deletions(words).with_more(range(len(words))))
    assert index.near("lamp", 2, np.ones(len(words), dtype=bool)) == [(1, 1), (0, 0), (2, 1), (3, 1), (4, 1)]


def test_what_nobody_sells_any_more_is_no_word() -> None:
    wordlist = wordlist_of(["Lamp", "Tapestry"])
    assert wordlist.stock
    wordlist.stock.alive[1] = False
    made = filled(wordlist.stock)
    assert "lamp" in made
    assert "tapestry" not in made


def test_words_are_counted_by_products_and_found_by_their_beginning() -> None:
    wordlist = wordlist_of(NAMES)
    first, last = wordlist.beginning("bla")
    assert wordlist.words[first:last] == ["black", "blank", "blanket"]
    assert wordlist.counts[first:last].tolist() == [3, 1, 1]
    lamps = wordlist.holding(["lamp"], last_is_open=False)
    assert wordlist.counts_within(first, last, lamps).tolist() == [3, 0, 0]
    assert np.flatnonzero(wordlist.holding(["black", "la"], last_is_open=True)).tolist() == [0, 1, 2]
    assert np.flatnonzero(wordlist.holding(["black", "lamp", "black"], last_is_open=True)).tolist() == [0, 1, 2]


def test_a_column_without_words_is_a_list_without_words() -> None:
    empty = wordlist_of([""])
    assert empty.words == []
    assert empty.near("lamp", 2) == []


def test_letters_in_another_order_are_likelier_than_one_too_many() -> None:
    assert meant("piad", ["Apple iPad", "Mouse pad", "Writing pad"]) == "ipad"


def test_a_word_of_descriptions_is_meant_where_no_name_has_one_nearby_and_keeps_its_ending() -> None:
    wordlist = wordlist_of(NAMES, stems=["earbud"])
    assert corrected(["erbuds"], lambda word: int(word == "earbud"), wordlist).changes == {"erbuds": "earbuds"}


def test_what_one_seller_misspelt_is_put_right_where_many_write_it_otherwise() -> None:
    names = [f"Headphones {n}" for n in range(40)]
    found = corrected(["headphoes"], lambda word: int(word == "headphoes"), wordlist_of(names))
    assert found.changes == {"headphoes": "headphones"}
