"""/: what is on the square today, and for who comes back what is theirs.

What everybody sees comes from memory. What is known of a shopper costs two queries at most, the session's with them
(`asking.py`), and is left out when it takes long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get

from app.accounts.names import given_name
from app.accounts.owners import known_owner
from app.accounts.sessions import Viewer, account_of
from app.activity.choices import choice_here
from app.catalog.navigation import CategoryView, categories
from app.delivery.estimate import Place
from app.infra.clock import now, shop_zone
from app.infra.database import fetch
from app.infra.kept import Kept
from app.infra.outages import DatabaseUnavailable, ask_nothing_while_away
from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.attribute_facets import Choice
from app.search.engine import engine
from app.search.listing import whereabouts
from app.search.query import Query, address
from app.search.recent import recent
from app.search.rows import Row
from app.storefront import price_drops, recommended
from app.storefront.asking import Asked, ask
from app.storefront.general import LOOKED_AT, assorted, newest, soonest
from app.storefront.recommended import Own, apart, own, own_shelves, trending
from app.storefront.resuming import Resume, resume
from app.storefront.shelves import Shelf, shown
from app.storefront.viewed import viewed
from app.web.rendering import WebRequest, day, page
from app.wishlists import hearts

MOST_OWN, MOST_SHELVES = 4, 7  # more are read by nobody
ABOVE = 2  # shelves before the categories, for who is new
STALLS = 3
PICTURES = 3
DAYS = 3
WIDE = (6, 7, 5)  # tiles in a row that a wide screen holds, the best first


@dataclass(frozen=True)
class Stall:
    name: str
    href: str
    line: str
    images: tuple[str, ...]


async def _load_lines() -> dict[str, str]:
    rows = await fetch("SELECT slug, place, about FROM supplier")
    return {row["slug"]: row["about"] or row["place"] for row in rows}


_lines = Kept(_load_lines)


def forget() -> None:
    """Empty what this process keeps (for tests)."""
    _lines.forget()
    price_drops.forget()
    recommended.forget()


@dataclass(frozen=True)
class Square:
    """What the shopper sees: `own` shelves and what everybody gets, without what is hidden."""

    place: Place | None
    there: Arrivals | None
    viewer: Viewer | None
    own: Own
    resume: Resume | None
    everything: Result
    shelves: tuple[Shelf, ...]

    @property
    def is_known(self) -> bool:
        """Whether something of this shopper is known: then the page begins with that."""
        return bool(self.resume and self.resume.is_something) or any(each.is_own for each in self.shelves)


async def square(request: WebRequest) -> Square:
    ask_nothing_while_away()
    place, there = await whereabouts(request)
    viewer = await _viewer(request)
    searched = next(iter(recent(request).queries), "")
    everything = await engine().search(Query(in_stock=True, size=LOOKED_AT), there)
    choice, looked_at = choice_here(request), viewed(request)
    asked = Asked() if choice.is_off else await ask(known_owner(request, viewer), next(iter(looked_at), None))
    if asked.remembered:
        hearts.known(request, asked.remembered)
    found = own(asked.known, choice, looked_at, searched)
    going_on = None if found.choice.is_off else await resume(found.viewed, searched, asked.coming, there, now())
    made = [
        *await own_shelves(found),
        await soonest(everything, place, there),
        await trending(),
        await price_drops.price_drops(),
        await newest(there),
    ]
    shelves = tuple(apart((each for each in made if each.kind not in found.choice.hidden), found.viewed[:1]))
    return Square(place, there, viewer, found, going_on, everything, shelves)


@get("/")
async def show_home(request: WebRequest) -> Response[str]:
    here = await square(request)
    everything, first, later = here.everything, *_arranged(here)
    tiles = _tiles(await _tree(), everything)
    return await page(
        request,
        "storefront/home.html",
        place=here.place,
        days=_days(everything),
        soonest=everything.facets.days[0][0] if everything.facets.days else None,
        is_known=here.is_known,
        greeting=greeting(now().astimezone(shop_zone()).hour, here.viewer.name if here.viewer else ""),
        resume=here.resume,
        first=[shown(each, here.there) for each in first],
        later=[shown(each, here.there) for each in later],
        has_viewed=bool(here.own.viewed),
        tiles=tiles,
        columns=columns(len(tiles) + len(tiles) % 2),
        stalls=[] if here.is_known else await _stalls(everything.facets.suppliers),
        suppliers=len(everything.facets.suppliers),
        total=everything.total,
        is_empty=not engine().snapshot.total,
    )


def _arranged(here: Square) -> tuple[list[Shelf], list[Shelf]]:
    """Above the categories and below them: the shopper's own first, and never more than good taste allows."""
    mine = [each for each in here.shelves if each.is_own][:MOST_OWN]
    general = [each for each in here.shelves if not each.is_own]
    if here.is_known:
        return [*mine, *general][:MOST_SHELVES], []
    return general[:ABOVE], general[ABOVE:]


def greeting(hour: int, name: str) -> str:
    """ "Good afternoon, Marta"; "Welcome back" to who is known by what the browser remembers."""
    if not name:
        return "Welcome back"
    time = "morning" if 5 <= hour < 12 else "afternoon" if 12 <= hour < 19 else "evening"
    return f"Good {time}" + (f", {first}" if (first := given_name(name)) else "")


async def _viewer(request: WebRequest) -> Viewer | None:
    try:
        return await account_of(request)
    except DatabaseUnavailable:
        return None


def _days(result: Result) -> list[Row]:
    return [
        Row(day(when), address("/search", Query(by=when)), count=count) for when, count in result.facets.days[:DAYS]
    ]


async def _tree() -> tuple[CategoryView, ...]:
    try:
        return await categories()
    except DatabaseUnavailable:
        return ()


def _tiles(tree: Sequence[CategoryView], everything: Result) -> list[tuple[CategoryView, int]]:
    counts = {choice.key: choice.count for choice in everything.facets.categories}
    return [(each, counts[each.path]) for each in tree if not each.parent and counts.get(each.path)]


def columns(tiles: int) -> int:
    """How many tiles stand beside each other on a wide screen, so that the last row is as full as it can be."""
    return min(WIDE, key=lambda beside: (-tiles % beside, abs(beside - WIDE[0])))


async def _stalls(sellers: Sequence[Choice]) -> list[Stall]:
    """The sellers with the most goods in stock, each with pictures of different kinds of goods."""
    try:
        lines = await _lines.get()
    except DatabaseUnavailable:
        lines = {}
    stalls = []
    for seller in sellers[:STALLS]:
        query = Query(suppliers=(seller.key,), in_stock=True)
        goods = (await engine().search(query)).documents
        images = tuple(dict.fromkeys(each.image for each in assorted(goods, len(goods))))[:PICTURES]
        href = address("/search", Query(suppliers=(seller.key,)))
        stalls.append(Stall(seller.label, href, lines.get(seller.key, ""), images))
    return [stall for stall in stalls if len(stall.images) == PICTURES]


handlers = [show_home]
