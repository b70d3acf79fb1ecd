"""Words that people use, whether any product is called so or not: who types "candle" means no handle.

They are those that pyspellchecker counts in the subtitles of films, but for the rare ones. To read its lists takes
seconds and much memory, so the writer of the index leaves a file of their hashes, and the other processes map it.
Without that file no word counts as one, and spelling is put right more often than it should be.
"""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spellchecker import SpellChecker

from app.search.synonyms.keeping import LANGUAGES
from app.search.words import fold

LEAST = 3e-7  # of all words of a language: what is rarer is likelier a slip than meant

Hashes = NDArray[np.uint32]


class Spoken:
    def __init__(self, hashes: Hashes) -> None:
        """The hashes are in ascending order; of words that are none, one in 60,000 has one of theirs."""
        self._hashes = hashes

    def __contains__(self, word: str) -> bool:
        """Of a folded word."""
        wanted = np.uint32(_hash(word))
        place = int(np.searchsorted(self._hashes, wanted))
        return place < len(self._hashes) and bool(self._hashes[place] == wanted)

    def __bool__(self) -> bool:
        return len(self._hashes) > 0


def spoken(words: Iterable[str]) -> Spoken:
    return Spoken(_hashes(words))


def _hashes(words: Iterable[str]) -> Hashes:
    return np.array(sorted({_hash(fold(word)) for word in words}), np.uint32)


def _hash(word: str) -> int:
    return crc32(word.encode())


NONE = spoken(())


def path(folder: Path) -> Path:
    """Where the words of this version of the lists lie."""
    return folder / f"spoken-{version('pyspellchecker')}.npy"


def keep(folder: Path) -> None:
    """Leave the file where there is none yet, whole or not at all. Raises OSError."""
    place = path(folder)
    if place.exists():
        return
    words = set[str]()
    for language in LANGUAGES:
        counted = SpellChecker(language).word_frequency
        least = LEAST * counted.total_words
        words |= {word for word, count in counted.items() if count >= least}
    folder.mkdir(parents=True, exist_ok=True)
    aside = place.with_suffix(".new")
    with aside.open("wb") as file:
        np.save(file, _hashes(words))
    aside.replace(place)
    for other in folder.glob("spoken-*.npy"):
        if other != place:
            other.unlink(missing_ok=True)


def kept(folder: Path) -> Spoken:
    """What lies there; NONE if that is nothing yet, or damaged."""
    try:
        hashes = np.load(path(folder), mmap_mode="r")
    except (OSError, EOFError, ValueError):
        return NONE
    return Spoken(hashes) if hashes.dtype == np.uint32 and hashes.ndim == 1 else NONE
