"""What a query is understood to mean."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from app.search.synonyms import Synonyms, load
from app.search.understanding import Understood, understand
from app.search.understanding.spoken import spoken
from app.search.words import index_words
from tests.search.understanding.names import wordlist_of


class Index(NamedTuple):
    """The words of some products."""

    products: Sequence[frozenset[str]]

    def frequency(self, word: str) -> int:
        return self.frequency_together([word])

    def frequency_together(self, words: Sequence[str]) -> int:
        return sum(product.issuperset(words) for product in self.products)

    def called(self, stem: str) -> int:
        return 0

    def beginning(self, prefix: str, most: int) -> list[str]:
        return sorted({word for product in self.products for word in product if word.startswith(prefix)})[:most]


NAMES = (
    "Canon MLT-D1092S toner",
    'HP notebook 39.6 cm (15.6") 8 GB',
    "Sandberg mouse pad",
    "USB-C hub",
    "Powerbank 0012345678905",
    "Lamp",
    "Case for tablet",
)


def read(
    q: str, rules: str = "", reading: str = "", people_say: Sequence[str] = (), names: Sequence[str] = NAMES
) -> Understood:
    index = Index([frozenset(index_words(name)) for name in names])
    synonyms = load({"en": rules})[0] if rules else Synonyms.empty()
    words = wordlist_of(names)
    words.spoken = spoken(people_say)
    return understand(q, index, words, synonyms, reading)


def written(q: str, **more: Any) -> list[set[str]]:
    """For each word of the query the ways in which it may be written."""
    return [{" ".join(way.words) for way in word.alternatives} for word in read(q, **more).words]


@pytest.mark.parametrize("typed", ['15.6"', "15,6 inch", "15.6''", "15.6 inches", "15,6 polegadas", "15,6 pulgadas"])
def test_inches_are_read_in_every_spelling(typed: str) -> None:
    assert written(f"{typed} notebook") == [{"15.6"}, {"notebook"}]


def test_a_measure_may_be_written_in_one_or_in_two() -> None:
    assert written("8gb")[0] >= {"8gb", "8 gb"}
    assert {"usbc", "usb c"} <= written("usb-c")[0]


def test_words_may_be_joined_or_parted() -> None:
    assert {"note book", "notebook"} == written("note book")[0]
    assert {"mousepad", "mous pad"} == written("mousepad")[0]
    assert {"power bank", "powerbank"} == written("power bank")[0]


def test_the_beginning_of_a_code_finds_it() -> None:
    assert "mltd1092" in written("MLT-D1092")[0] and read("d1092").words[0].alternatives[1].words == ("d1092s",)


def test_a_model_is_found_by_the_codes_that_only_add_letters_to_it() -> None:
    names = ("Brother LC-1100", "Brother LC-1100Y", "Brother LC-1100HYBK", "Brother LC-11000")
    assert {"lc1100", "lc1100y", "lc1100hybk"} == written("lc1100", names=names)[0]


def test_a_size_in_whole_inches_may_be_given_to_a_tenth() -> None:
    names = ('Monitor 60.5 cm (23.8")', 'Monitor 61 cm (24")', 'Monitor 62 cm (24.5")', 'Monitor 64 cm (25.5")', "24")
    assert {"24", "23.8", "24.5"} == written("24 inch monitor", names=names)[0]
    assert {"24"} == written("24 monitor", names=names)[0]


def test_a_number_of_twelve_digits_is_one_of_thirteen_without_its_zero() -> None:
    assert written("012345678905")[0] == {"012345678905", "0012345678905"}


def test_synonyms_are_further_ways_and_count_less_than_the_word_typed() -> None:
    (word,) = read("laptop", "laptop, notebook, portable computer").words
    assert [(way.words, way.worth < 1) for way in word.alternatives] == [
        (("laptop",), False),
        (("notebook",), True),
        (("portabl", "comput"), True),
    ]


def test_a_word_that_only_a_synonym_finds_is_not_misspelt() -> None:
    assert read("lappe", "lappe => lamp").corrected == ""
    assert read("lanp").corrected == "lamp"


def test_words_that_together_have_a_synonym_are_not_misspelt() -> None:
    assert read("lanp hup", "lanp hup => usb hub").corrected == ""
    assert read("lanp hup", "lanp hup => what nobody sells").corrected == "lamp hub"


def test_of_words_that_together_have_a_synonym_single_ones_keep_theirs() -> None:
    ways = written("mouse pad", rules="mouse pad => desk mat\nmouse => trackball")[0]
    assert {"mous pad", "desk mat", "trackbal pad"} == ways


def test_a_word_that_people_use_is_meant_as_it_is_typed() -> None:
    """Nobody sells a "cape" here: but a case is not what is looked for."""
    assert read("cape tablet").searched_for == "case tablet"
    assert read("cape tablet", people_say=["cape"]).searched_for == "cape tablet"
    assert read("caze tablet", people_say=["cape"]).searched_for == "case tablet"


def test_it_is_put_right_by_one_letter_of_a_name_where_nothing_would_be_found_at_all() -> None:
    assert read("lamb", people_say=["lamb"]).searched_for == "lamp"
    assert read("limbo", people_say=["limbo"]).searched_for == "limbo"


def test_it_is_put_right_by_a_word_that_products_only_have_in_others_that_mean_the_same() -> None:
    assert read("torhc", rules="torch => lamp").searched_for == "torch"
    assert read("torhc", rules="torch => lantern").searched_for == "torhc"  # nobody sells one
    assert read("lampo", rules="lampro => hub").searched_for == "lamp"  # what is sold by its name comes first


def test_the_words_of_a_phrase_that_nobody_sells_keep_their_own_synonyms() -> None:
    understood = read("kitchen book", rules="kitchen book => cookbook\nbook => novel", people_say=["kitchen", "book"])
    assert [word.typed for word in understood.words] == ["kitchen book"]
    assert [{way.words for way in word.alternatives} for word in understood.apart] == [
        {("kitchen",)},
        {("book",), ("novel",)},
    ]


def test_a_shopper_may_insist_on_what_he_typed() -> None:
    assert read("lanp", reading="typed").corrected == ""


@pytest.mark.parametrize(
    ("q", "things"),
    [
        ("case for tablet", ["case"]),
        ("tablet case", ["case"]),
        ("lamp", ["lamp"]),
        ("desk lamp and mouse pad", ["lamp", "pad"]),
        ("lamp and", ["lamp"]),
        ("& lamp + hub for notebook and tablet", ["lamp", "hub"]),
        ("laptop bag 15.6", ["bag"]),
        ("mouse pad x4 black and hub 3", ["pad", "hub"]),
        ("tn-2110", ["tn-2110"]),
        ("screwdriver set", ["screwdriver"]),
        ("kit", ["kit"]),
        ("hub del notebook con mouse pad", ["hub"]),
        ("lamp de tablet sin pad", ["lamp"]),
        ("eau de tablet for lamp", ["tablet"]),
    ],
)
def test_the_thing_is_the_last_word_before_any_for_that_is_no_number_and_there_may_be_two(
    q: str, things: list[str]
) -> None:
    assert list(read(q).things) == things


@pytest.mark.parametrize("q", ["", " ", "'", "-", "for", "\u202e\u0000", "a" * 200, "1" * 200, '"' * 200, "🎁", "%s{}"])
def test_no_text_breaks_it(q: str) -> None:
    assert read(q).typed == q
