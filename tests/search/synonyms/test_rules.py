"""What rules mean, and what is said of lines that are none."""

import os
from collections.abc import Iterator

import pytest

from app.search.synonyms import Problem, Synonyms, current, keeping, load
from app.search.synonyms.parsing import LONGEST_LINE, MOST_LINES, MOST_OTHERS
from app.search.words import query_words


def rules(text: str) -> Synonyms:
    found, problems = load({"en": text})
    assert problems == []
    return found


def others(text: str, typed: str) -> list[tuple[str, list[str]]]:
    words = [word.whole for word in query_words(typed)]
    return [(" ".join(words[a:b]), [" ".join(each) for each in found]) for a, b, found in rules(text).of(words)]


def test_words_with_commas_mean_each_other() -> None:
    assert others("sofa, couch, settee", "couch") == [("couch", ["sofa", "sette"])]


def test_an_arrow_leads_one_way() -> None:
    assert others("hob => cooktop", "hob") == [("hob", ["cooktop"])]
    assert others("hob => cooktop", "cooktop") == []


def test_the_longest_part_of_a_query_is_looked_up_and_none_twice() -> None:
    text = "phone, handset\nmobile phone, smartphone"
    assert others(text, "red mobile phone") == [("mobil phone", ["smartphon"])]


def test_accents_capitals_and_endings_do_not_matter() -> None:
    assert others("Chávena => Cups", "CHAVENA") == [("chavena", ["cup"])]


def test_joints_and_small_words_on_the_left_are_as_in_a_query() -> None:
    assert others("two-way radio => walkie", "two-way radio") == [("twoway radio", ["walki"])]
    assert others("two-way radio => walkie", "two way radio") == [("two way radio", ["walki"])]
    assert others("all in one pc => desktop", "all in one pc") == [("all one pc", ["desktop"])]
    assert others("e-reader => tablet", "e-reader") == [("ereader", ["tablet"])]
    assert others("e-reader => tablet", "card reader") == []


def test_a_circle_is_gone_through_once() -> None:
    assert others("a1 => b1\nb1 => a1", "a1 b1") == [("a1", ["b1"]), ("b1", ["a1"])]


@pytest.mark.parametrize(
    "line",
    [
        "lamp",
        "=>",
        "lamp =>",
        "=> lamp",
        "hob => stove => cooktop",
        ",,,",
        "a b c d e f, lamp",
        "x" * LONGEST_LINE + ", y",
    ],
)
def test_a_line_that_is_no_rule_is_named_with_its_reason_and_the_others_hold(line: str) -> None:
    found, problems = load({"en": f"sofa, couch\n{line}\n# a remark\n\nhob => cooktop # another"})
    assert [(each.language, each.line, bool(each.reason)) for each in problems] == [("en", 2, True)]
    assert [each.others for each in found.of(["sofa"])] == [(("couch",),)]


def test_a_hostile_file_is_cut_and_said_to_be() -> None:
    found, problems = load({"en": "\n".join(f"lamp, word{n}" for n in range(MOST_LINES + 5)), "pt": "\0, \u202e"})
    assert len(found.of(["lamp"])[0].others) == MOST_OTHERS
    assert Problem("en", MOST_LINES + 1, f"There are more than {MOST_LINES:,} lines.") in problems
    assert [each.line for each in problems if each.language == "pt"] == [1]


def test_every_rule_that_comes_with_feira_is_one() -> None:
    texts = {name: keeping.thesaurus(name) for name in keeping.LANGUAGES}
    found, problems = load(texts)
    assert problems == []
    assert len(found) > 5_000


@pytest.fixture
def edited(environment: None) -> Iterator[None]:
    keeping.edited("en").parent.mkdir(exist_ok=True)
    yield
    keeping.edited("en").unlink(missing_ok=True)
    keeping.look_again()


def test_for_what_both_know_the_operators_list_counts_alone(edited: None) -> None:
    keeping.edited("en").write_text("laptop => zorb\nhob => hob")
    keeping.look_again()
    assert [each.others for each in current().of(["laptop"])] == [(("zorb",),)]
    assert current().of(["hob"]) == [] and current().of(["notebook"])


def test_the_operators_list_adds_to_the_thesaurus_and_is_read_anew_when_it_changes(edited: None) -> None:
    keeping.edited("en").write_text("zorb, quux")
    keeping.look_again()
    assert current().of(["zorb"]) and current().of(["laptop"])
    keeping.edited("en").write_text("zorb, frob")
    os.utime(keeping.edited("en"), ns=(1, 1))
    keeping.look_again()
    assert [each.others for each in current().of(["zorb"])] == [(("frob",),)]
