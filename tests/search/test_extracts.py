"""What lies beside a segment says what the segment says, and is never trusted where it is damaged."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.search.answering import answer
from app.search.columns import Columns, Many, Vocabularies
from app.search.documents import Entry
from app.search.engine import Engine
from app.search.extract_files import LAYOUT, kept
from app.search.index import Index
from app.search.suggesting import suggest
from app.search.words import index_words
from app.search.writing import Writer
from bench.search_catalogue import Vocabulary, entries
from bench.search_queries import arrivals, queries

PRODUCTS, STEP, SEED = 240, 40, 20_26
VOCABULARY = Vocabulary()
SAID = (("Width", "43,2 cm"), ("width", "43.2 CM"), ("Farbe", "Größe"), ("Bluetooth", "Yes"))  # one value in two ways


def files(root: Path) -> list[Path]:
    return sorted(root.glob(f"GEN-*/*.extract{LAYOUT}"))


def catalogue() -> list[Entry]:
    """Made-up products; some are written with accents, and say things that others write otherwise."""
    chance, made = random.Random(SEED), list[Entry]()
    for entry in islice(entries(PRODUCTS, VOCABULARY), PRODUCTS):
        name = entry.document.name.replace("e", chance.choice("eeé"))
        said = (*chance.sample(SAID, 2), *entry.attributes)
        made.append(Entry(msgspec.structs.replace(entry.document, name=name), [*entry.words, *index_words(name)], said))
    return made


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several segments; products were changed and taken out, and some segments merged."""
    root, made = tmp_path_factory.mktemp("index"), catalogue()
    Index(root).use(Index(root).new_generation())
    writer = Writer(Index(root))
    for start in range(0, PRODUCTS, STEP):
        assert writer.update([], made[start : start + STEP])
    assert writer.tidy()
    for start in range(0, PRODUCTS // 2, STEP):
        again = [each.document.product for each in made[start : start + STEP : 2]]
        assert writer.update([*again, start + 4], made[start : start + STEP : 2][::-1])
    return root


@pytest.fixture
def root(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "index"))


@pytest.fixture
def engine_of() -> Iterator[Callable[[Path], Engine]]:
    made = list[Engine]()

    def engine(root: Path) -> Engine:
        made.append(Engine(root))
        assert made[-1].refresh()
        return made[-1]

    yield engine
    for each in made:
        each.close()


def meant(columns: Columns, known: Vocabularies) -> dict[str, Any]:
    """What columns say, whatever the numbers of words are."""

    def pairs(column: Many, keys: Sequence[Any]) -> list[tuple[int, Any]]:
        return sorted(
            (document, keys[n])
            for document, n in zip(*map(np.ndarray.tolist, (column.documents, column.values)), strict=True)
        )

    stems = np.array(known.stems.keys)
    said = known.attributes
    plain = ("product", "price", "created", "sellers", "stars", "reviews", "mix", "in_stock")
    return {
        **{name: getattr(columns, name).tolist() for name in plain},
        "brand": [known.brands.keys[n] for n in columns.brand],
        "origin": [known.origins.keys[n] for n in columns.origin],
        "categories": pairs(columns.categories, known.categories.keys),
        "suppliers": pairs(columns.suppliers, known.suppliers.keys),
        "colours": pairs(columns.colours, known.colours.keys),
        "titles": stems[columns.titles.words].tolist(),
        "bounds": columns.titles.bounds.tolist(),
        "played": columns.titles.played.tolist(),
        "relations": columns.titles.relations.tolist(),
        "attributes": {key: pairs(columns.attributes.pairs(n), said.values[n].keys) for n, key in enumerate(said.keys)},
    }


def worded(known: Vocabularies) -> dict[str, Any]:
    """What vocabularies say: the label of each key, and what each value measures."""
    found: dict[str, Any] = {name: dict(zip(each.keys, each.labels, strict=True)) for name, each in vars(known).items()}
    for key, values in zip(known.attributes.keys, known.attributes.values, strict=True):
        found[f"values of {key}"] = dict(
            zip(values.keys, zip(values.labels, map(repr, values.measured()), strict=True), strict=True)
        )
    return found


def held(engine: Engine) -> Any:
    """The words of products on sale with who holds them, and those that descriptions alone have."""
    words, described = engine.wordlists.current, np.array(engine.known.described.keys)
    holders = [words.holders(place).tolist() for place in range(len(words.words))]
    return words.words, words.shown, holders, words.counts.tolist(), sorted(described[words._others])


def test_what_was_written_beside_segments_is_what_is_read_out_of_them(
    root: Path, tmp_path: Path, engine_of: Callable[[Path], Engine]
) -> None:
    bare = Path(shutil.copytree(root, tmp_path / "bare"))
    for file in files(bare):
        file.unlink()
    ours, theirs = engine_of(root), engine_of(bare)
    assert len(files(root)) == len(ours._segments) == 4
    assert ours.snapshot.total == theirs.snapshot.total < ours.snapshot.size
    assert meant(ours.snapshot.columns, ours.known) == meant(theirs.snapshot.columns, theirs.known)
    assert worded(ours.known) == worded(theirs.known)
    assert held(ours) == held(theirs)
    assert ours.snapshot.alive.tolist() == theirs.snapshot.alive.tolist()
    there = arrivals()
    for query in queries(VOCABULARY)[:60]:
        found = [answer(each.snapshot, each.wordlists.current, query, there) for each in (ours, theirs)]
        assert found[0] == found[1], query
        for end in (2, len(query.q) // 2):
            rows = [suggest(each.snapshot, each.wordlists.current, (), query.q[:end]) for each in (ours, theirs)]
            assert rows[0] == rows[1], query.q[:end]


def test_a_process_that_was_there_all_the_time_says_what_a_new_one_says(
    tmp_path: Path, engine_of: Callable[[Path], Engine]
) -> None:
    index, made = Index(tmp_path), catalogue()
    index.use(index.new_generation())
    writer = Writer(index)
    writer.update([], made[:STEP])
    old = engine_of(tmp_path)
    for start in range(STEP, PRODUCTS, STEP):
        writer.update([start], made[start : start + STEP][::-1])
        writer.tidy()
        assert old.refresh()
    new = engine_of(tmp_path)
    assert meant(old.snapshot.columns, old.known) == meant(new.snapshot.columns, new.known)
    for query in queries(VOCABULARY)[:60]:
        found = [answer(each.snapshot, each.wordlists.current, query, None) for each in (old, new)]
        assert found[0] == found[1], query


def cut(content: bytes) -> bytes:
    return content[:-100]


def changed(content: bytes) -> bytes:
    return content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]


@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"FEIRA", cut, changed, None])
def test_a_damaged_file_is_not_looked_at(
    root: Path, damage: Callable[[bytes], bytes] | None, engine_of: Callable[[Path], Engine]
) -> None:
    whole = engine_of(root)
    victim, other = files(root)[:2]
    content = damage(victim.read_bytes()) if damage else other.read_bytes()
    victim.unlink()  # who has it mapped keeps it
    victim.write_bytes(content)
    found = engine_of(root)
    assert meant(found.snapshot.columns, found.known) == meant(whole.snapshot.columns, whole.known)


def test_files_come_with_their_segments_and_go_with_them(tmp_path: Path) -> None:
    index, made = Index(tmp_path), catalogue()
    index.use(index.new_generation())
    writer = Writer(index)
    for place in range(10):
        writer.update([], made[place : place + 1])
        place_of = index.current()
        opened = index.open()
        assert place_of and opened
        for half in ("MAIN_killed.extract1.new", f"_MAIN_{place + 2}.toc.1700000000.5"):
            (place_of / half).write_bytes(b"half of it")
        assert len(files(tmp_path)) == len(opened._segments())
        writer.tidy()
    assert len(files(tmp_path)) < 10
    writer.update([], made[10:11])
    assert not [*tmp_path.glob("GEN-*/*.new"), *tmp_path.glob("GEN-*/*.toc.*")]


def test_what_an_older_program_wrote_is_completed(root: Path) -> None:
    before = {file.name: file.read_bytes() for file in files(root)}
    for file in files(root)[:3]:
        file.rename(file.with_suffix(".extract0"))
    writer = Writer(Index(root))
    while writer.complete():
        pass
    assert {file.name: file.read_bytes() for file in root.glob("GEN-*/*.extract*")} == before


def test_products_that_have_next_to_nothing_lie_there_too(tmp_path: Path, engine_of: Callable[[Path], Engine]) -> None:
    index, bare = Index(tmp_path), catalogue()[0].document
    index.use(index.new_generation())
    bare = msgspec.structs.replace(bare, name="?", brand="", categories=(), suppliers=(), colours=(), stock={})
    assert Writer(index).update([], [Entry(bare, [], ())])
    assert [kept(file) for file in files(tmp_path)] != [None]
    assert list(engine_of(tmp_path).snapshot.documents()) == [bare]


def test_what_is_merged_away_while_it_is_being_opened_is_found_in_the_newer_commit(
    tmp_path: Path, engine_of: Callable[[Path], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, made = Index(tmp_path), catalogue()
    index.use(index.new_generation())
    engine, writer = engine_of(tmp_path), Writer(index)
    for place in range(6):
        writer.update([], made[place : place + 1])
    read = engine.index.parts

    def too_slowly() -> Any:
        parts = read()
        writer.tidy()
        return parts

    monkeypatch.setattr(engine.index, "parts", too_slowly)
    assert engine.refresh()
    assert (len(engine._segments), engine.snapshot.total) == (1, 6)


def segments(index: Index) -> list[tuple[int, int]]:
    """(live, dead) documents of each, the largest first."""
    opened = index.open()
    assert opened
    return sorted(((each.doc_count(), each.deleted_count()) for each in opened._segments()), reverse=True)


def test_what_changes_often_is_merged_without_writing_the_others_anew(tmp_path: Path) -> None:
    index, made = Index(tmp_path), catalogue()
    index.use(index.new_generation())
    writer = Writer(index)
    writer.update([], made)
    for _ in range(5):
        writer.update([made[0].document.product], made[:1])
        assert not writer.tidy()
    writer.update([made[0].document.product], made[:1])
    assert writer.tidy()
    assert segments(index) == [(len(made) - 1, 1), (1, 0)]


def test_a_segment_with_many_dead_is_written_anew(tmp_path: Path) -> None:
    index, made = Index(tmp_path), catalogue()
    index.use(index.new_generation())
    writer = Writer(index)
    writer.update([], made)
    half = made[: len(made) // 2]
    writer.update([each.document.product for each in half], half)
    assert writer.tidy()
    assert segments(index) == [(len(made) - len(half), 0), (len(half), 0)]
    assert not writer.tidy()
