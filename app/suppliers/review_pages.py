"""What buyers say of what the supplier sold, and his answers."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import Viewer
from app.reviews.answering import LONGEST_ANSWER, NotFit, NotTheirs, answer, reviews_for
from app.suppliers.access import own_desk
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

LIST = "/supplier/reviews"


@get(LIST)
async def show_sold_reviews(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    return await _page(request, viewer, supplier)


@post("/supplier/reviews/{review_id:int}/answer", status_code=303)
async def send_answer(request: WebRequest, review_id: FromPath[int]) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    values = await forms.read(request)
    text = values.get("answer", "").replace("\r\n", "\n")
    try:
        if len(text) > LONGEST_ANSWER:
            raise NotFit(f"Use at most {LONGEST_ANSWER} characters")
        await answer(supplier, review_id, text)
    except NotTheirs:
        raise NotFoundException from None
    except NotFit as reason:
        error = {f"answer-{review_id}": f"{reason}. Change it, and send it again."}
        return await _page(request, viewer, supplier, {f"answer-{review_id}": text}, error, status=422)
    flash(request, "good", "Your answer is shown under the review." if text else "Your answer is gone.")
    return Redirect(f"{LIST}#review-{review_id}", status_code=303)


async def _page(
    request: WebRequest,
    viewer: Viewer,
    supplier: int,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response[str]:
    unanswered = "unanswered" in request.query_params
    after = forms.number(request.query_params.get("after", "")) or 0
    return await page(
        request,
        "suppliers/reviews.html",
        status=status,
        viewer=viewer,
        found=await reviews_for(supplier, unanswered=unanswered, after=after),
        unanswered=unanswered,
        values=values or {},
        errors=errors or {},
        longest_answer=LONGEST_ANSWER,
    )


handlers = [show_sold_reviews, send_answer]
