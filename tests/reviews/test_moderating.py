"""What waits, and what operators decide."""

import asyncio

import pytest

from app.accounts.owners import Owner
from app.infra.database import fetch
from app.reviews.moderating import DecidedBefore, decide, desk, queue, waiting
from app.reviews.reading import own_review, rating_of, reviews_of
from app.reviews.tables import ReportKind, ReviewState
from app.reviews.voting import report
from app.reviews.writing import Draft, withdraw, write
from tests.accounts.people import Client, person
from tests.admin.delivering import as_operator, fields_in
from tests.orders.wanting import guest
from tests.reviews.buying import buyer, id_of, reviewed
from tests.world import Goods, World

ADVERT = Draft(5, "Look", "Cheaper at https://elsewhere.example")
WAITING, SHOWN, REJECTED = ReviewState.WAITING, ReviewState.SHOWN, ReviewState.REJECTED


async def advert(world: World) -> tuple[Owner, Goods, int]:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    assert await write(marta, lamp.product, ADVERT) == WAITING
    return marta, lamp, await id_of(marta, lamp)


async def version(review: int) -> int:
    return int((await desk(review)).row["version"])


async def test_what_waits_is_not_shown_and_does_not_count(world: World) -> None:
    _, lamp, review = await advert(world)
    assert (await rating_of(lamp.product)).count == 0
    assert (await reviews_of(lamp.product, "newest")).reviews == ()
    assert [row["id"] for row in (await queue()).rows] == [review]
    await decide(review, await person(), 1, WAITING, SHOWN, "")
    assert (await rating_of(lamp.product)).mean == 5.0
    assert await waiting() == 0


async def test_an_edit_of_words_is_judged_again_one_of_stars_is_not(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(5, "", "Good."))
    assert await write(marta, lamp.product, ADVERT) == WAITING
    assert (await rating_of(lamp.product)).count == 0
    await decide(await id_of(marta, lamp), await person(), 2, WAITING, SHOWN, "")
    assert await write(marta, lamp.product, Draft(1, ADVERT.title, ADVERT.text)) == SHOWN
    assert (await rating_of(lamp.product)).mean == 1.0


async def test_what_was_rejected_once_is_never_shown_without_a_person(world: World) -> None:
    marta, lamp, review = await advert(world)
    operator = await person()
    await decide(review, operator, 1, WAITING, REJECTED, "No adverts, please.")
    own = await own_review(marta, lamp.product)
    assert own and (own.state, own.reason) == (REJECTED, "No adverts, please.")
    assert await write(marta, lamp.product, Draft(4, *(ADVERT.title, ADVERT.text))) == REJECTED
    assert await write(marta, lamp.product, Draft(5, "", "Now it is plain.")) == WAITING
    assert await withdraw(marta, lamp.product)
    assert await write(marta, lamp.product, Draft(5, "", "Written anew.")) == WAITING
    assert await write(marta, lamp.product, Draft(5)) == SHOWN  # stars alone


async def test_an_operator_decides_on_what_was_read(world: World) -> None:
    marta, lamp, review = await advert(world)
    operator = await person()
    await write(marta, lamp.product, Draft(5, "", "Worse: https://elsewhere.example"))
    with pytest.raises(DecidedBefore):
        await decide(review, operator, 1, WAITING, SHOWN, "")
    outcomes = await asyncio.gather(
        *(_decided(review, operator, to) for to in (SHOWN, REJECTED)), return_exceptions=True
    )
    assert [type(each) for each in outcomes if each] == [DecidedBefore]


async def _decided(review: int, operator: int, to: ReviewState) -> None:
    await decide(review, operator, 2, WAITING, to, "why")


async def test_what_is_reported_stays_shown_until_somebody_has_looked(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 1, text="It is bad.")
    for name in ("a", "b"):
        await report(guest(name), review, ReportKind.UNTRUE, "No.", sender="10.0.0.1")
    assert await waiting() == 1
    assert (await rating_of(lamp.product)).count == 1
    await decide(review, await person(), await version(review), SHOWN, SHOWN, "It is an opinion.")
    assert await waiting() == 0
    await report(guest("a"), review, ReportKind.UNTRUE, "Still no.", sender="10.0.0.1")
    assert await waiting() == 0  # it was looked at
    await decide(review, await person("b@example.pt"), await version(review), SHOWN, REJECTED, "It is not.")
    assert (await rating_of(lamp.product)).count == 0
    assert [row["actor"] for row in (await desk(review)).moves] == ["operator", "operator", "author"]


async def test_the_desk(world: World, client: Client) -> None:
    _, lamp, review = await advert(world)
    evil = "<script>alert(1)</script> www.elsewhere.example"
    rui = await buyer(world, lamp, owner=guest("Rui"))
    await write(rui, lamp.product, Draft(1, evil, evil))
    await report(guest("x"), (await reviewed(world, lamp, 3, text="So so."))[0], ReportKind.OTHER, evil, sender="")
    await as_operator(client)
    overview = (await client.get("/admin")).text
    assert '<a class="ink" href="/admin/reviews">3</a>' in overview
    listed = (await client.get("/admin/reviews")).text
    assert listed.count("/admin/reviews/") == 3 and "<script>alert" not in listed
    place = f"/admin/reviews/{review}"
    for number in (review, review + 1, review + 2):
        page = (await client.get(f"/admin/reviews/{number}")).text
        assert "<script>alert" not in page
    form = fields_in((await client.get(place)).text)
    missing = await client.post(f"{place}/decisions", data={**form, "to": "rejected"}, follow_redirects=False)
    assert missing.status_code == 422 and "Say why" in missing.text
    for strange in ({}, {**form, "to": "withdrawn"}, {**form, "to": "shown", "version": "x"}, {"from": "shown"}):
        assert (await client.post(f"{place}/decisions", data=strange)).status_code == 422
    done = await client.post(f"{place}/decisions", data={**form, "to": "shown", "note": ""}, follow_redirects=False)
    assert done.status_code == 303
    late = await client.post(f"{place}/decisions", data={**form, "to": "rejected", "note": "x"})
    assert late.status_code == 409 and "It has changed meanwhile" in late.text
    assert (await fetch("SELECT state FROM review WHERE id = $1", review))[0]["state"] == "shown"
    assert "Rejected" in (await client.get("/admin/reviews?show=rejected")).text
    assert (await client.get("/admin/reviews/99999999999999999999")).status_code == 404
    assert (await client.get("/admin/reviews?show=%00&after=-1")).status_code == 200
