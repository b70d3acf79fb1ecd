"""/c/{path}: a category, which is a search inside it."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.catalog.navigation import CategoryView, categories
from app.search.engine import engine
from app.search.pages import answer, has_blanks
from app.search.query import Query, address, read
from app.web.rendering import WebRequest, is_fragment


@get("/c/{path:path}")
async def show_category(request: WebRequest, path: FromPath[str]) -> Response[Any]:
    tree = {category.path: category for category in await categories()}
    category = tree.get(path.strip("/"))
    if category is None:
        raise NotFoundException
    place = f"/c/{category.path}"
    query = read(request.query_params, category=category.path)
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
        tiles=await tiles(category, list(tree.values())),
        here=(above or [category])[0].path,
    )


async def tiles(category: CategoryView, tree: list[CategoryView]) -> list[tuple[CategoryView, int]]:
    """The categories right below that have products, and how many."""
    found = await engine().search(Query(category=category.path))
    counts = {choice.key: choice.count for choice in found.facets.categories}
    below = [each for each in tree if each.parent == category.path]
    # the facet leaves its own filter out, so it counts every category; ours are among them
    return [(each, counts[each.path]) for each in below if counts.get(each.path)]


handlers = [show_category]
