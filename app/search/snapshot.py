"""The whole index as of one commit: immutable, in memory, and searched without a lock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial, reduce
from itertools import chain, count, islice

import numpy as np

from app.search import kinds, rated
from app.search.columns import Bools, Columns, Ints, Vocabularies, continued, none
from app.search.documents import Document
from app.search.likely import likely
from app.search.segments import Segment
from app.search.sold import Sold, sold
from app.search.turns import Steps, breathe
from app.search.understanding.narrowing import Holding, Named, holding, named
from app.search.understanding.understood import Alternative, QueryWord, Understood
from app.search.vocabularies import Floats, Held
from app.search.words import fold

K1, B = 1.2, 0.75  # BM25's usual saturation and length normalisation

FAR_MORE = 1_000_000  # than anybody sells
MIX_BITS = 32
MOST_FREQUENCIES = 50_000  # words remembered with theirs

PREPARED = (
    *("brand_names", "category_names", "category_labels", "held_by_categories", "_mean_length"),
    *("standing", "mean_stars", "levels", "_by_product"),
)

_serials = count()


@dataclass(frozen=True)
class Matches:
    """Which documents hold the words of a query, and how well; not `every_word`: none has all, these have some."""

    found: Bools
    scores: Floats
    words: tuple[QueryWord, ...]  # by which they were found
    every_word: bool = True
    is_scored: bool = True


class Snapshot:
    def __init__(
        self, segments: Sequence[Segment], living: Sequence[Bools], columns: Columns, known: Vocabularies
    ) -> None:
        self.known = known
        self.columns = columns
        self._segments = segments
        self._starts = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self._starts[-1])
        self.alive: Bools = np.concatenate(living) if living else np.zeros(0, dtype=bool)
        self.total = int(self.alive.sum())
        self.serial = next(_serials)
        self.sold_categories = self.sold_brands = Sold()
        # What each product is, as a number among the stems of names; and probably is, where its name does not say.
        self.things: Ints = np.full(self.size, kinds.NOTHING)
        self.likely = self.things
        self._frequencies: dict[str, int] = {}

    def prepare(self) -> Steps[None]:
        """Work out what every query needs, before the first one waits for it."""
        titles, attributes, stems = self.columns.titles, self.columns.attributes.parts, len(self.known.stems)
        hollow = self.known.stems.find(kinds.HOLLOW)
        self.things = yield from kinds.things(titles.words, titles.played, titles.bounds, stems, hollow)
        brands = np.where(np.isin(self.columns.brand, self.known.brands.find([""])), kinds.NOTHING, self.columns.brand)
        self.likely = yield from likely(self.things, brands, attributes, len(self.known.attributes), stems)
        for needed in PREPARED:
            getattr(self, needed)
            yield
        known, columns = self.known, self.columns
        sizes = columns.categories.counts(self.alive, len(known.categories))
        self.sold_categories = yield from sold(sizes, known.categories.labels)
        sizes = np.bincount(columns.brand[self.alive], minlength=len(known.brands))
        self.sold_brands = yield from sold(sizes, known.brands.labels)

    @cached_property
    def mean_stars(self) -> float:
        """The mean of all stars given to what is on sale."""
        return rated.mean_of_all(self.columns.stars[self.alive], self.columns.reviews[self.alive])

    @cached_property
    def levels(self) -> Ints:
        """How many whole stars each product has, 0 without reviews."""
        return rated.levels(self.columns.stars, self.columns.reviews)

    @cached_property
    def brand_names(self) -> Named:
        return named(self.known.brands)

    @cached_property
    def category_names(self) -> Named:
        return named(self.known.categories)

    @cached_property
    def category_labels(self) -> Mapping[str, int]:
        """The numbers of categories by their whole names, folded; of several with one name the first."""
        labels = list(self.known.categories.labels)
        return {fold(label): number for number, label in reversed(list(enumerate(labels))) if label}

    @cached_property
    def held_by_categories(self) -> Holding:
        return holding(self.known.categories)

    @cached_property
    def standing(self) -> Ints:
        """Smallest for what stands first: what can be bought, then what most sell, then by a fixed shuffle."""
        sellers = self.columns.sellers + np.where(self.columns.in_stock, FAR_MORE, 0)
        return self.columns.mix - (sellers << MIX_BITS)

    def called(self, stem: str) -> int:
        """How many products are what a stem of their names says."""
        numbers = self.known.stems.find([stem])
        return int((self.things == numbers[0]).sum()) if numbers else 0

    def being(self, word: QueryWord) -> Bools:
        """Which products are, or probably are, what a word says in one of its ways."""
        stems = self.known.stems.find([way.words[-1] for way in word.alternatives])
        return np.isin(self.things, stems) | np.isin(self.likely, stems)

    def document(self, number: int) -> Document:
        place = int(np.searchsorted(self._starts, number, side="right")) - 1
        return self._segments[place].document(number - int(self._starts[place]))

    def documents(self) -> Iterator[Document]:
        """Every product on sale, decoded one by one."""
        return (self.document(int(number)) for number in np.flatnonzero(self.alive))

    def documents_of(self, products: Sequence[int]) -> list[Document]:
        """Those of these products (ids) that are on sale, in the order of the ids."""
        order, ids = self._by_product
        wanted = np.array(products, np.int64)
        spans = zip(np.searchsorted(ids, wanted, "left"), np.searchsorted(ids, wanted, "right"), strict=True)
        living = ((number for number in order[start:end] if self.alive[number]) for start, end in spans)
        return [self.document(int(number)) for numbers in living for number in islice(numbers, 1)]

    @cached_property
    def _by_product(self) -> tuple[Ints, Ints]:
        """The documents in the order of their products' ids, and these; of one product there may be dead ones, too."""
        order = np.argsort(self.columns.product, kind="stable")
        return order, self.columns.product[order]

    def match(self, understood: Understood) -> Matches:
        """Documents with all words; if there is none, those with any of them. No words: every document, unscored.

        What is asked for need not be said by what probably is that.
        """
        if not understood.words:
            return Matches(self.alive, np.zeros(self.size), (), is_scored=False)
        found = apart = self._having_all(understood.words, understood.things)
        if not found.found.any() and understood.apart != understood.words:
            apart = self._having_all(understood.apart, understood.things)
        if apart.found.any() or len(apart.words) == 1:
            return apart
        some = [replace(each, found=self.alive & (each.scores > 0), every_word=False) for each in (found, apart)]
        return next((each for each in some if each.found.any()), some[-1])

    def _having_all(self, words: tuple[QueryWord, ...], things: Sequence[str]) -> Matches:
        asked = [not set(things).isdisjoint(word.typed.split()) for word in words]
        per_word = [
            self._thing(word) if is_thing else self._word(word) for word, is_thing in zip(words, asked, strict=True)
        ]
        every = self.alive & np.logical_and.reduce([score > 0 for score in per_word])
        share = np.mean([score > 0 for score in per_word], axis=0)  # who has more of the words stands first
        return Matches(every, np.sum(per_word, axis=0) * share, words)

    def frequency(self, word: str) -> int:
        """How many products hold a word of the index."""
        found = self._frequencies.get(word)
        if found is None:
            if len(self._frequencies) >= MOST_FREQUENCIES:
                self._frequencies.clear()  # what shoppers type has no end
            found = sum(len(segment.postings(word)[0]) for segment in self._segments)
            self._frequencies[word] = found
        return found

    def frequency_together(self, words: Sequence[str]) -> int:
        """How many products hold all of the words."""
        if len(words) == 1 or not all(self.frequency(word) for word in words):
            return self.frequency(words[0]) if len(words) == 1 else 0
        held = [[segment.postings(word)[0] for word in words] for segment in self._segments]
        return sum(len(reduce(_in_both, numbers)) for numbers in held if numbers)

    def held(self) -> Iterator[tuple[int, Ints, Held]]:
        """Of each segment the number of its first document, those of the words it knows, and who holds them."""
        for start, segment in zip(self._starts.tolist(), self._segments, strict=False):
            yield start, segment.learnt.numbering["words"], segment.learnt.held

    def described(self) -> Bools:
        """Which of the words that products are described by stand in the index."""
        found = np.zeros(len(self.known.described), dtype=bool)
        for segment in self._segments:
            found[segment.learnt.numbering["described"]] = True
        return found

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most so many words of the index that begin so."""
        found = chain.from_iterable(segment.beginning(prefix, most) for segment in self._segments)
        return sorted(set(found))[:most]

    def rarity(self, words: Sequence[str]) -> float:
        """How telling it is that a product has these words: the inverse document frequency of BM25, on average."""
        return float(np.mean([self._rarity(self.frequency(word)) for word in words]))

    def _rarity(self, holders: int) -> float:
        return float(np.log(1 + max(self.size - holders + 0.5, 0.5) / (holders + 0.5)))

    def _thing(self, word: QueryWord) -> Floats:
        """Had, as by one usual word of its texts, also by what probably is that: a monitor called S24D332H."""
        scores = self._word(word)
        for way in word.alternatives:
            stems = self.known.stems.find(way.words)
            if len(stems) == len(way.words) == 1:
                scores[(scores == 0) & (self.likely == stems[0])] = way.worth * self.rarity(way.words)
        return scores

    def _word(self, word: QueryWord) -> Floats:
        """By its best alternative. None is more telling than the word as typed, nor that than another that means it.

        Else "laptop" would find bags first, where most products that are one are called notebooks.
        """
        own, *others = word.alternatives
        alike = [own.words, *(way.words for way in others if way.is_alike)]
        known = [words for words in alike if all(self.frequency(each) for each in words)]
        most = min((self.rarity(words) for words in known), default=np.inf)
        return np.max([self._alternative(each, most) for each in word.alternatives], axis=0)

    def _alternative(self, alternative: Alternative, most: float) -> Floats:
        pieces = [self._score(word, most) for word in alternative.words]
        if len(pieces) == 1:
            return alternative.worth * pieces[0]
        every = np.logical_and.reduce([piece > 0 for piece in pieces])
        return np.where(every, alternative.worth * np.mean(pieces, axis=0), 0.0)

    def _score(self, word: str, most: float) -> Floats:
        """BM25 of one word for every document, 0 where it is not; its rarity counts at most `most`."""
        scores = np.zeros(self.size)
        holders = self.frequency(word)
        if not holders:
            return scores
        rarity = min(self._rarity(holders), most)
        for segment, start in zip(self._segments, self._starts, strict=False):
            numbers, weights = segment.postings(word)
            if len(numbers):
                relative = segment.lengths[numbers] / self._mean_length
                scores[start + numbers] = rarity * weights * (K1 + 1) / (weights + K1 * (1 - B + B * relative))
            breathe()
        return scores

    @cached_property
    def _mean_length(self) -> float:
        return max(sum(float(segment.lengths.sum()) for segment in self._segments) / max(self.size, 1), 1.0)


def snapshot_of(segments: Sequence[Segment], living: Sequence[Bools], known: Vocabularies) -> Steps[Snapshot]:
    """Of segments, and which documents of each are on sale."""
    parts = [(segment.learnt.columns, segment.learnt.numbering) for segment in segments]
    columns = yield from continued([(none(), {}), *parts])
    found = Snapshot(segments, living, columns, known)
    yield
    yield from found.prepare()
    return found


_in_both = partial(np.intersect1d, assume_unique=True)
