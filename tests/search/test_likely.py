"""What products probably are, by what they say of themselves."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from app.search.attributes import AttributeVocabulary, attribute_column
from app.search.kinds import NOTHING
from app.search.likely import FEW, likely
from app.search.turns import at_once

CAMERA, CARTRIDGE, EOS = 0, 1, 2
STEMS = 3
SHOT, PRINTED = ("Lens mount", "Megapixels"), ("Page yield", "Colour")

Product = tuple[int, Sequence[str]]


def found(*segments: Sequence[Product], brands: Sequence[int] | None = None) -> list[int]:
    known = AttributeVocabulary()
    parts, start = [], 0
    for segment in segments:
        parts.append((start, attribute_column([[(name, "1") for name in names] for _, names in segment], known)))
        start += len(segment)
    things = np.array([thing for segment in segments for thing, _ in segment], np.int64)
    made_by = np.array(brands, np.int64) if brands else np.full(len(things), NOTHING)
    return at_once(likely(things, made_by, parts, len(known), STEMS)).tolist()


NAMED: list[Product] = [(CAMERA, SHOT), (CARTRIDGE, PRINTED)] * FEW


def test_what_has_no_name_is_what_others_with_the_same_attributes_are_called() -> None:
    unnamed: list[Product] = [(NOTHING, ["Lens mount"]), (NOTHING, ["Page yield", "Colour"]), (EOS, SHOT)]
    for segments in ([*NAMED, *unnamed],), (unnamed, NAMED), (NAMED[:7], unnamed, NAMED[7:]):
        told = found(*segments)
        first = [*chain.from_iterable(segments)].index(unnamed[0])
        assert told[first : first + 3] == [CAMERA, CARTRIDGE, CAMERA]
        assert set(told[:first] + told[first + 3 :]) == {NOTHING}


def test_what_says_nothing_or_what_nobody_else_says_is_nothing() -> None:
    strange = [f"Oddity {number}" for number in range(30)]
    assert found([*NAMED, (NOTHING, []), (NOTHING, strange), (NOTHING, [*strange, "Colour"])])[-3:] == [NOTHING] * 3


def test_an_attribute_that_all_kinds_have_votes_for_none() -> None:
    kinds = [(thing, [*names, "Weight"]) for thing, names in NAMED]
    assert found([*kinds, (NOTHING, ["Weight", "Page yield"])])[-1] == CARTRIDGE


def test_where_nothing_is_called_anything_nothing_is_likely() -> None:
    assert found([(NOTHING, SHOT)] * 3, [(EOS, SHOT)]) == [NOTHING] * 4
    assert found([]) == []


def test_what_only_one_brand_calls_its_products_is_its_line_and_not_what_they_are() -> None:
    canon, others = 1, [2, 2, 3, 3] * (FEW // 2)
    line: list[Product] = [(EOS, list(SHOT))] * FEW

    def told_of_line(*brands: int) -> set[int]:
        return set(found([*NAMED, *line], brands=[*others, *brands])[len(NAMED) :])

    assert told_of_line(*[canon] * FEW) == {CAMERA}
    assert told_of_line(2, 3, *[canon] * (FEW - 2)) == {NOTHING}  # so it is the name of a thing
    assert told_of_line(*[NOTHING] * FEW) == {NOTHING}  # nobody's line
