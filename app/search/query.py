"""What a shopper asks of a list of products, and the one address that asks it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from app.search.attributes import LONGEST_NAME, value_key
from app.search.attributes import slug as slug_of
from app.search.ranges import range_of
from app.search.rated import LEAST
from app.web.forms import clean

PAGE_SIZE = 48
SORTS = ("best", "arrives", "price", "price-down", "rating", "newest")
RATINGS = frozenset(str(stars) for stars in LEAST)
READINGS = ("words", "typed")
LONGEST_QUERY = 200
LONGEST_VALUE = 160
MOST_VALUES = 30
HIGHEST_PRICE = 10**9  # minor units
LAST_PAGE = 10_000
MOST_ATTRIBUTES = 8
ATTRIBUTE = "attr."


@dataclass(frozen=True)
class Query:
    """Prices in minor units; `by` the last acceptable day of arrival. Filters of one kind widen, of several narrow."""

    q: str = ""
    category: str = ""  # path; everything below it too
    brands: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()  # slugs
    colours: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()  # slug -> keys of values, or ranges; by slug
    low: int | None = None
    high: int | None = None
    rating: int | None = None  # the least stars on average
    in_stock: bool = False
    by: date | None = None
    sort: str = "best"
    reading: str = ""  # "words": no brand or price is read out of `q`; "typed": nor is its spelling put right
    page: int = 1
    size: int = PAGE_SIZE

    def but(self, **changes: Any) -> "Query":
        """The same with other values, from its first page unless `page` is among them."""
        return replace(self, **{"page": 1, **changes})

    def values_of(self, slug: str) -> tuple[str, ...]:
        return dict(self.attributes).get(slug, ())

    def with_values(self, slug: str, values: tuple[str, ...]) -> "Query":
        """The same from its first page, with these values of an attribute; none takes its filter off."""
        kept = {**dict(self.attributes), slug: values}
        return self.but(attributes=tuple(sorted((each, found) for each, found in kept.items() if found)))

    def filters_off(self) -> "Query":
        return Query(q=self.q, sort=self.sort, size=self.size)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values for an address, in one order, without what is as usual."""
        single: list[tuple[str, str]] = [("q", self.q), ("category", self.category)]
        for name, values in (("brand", self.brands), ("supplier", self.suppliers), ("colour", self.colours)):
            single += [(name, value) for value in values]
        single += [(ATTRIBUTE + slug, value) for slug, values in self.attributes for value in values]
        single += [("min", euros(self.low)), ("max", euros(self.high)), ("stock", "in" if self.in_stock else "")]
        single += [("rating", str(self.rating) if self.rating else "")]
        single += [("by", self.by.isoformat() if self.by else ""), ("sort", self.sort if self.sort != "best" else "")]
        single += [("as", self.reading)]
        single += [("page", str(self.page) if self.page > 1 else "")]
        return [(name, value) for name, value in single if value]


def address(path: str, query: Query) -> str:
    """Where `query` is answered; on a category's own page its path says the category already."""
    pairs = [(name, value) for name, value in query.pairs() if name != "category" or path == "/search"]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def read(parameters: MultiDict[str], *, category: str = "", size: int = PAGE_SIZE) -> Query:
    """The query in an address. What makes no sense is as if it were not there."""

    def one(name: str) -> str:
        return clean(next(iter(parameters.getall(name, [])), ""))[:LONGEST_QUERY]

    low, high = sorted_prices(minor(one("min")), minor(one("max")))
    sort = one("sort")
    return Query(
        q=" ".join(one("q").split()),
        category=category or one("category").strip("/"),
        brands=_several(parameters.getall("brand", [])),
        suppliers=_several(parameters.getall("supplier", [])),
        colours=_several(parameters.getall("colour", [])),
        attributes=_attributes(parameters),
        low=low,
        high=high,
        rating=int(least) if (least := one("rating")) in RATINGS else None,
        in_stock=one("stock") == "in",
        by=_day(one("by")),
        sort=sort if sort in SORTS else "best",
        reading=reading if (reading := one("as")) in READINGS else "",
        page=_page(one("page")),
        size=size,
    )


def minor(typed: str) -> int | None:
    """Minor units of an amount as typed: "25", "25,5", "€ 25.50"; None for anything else."""
    try:
        amount = Decimal(typed.replace("€", "").replace(",", ".").strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0 or amount > HIGHEST_PRICE // 100:
        return None
    return int(amount * 100)


def euros(amount: int | None) -> str:
    """2500 -> "25", 2550 -> "25.50", None -> ""."""
    if amount is None:
        return ""
    whole, rest = divmod(amount, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def sorted_prices(low: int | None, high: int | None) -> tuple[int | None, int | None]:
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def _several(values: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean(value) for value in list(values)[:MOST_VALUES])
    return tuple(sorted({value for value in cleaned if value and len(value) <= LONGEST_VALUE}))


def _attributes(parameters: MultiDict[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`attr.material=Oak` and the like; names that are not slugs as we write them are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name in parameters:
        slug = name.removeprefix(ATTRIBUTE)
        if name == slug or slug != slug_of(slug) or len(slug) > LONGEST_NAME or len(found) == MOST_ATTRIBUTES:
            continue
        values = _several(parameters.getall(name))
        if values:
            found[slug] = tuple(sorted({each if range_of(each) else value_key(each) for each in values}))
    return tuple(sorted(found.items()))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None


def _page(typed: str) -> int:
    return min(int(typed), LAST_PAGE) if typed.isascii() and typed.isdigit() and len(typed) < 9 and int(typed) else 1
