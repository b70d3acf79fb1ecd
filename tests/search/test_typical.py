"""Which products are what others of their name are."""

from collections.abc import Sequence

import numpy as np

from app.search.attributes import Attributes, AttributeVocabulary, attribute_column
from app.search.typical import typical

SERVER = ("Processor", "Disks", "Memory", "Form")
PRINT_SERVER = ("Connector", "Protocol", "Form")


def of(*called: Sequence[str]) -> list[float]:
    """In two segments, with another product between them."""
    rows = [[(name, "1") for name in names] for names in [*called, ("Shade",)]]
    rows.insert(2, rows.pop())
    known = AttributeVocabulary()
    parts = [(0, attribute_column(rows[:2], known)), (2, attribute_column(rows[2:], known))]
    numbers = np.delete(np.arange(len(rows)), 2)
    return [round(float(each), 2) for each in typical(numbers, Attributes(parts))]


def test_what_says_little_of_what_most_of_its_name_say_is_not_typical() -> None:
    assert of(SERVER, PRINT_SERVER, (*SERVER, "Colour"), SERVER[:3], SERVER) == [1, 0.91, 1, 1, 1]


def test_what_says_more_or_less_than_most_is_as_typical() -> None:
    assert of(SERVER, SERVER, SERVER[:2], (*SERVER, *"ABC")) == [1, 1, 1, 1]


def test_what_says_nothing_is_taken_for_typical() -> None:
    assert of(SERVER, SERVER, SERVER, ()) == [1, 1, 1, 1]
    assert of((), (), (), ()) == [1, 1, 1, 1]


def test_where_few_are_called_so_nothing_is_usual() -> None:
    assert of(SERVER, PRINT_SERVER) == [1, 1]
