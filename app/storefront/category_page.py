"""/c/{path}: a category, which is a search inside it."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.catalog.navigation import CategoryView, categories
from app.infra.outages import DatabaseUnavailable
from app.search.engine import engine
from app.search.pages import answer, has_blanks
from app.search.query import address, read
from app.web.rendering import WebRequest, is_fragment


@get("/c/{path:path}")
async def show_category(request: WebRequest, path: FromPath[str]) -> Response[Any]:
    tree = await _tree()
    wanted = path.strip("/")
    category = tree.get(wanted) or next((each for each in tree.values() if wanted in each.was), None)
    if category is None:
        raise NotFoundException
    place = f"/c/{category.path}"
    query = read(request.query_params, category=category.path)
    if category.path != wanted:
        return Redirect(address(place, query), status_code=301)
    if has_blanks(request) and not is_fragment(request):
        return Redirect(address(place, query), status_code=303)
    above = [tree[category.parent]] if category.parent in tree else []
    return await answer(
        request,
        "storefront/category.html",
        place,
        query,
        title=f"{category.name}: “{query.q}”" if query.q else category.name,
        heading=f"“{query.q}” in {category.name}" if query.q else category.name,
        category=category,
        inside=[category, *above],
        crumbs=[("Home", "/"), *((each.name, f"/c/{each.path}") for each in [*above, category])],
        here=(above or [category])[0].path,
    )


async def _tree() -> dict[str, CategoryView]:
    """Every category by its path; of a process that has never read them, what the index has of them.

    Raises:
        DatabaseUnavailable: neither is there.
    """
    try:
        return {category.path: category for category in await categories()}
    except DatabaseUnavailable:
        known = engine().known.categories
        sold = {
            str(path): CategoryView(str(path), name, "") for path, name in zip(known.keys, known.labels, strict=False)
        }
        if not sold:
            raise
        return sold


handlers = [show_category]
