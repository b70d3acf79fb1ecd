"""Where a search looks: inside a category, as the field on its page does unless told otherwise, or anywhere."""

from app.catalog.navigation import categories
from app.infra.outages import DatabaseUnavailable
from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.engine import engine
from app.search.query import Query, address
from app.search.rows import Row
from app.web.forms import clean


async def category_named(typed: str) -> str:
    """The path of the category that is named; "" where there is none, or it cannot be known."""
    wanted = clean(typed).strip("/")
    if not wanted:
        return ""
    try:
        return wanted if any(each.path == wanted for each in await categories()) else ""
    except DatabaseUnavailable:
        return ""


def place_of(category: str) -> str:
    """The page whose lists are of that category; of all products where none is named."""
    return f"/c/{category}" if category else "/search"


async def reaches(path: str, query: Query, result: Result, there: Arrivals | None) -> list[Row]:
    """On a category's page that answers a search: how much is found there, above it, and anywhere."""
    if path == "/search" or not query.q:
        return []
    label = engine().known.categories.label
    here = f"In {label(query.category, query.category)} only"
    counts = {choice.key: choice.count for choice in result.facets.categories}
    rows = [Row(here, address(path, query), count=result.total, checked=True)]
    above = query.category.rpartition("/")[0]
    if counts.get(above, 0) > result.total:
        rows.append(Row(f"In {label(above)}", address(place_of(above), query.but(category=above)), count=counts[above]))
    anywhere = query.but(category="")
    count, _ = await engine().count(anywhere, there)
    if count:
        rows.append(Row("In all of Feira", address("/search", anywhere), count=count))
    return rows
