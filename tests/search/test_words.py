"""Text becomes words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.words import MOST_WORDS, index_words, query_words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("chavena", "Chávena de café"),
        ("CAFÉ", "cafe"),
        ("lamps", "lamp"),
        ("lamp", "Lamps"),
        ("usb-c", "USB-C cable"),
        ("usbc", "USB-C cable"),
        ("usb", "USB-C cable"),
        ("i7-8550U", "Laptop i7-8550u"),
        ("15.6", 'Screen of 15.6"'),
        ("mens", "Men's shoes"),
        ("men’s", "mens shoes"),
        ("8gb", "8GB memory"),
    ],
)
def test_what_is_typed_finds_what_is_written(typed: str, written: str) -> None:
    assert {word.whole for word in query_words(typed)} <= set(index_words(written))


@pytest.mark.parametrize(
    ("one", "other"), [("gaming", "game"), ("earrings", "ear"), ("controllers", "control"), ("wired", "wire")]
)
def test_things_whose_words_only_look_alike_are_kept_apart(one: str, other: str) -> None:
    assert index_words(one) != index_words(other)
    assert index_words(one.removesuffix("s")) == index_words(one)


def test_some_pieces_are_no_word_by_themselves() -> None:
    assert index_words("Outlet(s), 1 pc(s)") == ["outlet", "1", "pcs"]


def test_a_joined_word_also_asks_for_its_pieces() -> None:
    (word,) = query_words("desk-lamp")
    assert word.whole == "desklamp"
    assert word.parts == ("desk", "lamp")


def test_small_words_only_count_alone() -> None:
    assert [word.typed for word in query_words("a lamp for the desk")] == ["lamp", "desk"]
    assert [word.typed for word in query_words("the")] == ["the"]
    assert [word.typed for word in query_words("capa para o telemóvel")] == ["capa", "o", "telemovel"]
    assert [word.typed for word in query_words("taza con la tapa del café")] == ["taza", "tapa", "cafe"]


@given(st.text(max_size=400))
def test_any_text_gives_a_bounded_list_of_words(text: str) -> None:
    words = query_words(text)
    assert len(words) <= MOST_WORDS
    assert all(word.whole for word in words)
    index_words(text)
