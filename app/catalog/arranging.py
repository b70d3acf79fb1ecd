"""What operators make of the category tree: new categories, other names and words, which are joined, and which go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog.applying import topic_of
from app.catalog.slugs import slug_of
from app.catalog.taxonomy import LONGEST_PHRASE, OTHER_GOODS, Taxonomy, words_of
from app.catalog.tree import taxonomy
from app.events.outbox import publish
from app.infra.database import execute, fetch, fetch_one, transaction

MOST_CATEGORIES = 1000
MOST_WORDS = 200  # of one category
LONGEST_WORDS = 60
LONGEST_SLUG = 99  # an address holds two and what parts them
TOLD_AT_ONCE = 2000  # products in one event


class Refused(Exception):
    """It cannot be done.

    Attributes:
        field: of the form, "" where it is none of them.
        reason: a sentence for the operator.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class Arranged:
    """A category as operators see it."""

    id: int
    path: str
    name: str
    words: tuple[str, ...]
    products: int  # on sale or not
    picture: tuple[str, str | None]  # kind and form

    @property
    def parent(self) -> str:
        """The path of its department; "" of a department."""
        return self.path.rpartition("/")[0]

    @property
    def is_last_resort(self) -> bool:
        """Goods of which nothing is known go there, so it stays."""
        return self.path == OTHER_GOODS or OTHER_GOODS.startswith(f"{self.path}/")


async def arranged() -> list[Arranged]:
    """Every department, each with its categories behind it."""
    rows = await fetch(
        """SELECT c.id, c.path, c.name, c.words, c.art_kind, c.art_form, coalesce(p.products, 0) AS products
           FROM category c
           LEFT JOIN (SELECT category, count(*) AS products FROM product GROUP BY 1) p ON p.category = c.id
           ORDER BY c.position, c.id"""
    )
    found = [_arranged(row) for row in rows]
    tops = [each for each in found if not each.parent]
    return [each for top in tops for each in (top, *(leaf for leaf in found if leaf.parent == top.path))]


async def one(category: int) -> Arranged | None:
    """None if it is not there (any more)."""
    return next((each for each in await arranged() if each.id == category), None)


def _arranged(row: Any) -> Arranged:
    picture = (row["art_kind"], row["art_form"] or None)
    return Arranged(row["id"], row["path"], row["name"], tuple(row["words"] or ()), row["products"], picture)


async def add(parent: str, name: str, words: tuple[str, ...], picture: tuple[str, str | None]) -> str:
    """A department ("" as its parent), or a category in one; returns its path, which stays whatever its name becomes.

    Raises:
        Refused: its name or one of its words is another's, its department is not there, or there are too many.
    """
    slug = slug_of(name)
    if len(slug) > LONGEST_SLUG:
        raise Refused("name", "Choose a shorter name: its address would be too long")
    async with transaction():
        await lock_tree()
        known = await taxonomy()
        if parent and (parent not in known.paths or "/" in parent):
            raise Refused("parent", "Choose a department of the list")
        if len(known.all) >= MOST_CATEGORIES:
            raise Refused("", f"There are at most {MOST_CATEGORIES:,} categories")
        path = f"{parent}/{slug}" if parent else slug
        if path in known.paths:
            raise Refused("name", f"{known.trail(path)} has this name, or had it")
        _check(known, path, name, words)
        await execute("UPDATE category SET was = array_remove(was, $1::varchar) WHERE $1 = ANY(was)", path)
        neighbours = [each for each in known.all if _is_before(each.path, parent)]
        position = max((each.position for each in neighbours), default=0)
        await execute(
            "INSERT INTO category (path, name, position, art_kind, art_form, words) VALUES ($1, $2, $3, $4, $5, $6)",
            path,
            name,
            position,  # that of the one it stands behind: of equals the newer one is later
            *picture,
            list(words),
        )
    return path


def _is_before(path: str, parent: str) -> bool:
    """Whether what is new in `parent` stands behind this path; new departments stand before the last resort."""
    department = path.partition("/")[0]
    return department == parent if parent else department != OTHER_GOODS.partition("/")[0]


async def change(category: int, name: str, words: tuple[str, ...], picture: tuple[str, str | None]) -> str | None:
    """Another name, other words, another picture; its new name, None if it is not there (any more). Pages and the index
    follow by events where its name is another; words count for what suppliers send from now on.

    Raises:
        Refused: its name or one of its words is another's.
    """
    async with transaction():
        await lock_tree()
        found = await one(category)
        if found is None:
            return None
        _check(await taxonomy(), found.path, name, words)
        await execute(
            "UPDATE category SET name = $2, words = $3, art_kind = $4, art_form = $5 WHERE id = $1",
            category,
            name,
            list(words),
            *picture,
        )
        if name != found.name:
            await _tell(found.path)
    return name


async def remove(category: int, rates: Collection[int] = ()) -> str | None:
    """Take an empty category away; its name, None if it is not there (any more).

    Args:
        rates: ids of its own rates of VAT, as they were read: they go with it.

    Raises:
        Refused: something belongs to it, or it is where goods go of which nothing is known; or it has other rates.
    """
    async with transaction():
        await lock_tree()
        found = await one(category)
        if found is None:
            return None
        if found.is_last_resort:
            raise Refused("", f"{found.name} stays: goods of which nothing is known go there")
        if found.products:
            raise Refused("", f"{found.name} has products, on sale or not, and stays")
        if await fetch_one("SELECT id FROM category WHERE starts_with(path, $1)", f"{found.path}/"):
            raise Refused("", f"{found.name} has categories in it. Remove those first")
        await _give_up(found, rates, "")
        await execute("UPDATE supplier SET default_category = NULL WHERE default_category = $1", found.path)
        await execute("DELETE FROM category WHERE id = $1", category)
    return found.name


@dataclass(frozen=True)
class Joined:
    """What was joined to what, and how many products went with it."""

    name: str
    to: str
    products: int


async def join(category: int, to: str, rates: Collection[int] = ()) -> Joined | None:
    """Put all that is in a category into another one, `to` (its path), where its address, its path and its words lead
    from then on; None if it is not there (any more). Pages and the index follow by events.

    Args:
        rates: ids of its own rates of VAT, as they were read: they go, and its goods have those of the other one.

    Raises:
        Refused: one of both is no category in a department, or goods go there of which nothing is known; it has other
            rates; or the other one would have too many words.
    """
    async with transaction():
        await lock_tree()
        found = await one(category)
        if found is None:
            return None
        other = next((each for each in await arranged() if each.path == to), None)
        if not found.parent or found.is_last_resort:
            raise Refused("to", f"{found.name} cannot be joined to another one")
        if other is None or not other.parent or other.id == found.id:
            raise Refused("to", "Choose another category of the list")
        await _give_up(found, rates, "to")
        words = {words_of(phrase): phrase for phrase in (*other.words, *found.words)}
        words.setdefault(words_of(found.name), found.name)
        if len(words) > MOST_WORDS:
            raise Refused("to", f"{other.name} would have {len(words)} phrases; {MOST_WORDS} are the most")
        moved = await fetch("UPDATE product SET category = $2 WHERE category = $1 RETURNING id", category, other.id)
        await execute("UPDATE supplier SET default_category = $2 WHERE default_category = $1", found.path, to)
        await execute(
            """UPDATE category SET words = $2, was = was || $3::varchar || (SELECT was FROM category WHERE id = $4)
               WHERE id = $1""",
            other.id,
            list(words.values()),
            found.path,
            category,
        )
        await execute("DELETE FROM category WHERE id = $1", category)
        await _tell_of(sorted(row["id"] for row in moved))
    return Joined(found.name, other.name, len(moved))


async def _give_up(found: Arranged, rates: Collection[int], field: str) -> None:
    """Remove its own rates of VAT: what was ordered keeps the rate that it had. Raises Refused: they were not read."""
    gone = await fetch("DELETE FROM tax_rate WHERE category = $1 RETURNING id", found.id)
    if {row["id"] for row in gone} != set(rates):
        raise Refused(
            field, f"{found.name} has other rates of VAT of its own than you have read. Read them, then go on"
        )


async def lock_tree() -> None:
    """One change of the tree at a time: names and words are compared with those of all others."""
    await execute("LOCK TABLE category IN SHARE ROW EXCLUSIVE MODE")


def _check(known: Taxonomy, path: str, name: str, words: tuple[str, ...]) -> None:
    """Raises Refused: another category beside this path has the name, or another one anywhere a word."""
    parent = path.rpartition("/")[0]
    for each in known.all:
        if each.path == path:
            continue
        if (each.parent or "") == parent and words_of(each.name) == words_of(name):
            raise Refused("name", f"{each.name} is another one there. Choose another name")
        taken = {words_of(phrase) for phrase in each.words}
        if found := next((phrase for phrase in words if words_of(phrase) in taken), None):
            raise Refused("words", f"“{found}” leads to {each.name}. Take it away there first")


def phrases(text: str) -> tuple[str, ...]:
    """The words of a category as an operator writes them, parted by commas or lines; each once.

    Raises:
        Refused: one has no letters from a to z or digits, or is too long, or there are too many.
    """
    found: dict[tuple[str, ...], str] = {}
    for phrase in (" ".join(each.split()) for each in text.replace("\n", ",").split(",")):
        folded = words_of(phrase)
        if phrase and not folded:
            raise Refused("words", f"“{phrase[:LONGEST_WORDS]}” has no letter from a to z and no digit")
        if len(phrase) > LONGEST_WORDS or len(folded) > LONGEST_PHRASE:
            reason = f"has more than {LONGEST_PHRASE} words, or more than {LONGEST_WORDS} characters"
            raise Refused("words", f"“{phrase[:LONGEST_WORDS]}” {reason}. Part phrases by commas")
        if phrase:
            found.setdefault(folded, phrase)
    if len(found) > MOST_WORDS:
        raise Refused("words", f"A category has at most {MOST_WORDS} phrases; these are {len(found)}")
    return tuple(found.values())


async def _tell(path: str) -> None:
    """Of all products whose pages say the name."""
    rows = await fetch(
        """SELECT p.id FROM product p JOIN category c ON c.id = p.category
           WHERE c.path = $1 OR starts_with(c.path, $1 || '/') ORDER BY p.id""",
        path,
    )
    await _tell_of([row["id"] for row in rows])


async def _tell_of(products: Sequence[int]) -> None:
    for start in range(0, len(products), TOLD_AT_ONCE):
        part = products[start : start + TOLD_AT_ONCE]
        await publish(topic_of(bulk=True), str(part[0]), {"products": part})
