"""The synonyms of this process. Searching needs no database for them: they lie in files.

The thesaurus comes with Feira and grows with it. The operators' own lists, empty at first, add to it; for a word that
both know, theirs count alone.
"""

from functools import cache
from pathlib import Path
from time import monotonic

from app.infra.settings import settings
from app.search.synonyms.parsing import Synonyms, load

LANGUAGES = ("en", "pt", "es")
LOOK_SECONDS = 2.0

_kept = Synonyms.empty()
_as_of: list[tuple[str, int, int]] | None = None
_look_at = 0.0


def thesaurus(language: str) -> str:
    """The rules that come with Feira."""
    return (Path(__file__).parent / "thesaurus" / f"{language}.txt").read_text(encoding="utf-8")


@cache
def thesaurus_size(language: str) -> int:
    """How many words and phrases have synonyms there."""
    return len(load({language: thesaurus(language)})[0])


@cache
def of_feira() -> Synonyms:
    """The thesaurus of all languages."""
    return load({language: thesaurus(language) for language in LANGUAGES})[0]


def edited(language: str) -> Path:
    """Where the operators' own list of a language lies, if they have one."""
    return settings().feira_data / "synonyms" / f"{language}.txt"


def texts() -> dict[str, str]:
    """The operators' own lists as this process finds them."""
    return {language: path.read_text(encoding="utf-8", errors="replace") for language, path in _files()}


def _files() -> list[tuple[str, Path]]:
    return [(language, path) for language in LANGUAGES if (path := edited(language)).exists()]


def kept() -> Synonyms:
    """Those that `current` answered last, without a look at the files."""
    return _kept


def current() -> Synonyms:
    """Those of the newest files; looked after every other second."""
    global _kept, _as_of, _look_at
    if monotonic() >= _look_at:
        _look_at = monotonic() + LOOK_SECONDS
        found = [(language, path.stat()) for language, path in _files()]
        newest = [(language, file.st_mtime_ns, file.st_ino) for language, file in found]  # clocks tick by milliseconds
        if newest != _as_of:
            _kept, _as_of = of_feira().but(load(texts())[0]), newest
    return _kept


def look_again() -> None:
    """Look at the files at the next question, however lately that was done."""
    global _look_at
    _look_at = 0.0
