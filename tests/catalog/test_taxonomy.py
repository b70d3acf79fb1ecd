"""Foreign categories and titles find their shelf by whole words, the most specific first."""

import pytest

from app.catalog.art import KINDS
from app.catalog.taxonomy import BEGINNING, CATEGORIES, OTHER_GOODS, CategorySpec
from app.catalog.taxonomy_words import KEYWORDS

guess, department = BEGINNING.guess, BEGINNING.department
LEAVES = [each for each in CATEGORIES if each.parent]


def test_parents_come_before_their_children_and_all_have_a_picture() -> None:
    seen: set[str] = set()
    for each in CATEGORIES:
        assert each.parent is None or each.parent in seen
        assert each.art_form in KINDS[each.art_kind] or each.art_form is None
        seen.add(each.path)
    assert [each.position for each in CATEGORIES] == list(range(len(CATEGORIES)))


def test_every_leaf_but_the_last_resort_has_keywords() -> None:
    assert set(KEYWORDS) == {leaf.path for leaf in LEAVES} - {OTHER_GOODS}


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.path)
def test_our_own_names_lead_back_to_us(leaf: CategorySpec) -> None:
    assert guess(leaf.path) == guess(leaf.name) == guess(BEGINNING.trail(leaf.path)) == leaf.path
    for phrase in KEYWORDS.get(leaf.path, ()):
        assert guess(phrase) == leaf.path, phrase


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Barefoot sneaker", "shoes/everyday-shoes"),
        ("Apparel & Accessories > Shoes", "shoes/everyday-shoes"),
        ("Sapatilhas de corrida", "shoes/runners"),
        ("Men's Running Shoes", "shoes/runners"),
        ("Home & Garden > Kitchen & Dining > Tableware > Drinkware > Coffee & Tea Cups", "mugs-and-cups/cups"),
        ("Luggage & Bags > Backpacks", "bags/daypacks"),
        ("CANDEEIRO DE SECRETÁRIA", "lighting/desk-lamps"),
        ("Electronics > Audio > Audio Components > Speakers", "headphones-and-speakers/speakers"),
    ],
)
def test_known_words_find_their_shelf(text: str, path: str) -> None:
    assert guess(text) == path


@pytest.mark.parametrize(
    "text",
    ["", "Bottle opener", "Peter Pan", "Shoe rack", "Necklace", "Lampshade, green", "Blade Runner", "lighting", "💡"],
)
def test_a_word_that_only_looks_like_ours_finds_nothing(text: str) -> None:
    assert guess(text) is None


def test_an_unknown_path_is_no_category() -> None:
    assert BEGINNING.category("lighting/candles") is None


def test_a_department_is_known_by_its_name_and_has_a_first_category() -> None:
    assert department("  Chairs and Stools ") == "chairs-and-stools"
    assert BEGINNING.first_leaves["chairs-and-stools"] == "chairs-and-stools/dining-chairs"
    assert department("Desk lamps") is None
    assert department("Home") is None  # more than our clocks and jars
    assert "nothing" not in BEGINNING.first_leaves
