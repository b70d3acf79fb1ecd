"""Reviews of a product: all of them, the form of one's own, votes, and reports; and all that somebody has written."""

from typing import Any, Literal

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from app.accounts.owners import owner_of, remembered_owner
from app.accounts.sessions import required
from app.reviews import voting, writing
from app.reviews.buyers import bought
from app.reviews.reading import SORT_WORDS, SORTS, own_review, product_called, rating_of, reviews_of, shown, written_by
from app.reviews.standing import standing
from app.reviews.tables import ReportKind, ReviewState
from app.reviews.voting import NotShown, OwnReviewRefused, TooOften
from app.reviews.writing import LONGEST_TEXT, LONGEST_TITLE, Draft, NotBought
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_fragment, page
from app.web.senders import sender_of

LONGEST_NOTE = 500
REPORTS = {
    ReportKind.OFFENSIVE: "It insults or threatens",
    ReportKind.PERSONAL: "It says private things of somebody",
    ReportKind.ADVERT: "It is an advert",
    ReportKind.UNTRUE: "It is about something else, or not true",
    ReportKind.OTHER: "Something else",
}
SAID = {
    ReviewState.SHOWN: "Thank you. Your review is shown.",
    ReviewState.WAITING: "Thank you. Somebody reads your review before it is shown.",
    ReviewState.REJECTED: "Saved. Its words stay hidden until you change them.",
}
TOO_OFTEN = "That was a lot at once. Wait a minute."


class _Review(BaseModel):
    stars: Literal["1", "2", "3", "4", "5"] = Field(description="Choose from one to five stars")
    title: str = Field("", max_length=LONGEST_TITLE)
    text: str = Field("", max_length=LONGEST_TEXT)
    named: Literal["yes", "no"] = Field("yes", description="Choose how your name is shown")


class _Report(BaseModel):
    kind: ReportKind = Field(description="Choose what is wrong with it")
    note: str = Field("", max_length=LONGEST_NOTE)


@get("/p/{slug:str}/reviews")
async def show_reviews(request: WebRequest, slug: FromPath[str]) -> Response[str]:
    product = await _product(slug)
    asked = request.query_params
    sort = sort if (sort := asked.get("sort", "")) in SORTS else "helpful"
    stars = int(typed) if (typed := asked.get("stars", "")) in ("1", "2", "3", "4", "5") else None
    after = forms.number(asked.get("after", "")) or 0
    found = await reviews_of(product["id"], sort, stars, after)
    return await page(
        request,
        "reviews/list.html",
        product=product,
        rating=await rating_of(product["id"]),
        found=found,
        standing=await standing(await owner_of(request), product["id"], [each.id for each in found.reviews]),
        sort=sort,
        sorts=SORT_WORDS,
        stars=stars,
        after=after,
        canonical=f"/p/{product['slug']}/reviews",
    )


@get("/p/{slug:str}/review")
async def show_form(request: WebRequest, slug: FromPath[str]) -> Response[Any]:
    return await _form(request, await _product(slug))


@post("/p/{slug:str}/review", status_code=303)
async def send_review(request: WebRequest, slug: FromPath[str]) -> Response[Any]:
    product, values = await _product(slug), await forms.read(request)
    owner = await owner_of(request)
    here = f"/p/{product['slug']}"
    if owner is None:
        return await _form(request, product, status=403)
    if "withdraw" in values:
        gone = await writing.withdraw(owner, product["id"])
        flash(request, "good" if gone else "warn", "Your review is gone." if gone else "You have no review of it.")
        return Redirect(here, status_code=303)
    if await bought(owner, product["id"]) is None:
        return await _form(request, product, status=403)
    try:
        state = await writing.write(owner, product["id"], _draft(values))
    except forms.Invalid as invalid:
        return await _form(request, product, invalid.values, invalid.errors, status=422)
    except NotBought:  # the order was cancelled in this moment
        return await _form(request, product, status=403)
    flash(request, "good" if state == ReviewState.SHOWN else "plain", SAID[state])
    return Redirect(here, status_code=303)


@get("/account/reviews")
async def show_own_reviews(request: WebRequest) -> Response[str]:
    viewer = await required(request)
    after = forms.number(request.query_params.get("after", "")) or 0
    reviews, further = await written_by(viewer.id, after)
    return await page(request, "reviews/own.html", reviews=reviews, further=further, after=after)


def _draft(values: dict[str, str]) -> Draft:
    """Raises Invalid."""
    wanted = forms.checked(_Review, {**values, "text": values.get("text", "").replace("\r\n", "\n")})
    title = " ".join(wanted.title.split())
    if title and not wanted.text:
        raise forms.Invalid({"text": "Say a little more than the heading, or leave both empty"}, values)
    return Draft(int(wanted.stars), title, wanted.text, wanted.named == "yes")


async def _form(
    request: WebRequest,
    product: Any,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response[Any]:
    """The form, filled with what stands; who has not bought the product is told how it works instead."""
    owner = await owner_of(request)
    buyer = await bought(owner, product["id"]) if owner else None
    own = await own_review(owner, product["id"]) if owner else None
    if values is None and own:
        values = {"stars": str(own.stars), "title": own.title, "text": own.text, "named": "yes" if own.name else "no"}
    chosen = request.query_params.get("stars", "")
    return await page(
        request,
        "reviews/form.html",
        status=status,
        product=product,
        buyer=buyer,
        own=own,
        values=values or {"stars": chosen},
        errors=errors or {},
        longest_title=LONGEST_TITLE,
        longest_text=LONGEST_TEXT,
    )


@post("/reviews/{review_id:str}/votes", status_code=303)
async def send_vote(request: WebRequest, review_id: FromPath[str]) -> Response[Any]:
    values, number = await forms.read(request), forms.number(review_id) or 0
    is_helpful = values.get("helpful", "yes") != "no"
    owner, problem, count = await remembered_owner(request), "", 0
    try:
        count = await voting.vote(owner, number, is_helpful=is_helpful, sender=sender_of(request))
    except NotShown:
        raise NotFoundException from None
    except OwnReviewRefused:
        problem = "Others say whether your review helps them."
    except TooOften:
        problem = TOO_OFTEN
    if is_fragment(request) and not problem:
        return await page(
            request,
            "reviews/_vote.html",
            review_id=number,
            helpful=count,
            is_voted=is_helpful,
            back=local_path(values.get("next"), "/"),
        )
    if problem:
        flash(request, "bad", problem)
    else:
        flash(request, "good", "Noted: it helped you." if is_helpful else "Taken back.")
    return Redirect(local_path(values.get("next"), "/"), status_code=303)


@get("/reviews/{review_id:str}/report")
async def show_report_form(request: WebRequest, review_id: FromPath[str]) -> Response[Any]:
    return await _report(request, forms.number(review_id) or 0)


@post("/reviews/{review_id:str}/report", status_code=303)
async def send_report(request: WebRequest, review_id: FromPath[str]) -> Response[Any]:
    values, number = await forms.read(request), forms.number(review_id) or 0
    review = await _shown(number)
    owner = await remembered_owner(request)
    try:
        wanted = forms.checked(_Report, values)
        await voting.report(owner, number, wanted.kind, wanted.note, sender=sender_of(request))
    except forms.Invalid as invalid:
        return await _report(request, number, invalid.values, invalid.errors, status=422)
    except NotShown:
        raise NotFoundException from None
    except OwnReviewRefused:
        flash(request, "bad", "This review is yours: change it, or take it back.")
        return Redirect(f"/p/{review['slug']}/review", status_code=303)
    except TooOften:
        return await _report(request, number, values, {"": TOO_OFTEN}, status=429)
    flash(request, "good", "Thank you. Somebody looks at this review.")
    return Redirect(f"/p/{review['slug']}/reviews", status_code=303)


async def _report(
    request: WebRequest,
    number: int,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response[Any]:
    return await page(
        request,
        "reviews/report.html",
        status=status,
        review=await _shown(number),
        kinds=REPORTS,
        values=values or {},
        errors=errors or {},
        longest_note=LONGEST_NOTE,
    )


async def _shown(number: int) -> Any:
    found = await shown(number)
    if found is None:
        raise NotFoundException
    return found


async def _product(slug: str) -> Any:
    found = await product_called(slug)
    if found is None:
        raise NotFoundException
    return found


handlers = [show_reviews, show_form, send_review, show_own_reviews, send_vote, show_report_form, send_report]
