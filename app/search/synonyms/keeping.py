"""The synonyms of this process. Searching needs no database for them: they lie in files."""

from pathlib import Path
from time import monotonic

from app.infra.settings import settings
from app.search.synonyms.parsing import Synonyms, load

SHIPPED = Path(__file__).parent
LANGUAGES = ("en", "pt", "es")
LOOK_SECONDS = 2.0

_kept = Synonyms.empty()
_as_of: tuple[tuple[str, int], ...] | None = None
_look_at = 0.0


def edited(language: str) -> Path:
    """Where the operator's own file of a language lies, in the place of the one that comes with Feira."""
    return settings().feira_data / "synonyms" / f"{language}.txt"


def shipped(language: str) -> str:
    """The list that comes with this version of Feira."""
    return (SHIPPED / f"{language}.txt").read_text(encoding="utf-8")


def texts() -> dict[str, str]:
    """The list of every language as this process finds it: the operator's, else the one that comes with Feira."""
    return {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in _files()}


def _files() -> list[Path]:
    return [path if (path := edited(language)).exists() else SHIPPED / path.name for language in LANGUAGES]


def kept() -> Synonyms:
    """Those that `current` answered last, without a look at the files."""
    return _kept


def current() -> Synonyms:
    """Those of the newest files; looked after every other second."""
    global _kept, _as_of, _look_at
    if monotonic() >= _look_at:
        _look_at = monotonic() + LOOK_SECONDS
        newest = tuple((str(path), path.stat().st_mtime_ns) for path in _files())
        if newest != _as_of:
            _kept, _as_of = load(texts())[0], newest
    return _kept


def look_again() -> None:
    """Look at the files at the next question, however lately that was done."""
    global _look_at
    _look_at = 0.0
