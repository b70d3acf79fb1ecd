"""/shelves/{kind}: more of one shelf. With HTMX its next cards, else a page with all of them."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.storefront.home import square
from app.storefront.shelves import ShelfKind, cards_on, shown
from app.web import forms
from app.web.rendering import WebRequest, is_fragment, page


@get("/shelves/{kind:str}")
async def show_shelf(request: WebRequest, kind: FromPath[str]) -> Response[Any]:
    if kind not in set(ShelfKind):
        raise NotFoundException
    here = await square(request)
    shelf = next((each for each in here.shelves if each.kind == kind), None)
    if is_fragment(request):
        start = forms.number(request.query_params.get("from", "")) or 0
        view = shown(shelf, here.there, start) if shelf else None
        return await page(request, "storefront/_shelf.html", view=view)
    if shelf is None:  # it has gone, or was hidden
        raise NotFoundException
    return await page(request, "storefront/shelf.html", shelf=shelf, cards=cards_on(shelf, here.there))


handlers = [show_shelf]
