"""What buyers of the demo's past orders have written, through the shop's own verbs while the clock stands at their
moment: the same each time. Who has reviewed a product, or taken that back, is not asked again.
"""

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zlib import crc32

from app.accounts.owners import Owner
from app.demo.shoppers import MARTA, shoppers
from app.infra import clock
from app.infra.database import fetch, fetch_one
from app.reviews.tables import ReportKind
from app.reviews.voting import report, vote
from app.reviews.writing import Draft, NotBought, write

WORDS = Path(__file__).with_name("reviews.toml")
WRITE, MARTA_WRITES = 0.85, 0.5  # of what was delivered; Marta has some left to write
ALONE = 0.25  # stars without words
NAMELESS = 0.12
DAYS = (1, 12)  # after it arrived
HELPFUL = 0.16  # of the others find it so
WAITING = {7: (4, "good"), 40: (1, "bad")}  # after so many others: stars, and words that an operator has to look at

Said = dict[str, list[str]]

# By how good a product is, how many of a hundred give one star, two … five.
QUALITIES = ((1, 2, 6, 26, 65), (2, 3, 11, 39, 45), (6, 9, 20, 38, 27), (18, 20, 26, 22, 14))
QUALITY_CHANCES = (40, 34, 18, 8)


@dataclass(frozen=True)
class Delivered:
    """A product that somebody has bought, and when it came."""

    account: int
    email: str
    product: int
    slug: str
    category: str
    at: datetime


async def bring_in() -> int:
    """Bring in those that are not there; returns how many."""
    brought, chosen = 0, _Words()
    everything = await _delivered()
    for each in everything:
        chance = random.Random(crc32(f"{each.email} {each.slug}".encode()))  # noqa: S311 - the same each time
        at = each.at + timedelta(days=chance.uniform(*DAYS))
        draft = chosen.draft(each, chance, brought)
        writes = chance.random() < (MARTA_WRITES if each.email == MARTA.email else WRITE)
        if writes and at < clock.now() and not await _is_there(each):
            brought += await _write(each, draft, at)
    if brought:
        await _judge(everything)
    return brought


async def are_missing() -> bool:
    """Whether this is a demo shop with a past of which nobody has said a word."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT FROM shop_order o JOIN account a ON a.id = o.account
                          WHERE a.email = $1 AND o.state = 'delivered')
             AND NOT EXISTS (SELECT FROM review) AS missing""",
        shoppers()[1].email,
    )
    return bool(row and row["missing"])


async def _delivered() -> list[Delivered]:
    """Each product that each of the demo's shoppers got, the oldest first."""
    rows = await fetch(
        """SELECT o.account, a.email, v.product, p.slug, c.path AS category, max(m.moved_at) AS at
           FROM shop_order o JOIN account a ON a.id = o.account
           JOIN order_move m ON m."order" = o.id AND m.to_state = 'delivered'
           JOIN parcel ON parcel."order" = o.id JOIN order_line l ON l.parcel = parcel.id
           JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
           JOIN product p ON p.id = v.product JOIN category c ON c.id = p.category
           WHERE a.email = ANY($1) GROUP BY 1, 2, 3, 4, 5 ORDER BY at, slug, email""",
        [each.email for each in shoppers()],
    )
    return [Delivered(**row) for row in rows]


async def _is_there(each: Delivered) -> bool:
    row = await fetch_one("SELECT FROM review WHERE product = $1 AND account = $2", each.product, each.account)
    return row is not None


async def _write(each: Delivered, draft: Draft, at: datetime) -> bool:
    with clock.frozen(at):
        try:
            await write(Owner(each.account, None), each.product, draft)
        except NotBought:  # its parcel was cancelled
            return False
    return True


async def _judge(everything: list[Delivered]) -> None:
    """Others find some of them helpful, and somebody reports one."""
    rows = await fetch("SELECT id, account FROM review WHERE state = 'shown' AND text <> '' ORDER BY id")
    authors = {row["id"]: row["account"] for row in rows}
    people = dict(sorted({(each.email, each.account) for each in everything}))
    for review, author in authors.items():
        chance = random.Random(review)  # noqa: S311 - the same each time
        liked = HELPFUL * chance.choice((0, 0, 1, 1, 2, 3))
        for email, account in people.items():
            if chance.random() < liked and account != author:
                await vote(Owner(account, None), review, is_helpful=True, sender=email)
    for review, author in list(authors.items())[-1:]:
        reporter = next(account for account in people.values() if account != author)
        await report(Owner(reporter, None), review, ReportKind.UNTRUE, "Mine is not like that at all.", sender="")


class _Words:
    """Chooses what is written; of one product nobody writes the same twice while there are other words."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], list[str]] = {}

    def draft(self, each: Delivered, chance: random.Random, brought: int) -> Draft:
        """Of one who writes after so many others; some of what is written has to wait for an operator."""
        stars = chance.choices((1, 2, 3, 4, 5), _quality(each.slug))[0]
        is_named, is_alone = chance.random() > NAMELESS, chance.random() < ALONE
        if brought in WAITING:
            stars, tone = WAITING[brought]
            return _draft(stars, _said()["waiting"][tone][0], is_named=is_named)
        return _draft(stars, "" if is_alone else self._one(each, stars), is_named=is_named)

    def _one(self, each: Delivered, stars: int) -> str:
        tone = "good" if stars > 3 else "fair" if stars == 3 else "bad"
        left = self._left.setdefault((each.slug, tone), [])
        if not left:
            own = [said for name in _names(each.category) for said in _said().get(name, {}).get(tone, [])]
            order = random.Random(crc32(f"{each.slug} {tone}".encode()))  # noqa: S311 - the same each time
            common = _said()["any"][tone]
            left += order.sample(common, len(common)) + order.sample(own, len(own))
        return left.pop()


def _names(category: str) -> tuple[str, str]:
    """The parts of the words that suit a category."""
    return category, category.partition("/")[0]


def _quality(slug: str) -> tuple[int, ...]:
    chance = random.Random(crc32(slug.encode()))  # noqa: S311 - the same each time
    return chance.choices(QUALITIES, QUALITY_CHANCES)[0]


def _draft(stars: int, said: str, *, is_named: bool) -> Draft:
    title, _, text = said.partition("|")
    return Draft(stars, title.strip(), text.strip(), is_named)


@cache
def _said() -> dict[str, Said]:
    return tomllib.loads(WORDS.read_text("utf-8"))
