"""The lists of synonyms as operators edit them: every version is kept, and the newest counts."""

import re
from dataclasses import dataclass
from datetime import datetime

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.search.synonyms.keeping import LANGUAGES, texts
from app.search.synonyms.parsing import Problem, load

LONGEST_TEXT = 100_000  # characters
MOST_VERSIONS = 50  # shown

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SIGNS = re.compile(r"=>|[,#]")

_SELECT = """SELECT v.version AS number, v.text, coalesce(a.name, '') AS operator, v.edited_at
             FROM synonym_version v LEFT JOIN account a ON a.id = v.account"""


@dataclass(frozen=True)
class Version:
    number: int
    text: str
    operator: str  # empty where the list was there before the first change
    edited_at: datetime | None


class ChangedMeanwhile(Exception):
    """Somebody else has saved the list since the operator saw it. Nothing was done."""


class NotSaved(Exception):
    """The text is no list of rules. Nothing was done.

    Attributes:
        problems: one for each line that is no rule.
    """

    def __init__(self, reason: str, problems: list[Problem]) -> None:
        super().__init__(reason)
        self.problems = problems


def tidied(text: str) -> str:
    """With plain line ends, so that lines count as they are seen, and without characters that nobody sees."""
    lines = _NO_TEXT.sub("", _BREAK.sub("\n", text)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


async def stands(language: str) -> Version:
    """The list that counts.

    Raises:
        LookupError: there is no such language.
    """
    if language not in LANGUAGES:
        raise LookupError(language)
    rows = await fetch(f"{_SELECT} WHERE v.language = $1 ORDER BY v.version DESC LIMIT 1", language)
    return Version(**rows[0]) if rows else Version(0, tidied(texts().get(language, "")), "", None)


async def versions(language: str) -> list[Version]:
    """What was saved, the newest first, without the texts; nothing before the first change."""
    rows = await fetch(
        """SELECT v.version AS number, '' AS text, coalesce(a.name, '') AS operator, v.edited_at
           FROM synonym_version v LEFT JOIN account a ON a.id = v.account
           WHERE v.language = $1 ORDER BY v.version DESC LIMIT $2""",
        language,
        MOST_VERSIONS,
    )
    return [Version(**row) for row in rows]


async def version(language: str, number: int) -> tuple[Version, str]:
    """One version, and the text before it.

    Raises:
        LookupError: there is none.
    """
    rows = await fetch(
        f"{_SELECT} WHERE v.language = $1 AND v.version IN ($2, $2 - 1) ORDER BY v.version DESC", language, number
    )
    if not rows or rows[0]["number"] != number:
        raise LookupError(number)
    return Version(**rows[0]), rows[1]["text"] if len(rows) > 1 else ""


async def save(language: str, account_id: int, seen: int, text: str) -> bool:
    """Let `text` be the list from now on; False: it is already.

    Raises:
        LookupError: there is no such language.
        NotSaved: it is too long, or has lines that are no rules.
        ChangedMeanwhile: version `seen` is no longer the newest.
    """
    text = checked(language, text)
    async with transaction():
        newest = await _newest_for_me(language)
        if text == newest.text:
            return False
        if seen != newest.number:
            raise ChangedMeanwhile
        await _write(language, newest, account_id, text)
    return True


async def add(language: str, account_id: int, query: str, meaning: str) -> bool:
    """Put the rule `query => meaning` at the end of the list; False: the list has it already.

    Raises:
        LookupError, NotSaved: as for `save`.
    """
    rule = f"{_side(query)} => {_side(meaning)}"
    checked(language, rule)
    async with transaction():
        newest = await _newest_for_me(language)
        if rule in newest.text.split("\n"):
            return False
        await _write(language, newest, account_id, checked(language, f"{newest.text}\n{rule}", only_length=True))
    return True


def checked(language: str, text: str, *, only_length: bool = False) -> str:
    """The text as it is kept.

    Raises:
        NotSaved: see there.
    """
    text = tidied(text)
    if len(text) > LONGEST_TEXT:
        raise NotSaved(f"The list is longer than {LONGEST_TEXT:,} characters. Shorten it", [])
    problems = [] if only_length else load({language: text})[1]
    if problems:
        count = len(problems)
        raise NotSaved(
            f"{count:,} lines are no rules" if count > 1 else f"Line {problems[0].line} is no rule", problems
        )
    return text


async def _newest_for_me(language: str) -> Version:
    """The newest version; nobody else saves one before the transaction is over."""
    await execute("LOCK TABLE synonym_version IN SHARE ROW EXCLUSIVE MODE")
    return await stands(language)


async def _write(language: str, newest: Version, account_id: int, text: str) -> None:
    if newest.edited_at is None:  # what stood before the first change can be restored, too
        await _insert(language, 0, newest.text, None)
    await _insert(language, newest.number + 1, text, account_id)


async def _insert(language: str, number: int, text: str, account_id: int | None) -> None:
    await fetch_one(
        "INSERT INTO synonym_version (language, version, text, account, edited_at) VALUES ($1, $2, $3, $4, $5)",
        language,
        number,
        text,
        account_id,
        now(),
    )


def _side(typed: str) -> str:
    """What was typed, without the signs that rules are made of."""
    return " ".join(_SIGNS.sub(" ", tidied(typed)).split())
