"""The form, the list, the product's page, votes and reports, as a browser without JavaScript sees them."""

import json
import re
from typing import Any

import httpx
import pytest

from app.accounts.owners import Owner
from app.infra import database, redis
from app.infra.buckets import Limit
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.reviews import voting
from app.reviews.writing import Draft, write
from app.storefront import products
from app.web.visitors import COOKIE, hash_token
from tests.accounts.people import sign_in
from tests.checkout.shopping import words
from tests.orders.wanting import guest
from tests.reviews.buying import account_buyer, buyer, id_of, reviewed
from tests.search.conftest import Reindex
from tests.world import Goods, World

MARTA = Owner(None, hash_token("marta"))


@pytest.fixture
async def lamp(world: World, reindex: Reindex) -> Goods:
    return await world.product(stock={"LIS": 50})


def as_marta(client: httpx.AsyncClient) -> httpx.AsyncClient:
    client.cookies.set(COOKIE, "marta")
    return client


async def test_a_buyer_writes_sees_it_and_changes_it(world: World, lamp: Goods, client: httpx.AsyncClient) -> None:
    await buyer(world, lamp, owner=MARTA)
    as_marta(client)
    assert f'href="/p/{lamp.slug}/review">Write a review' in (await client.get(f"/p/{lamp.slug}")).text
    form = await client.get(f"/p/{lamp.slug}/review")
    assert "Marta F." in form.text
    sent = {"stars": "4", "title": "Stays where you put it", "text": "No drooping.\r\nStill.", "named": "yes"}
    products.forget()
    answer = await client.post(f"/p/{lamp.slug}/review", data=sent)
    assert "Thank you. Your review is shown." in answer.text
    page = (await client.get(f"/p/{lamp.slug}/reviews")).text
    assert "Stays where you put it" in page and "Bought: Bottle green" in page and "This is yours" in page
    again = (await client.get(f"/p/{lamp.slug}/review")).text
    assert re.search(r'value="4" checked', again) and ">\nNo drooping.\nStill.</textarea>" in again
    await client.post(f"/p/{lamp.slug}/review", data={**sent, "stars": "2"})
    assert re.search(r'value="2" checked', (await client.get(f"/p/{lamp.slug}/review")).text)
    gone = await client.post(f"/p/{lamp.slug}/review", data={"withdraw": "1"})
    assert "Your review is gone." in gone.text
    assert "Nobody has reviewed it yet." in (await client.get(f"/p/{lamp.slug}/reviews")).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose from one to five stars"),
        ({"stars": "6"}, "Choose from one to five stars"),
        ({"stars": "4.5"}, "Choose from one to five stars"),
        ({"stars": "9" * 5000}, "Choose from one to five stars"),
        ({"stars": "5", "title": "x" * 101, "text": "y"}, "Use at most 100 characters"),
        ({"stars": "5", "text": "y" * 4001}, "Use at most 4000 characters"),
        ({"stars": "5", "title": "Only this"}, "Say a little more than the heading"),
        ({"stars": "5", "named": "somebody else"}, "Choose how your name is shown"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    world: World, lamp: Goods, client: httpx.AsyncClient, sent: dict[str, str], said: str
) -> None:
    await buyer(world, lamp, owner=MARTA)
    answer = await as_marta(client).post(f"/p/{lamp.slug}/review", data=sent)
    assert answer.status_code == 422
    assert said in answer.text and "<title>Error:" in answer.text
    assert sent.get("title", "") in answer.text and sent.get("text", "") in answer.text
    assert await fetch("SELECT id FROM review") == []


async def test_who_has_not_bought_it_is_told_so_and_cannot_send(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    for name in ("", "somebody"):
        if name:
            client.cookies.set(COOKIE, name)
        page = await client.get(f"/p/{lamp.slug}/review")
        assert "Only people who bought it here can review it." in page.text and "<textarea" not in page.text
        assert (await client.post(f"/p/{lamp.slug}/review", data={"stars": "5"})).status_code == 403
    assert await fetch("SELECT id FROM review") == []
    assert "Write a review" not in (await client.get(f"/p/{lamp.slug}")).text


async def test_hostile_words_stay_words(world: World, lamp: Goods, client: httpx.AsyncClient) -> None:
    await buyer(world, lamp, owner=MARTA)
    evil = "</script><script>alert(1)</script> {{ 7*7 }} ' OR 1=1 -- \x00 \ud7ff"
    await as_marta(client).post(f"/p/{lamp.slug}/review", data={"stars": "5", "title": evil[:90], "text": evil})
    await execute("UPDATE review SET state = 'shown'")
    products.forget()
    for address in (f"/p/{lamp.slug}", f"/p/{lamp.slug}/reviews", f"/p/{lamp.slug}/review"):
        page = (await client.get(address)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page and "{{ 7*7 }}" in page


async def test_one_long_review_does_not_push_the_page_away(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    await buyer(world, lamp, owner=MARTA)
    await write(MARTA, lamp.product, Draft(4, "", "\n".join(f"Line {n}." for n in range(300))))
    for address in (f"/p/{lamp.slug}", f"/p/{lamp.slug}/reviews"):
        shown, _, folded = (await client.get(address)).text.partition("Read all of it")
        assert "Line 6.…" in shown and ">Line 7." not in shown
        assert "Line 299." in folded


async def test_words_go_in_the_direction_that_they_are_written_in(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    await buyer(world, lamp, owner=MARTA)
    await write(MARTA, lamp.product, Draft(4, "رائع!", "مصباح ممتاز (قوي)."))
    page = (await client.get(f"/p/{lamp.slug}/reviews")).text
    assert '<h2 class="measure" dir="auto">رائع!</h2>' in page and '<p class="measure" dir="auto">مصباح' in page


async def test_the_product_page_shows_average_bars_and_the_best_three(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    ids = await reviewed(world, lamp, 5, 5, 4, 1, text="Some words.")
    await reviewed(world, lamp, 5)  # without words
    await execute("UPDATE review SET helpful = 3 WHERE id = $1", ids[3])
    products.forget()
    answer = await client.get(f"/p/{lamp.slug}")
    said = words(answer)
    assert "4.0 of 5, from 5 buyers" in said
    assert re.search(r"5 stars 3 reviews, 60 percent", said)
    assert "All 5 reviews" in said
    shown = re.findall(r'<article class="review" id="review-(\d+)"', answer.text)
    assert shown == [str(each) for each in (ids[3], ids[2], ids[1])]
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.S)
    assert found
    data: Any = json.loads(found[1])
    assert data["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": 4.0, "reviewCount": 5}
    assert len(data["review"]) == 3 and data["review"][0]["reviewRating"]["ratingValue"] == 1


async def test_bars_narrow_the_list(world: World, lamp: Goods, client: httpx.AsyncClient) -> None:
    await reviewed(world, lamp, 5, 5, 2, text="Some words.")
    page = (await client.get(f"/p/{lamp.slug}/reviews")).text
    assert f'href="/p/{lamp.slug}/reviews?stars=2"' in page
    two = (await client.get(f"/p/{lamp.slug}/reviews?stars=2")).text
    assert two.count('<article class="review"') == 1 and "noindex" in two
    for strange in ("stars=9&sort=%00&after=zz", "after=99999999999999999999", "after=999999", "stars=%F0%9F%92%A9"):
        assert (await client.get(f"/p/{lamp.slug}/reviews?{strange}")).status_code == 200
    assert (await client.get("/p/nothing/reviews")).status_code == 404
    assert (await client.get("/p/a%00b/review")).status_code == 404


async def test_a_reader_finds_it_helpful_and_takes_that_back(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    (review,) = await reviewed(world, lamp, 5, text="Some words.")
    back = f"/p/{lamp.slug}/reviews"
    for sent, pressed, count in (("yes", "true", 1), ("yes", "true", 1), ("no", "false", 0), ("no", "false", 0)):
        page = await client.post(f"/reviews/{review}/votes", data={"helpful": sent, "next": back})
        assert f'aria-pressed="{pressed}"' in page.text
        assert (await fetch("SELECT helpful FROM review"))[0]["helpful"] == count
    part = await client.post(f"/reviews/{review}/votes", data={"next": back}, headers={"hx-request": "true"})
    assert part.text.startswith("<form") and "(1)" in part.text
    for number in ("0", "99999", "x", "9" * 30):
        assert (await client.post(f"/reviews/{number}/votes")).status_code == 404


async def test_readers_behind_one_proxy_do_not_wait_for_each_other(
    world: World, lamp: Goods, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (review,) = await reviewed(world, lamp, 5, text="Good.")
    monkeypatch.setattr(settings(), "trusted_proxies", "127.0.0.1")
    monkeypatch.setattr(voting, "AN_ADDRESS", Limit(rate=0.001, burst=1))
    for sender, said in (("198.51.100.7", "Noted"), ("198.51.100.7", "a lot at once"), ("198.51.100.8", "Noted")):
        vote = await client.post(f"/reviews/{review}/votes", headers={"x-forwarded-for": sender})
        assert said in vote.text


async def test_nobody_votes_for_or_reports_their_own(world: World, lamp: Goods, client: httpx.AsyncClient) -> None:
    await buyer(world, lamp, owner=MARTA)
    await write(MARTA, lamp.product, Draft(5))
    review = await id_of(MARTA, lamp)
    as_marta(client)
    assert "Others say whether your review helps" in (await client.post(f"/reviews/{review}/votes")).text
    await client.post(f"/reviews/{review}/report", data={"kind": "untrue"})
    assert await fetch("SELECT id FROM review_vote UNION SELECT id FROM review_report") == []


async def test_a_report_reaches_the_operators_once(world: World, lamp: Goods, client: httpx.AsyncClient) -> None:
    (review,) = await reviewed(world, lamp, 1, text="It is bad.")
    assert "What is wrong with it?" in (await client.get(f"/reviews/{review}/report")).text
    wrong = await client.post(f"/reviews/{review}/report", data={"kind": "boring", "note": "Keep this"})
    assert wrong.status_code == 422 and "Keep this" in wrong.text
    for kind in ("advert", "untrue"):
        await client.post(f"/reviews/{review}/report", data={"kind": kind, "note": "Look at it."})
    (row,) = await fetch("SELECT kind, settled_at FROM review_report")
    assert (row["kind"], row["settled_at"]) == ("untrue", None)


async def test_what_a_guest_did_is_the_accounts_after_sign_in(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    mug = await world.product("Mug", category="mugs-and-cups/mugs", stock={"LIS": 50})
    ana = await account_buyer(world, lamp)
    await write(ana, lamp.product, Draft(2, "", "Of the account."))
    await buyer(world, lamp, owner=MARTA)
    await buyer(world, mug, owner=MARTA)
    await write(MARTA, lamp.product, Draft(4, "", "Of the guest, later."))
    await write(MARTA, mug.product, Draft(3, "", "Of the guest."))
    other = guest("other")
    await buyer(world, mug, owner=other)
    await write(other, mug.product, Draft(5, "", "Of another."))
    theirs, own = await id_of(other, mug), await id_of(ana, lamp)
    as_marta(client)
    await client.post(f"/reviews/{theirs}/votes")
    await client.post(f"/reviews/{own}/votes")
    await sign_in(client)  # type: ignore[arg-type]
    rows = await fetch("SELECT product, stars, account FROM review WHERE account IS NOT NULL ORDER BY product")
    assert [tuple(row) for row in rows] == [(lamp.product, 4, ana.account), (mug.product, 3, ana.account)]
    votes = await fetch("SELECT review, account, visitor FROM review_vote")
    assert [tuple(row) for row in votes] == [(theirs, ana.account, None)]
    assert (await fetch("SELECT reviews FROM product_rating WHERE product = $1", lamp.product))[0]["reviews"] == 1


async def test_while_postgresql_is_away_the_average_is_that_of_the_index(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product("Lousa lamp", stock={"LIS": 50})
    await reviewed(world, made, 5, 4, text="Words.")
    await reindex()
    products.forget()
    await redis.client(patient=True).flushdb()
    await database.close_pool()
    page = await client.get(f"/p/{made.slug}")
    assert page.status_code == 200
    assert "4.5 of 5, from 2 buyers" in words(page) and "What they wrote cannot be shown just now" in page.text


async def test_the_order_leads_to_the_form_once_it_has_arrived(
    world: World, lamp: Goods, client: httpx.AsyncClient
) -> None:
    await buyer(world, lamp, owner=MARTA)
    as_marta(client)
    (order,) = await fetch("SELECT number FROM shop_order")
    page, form = f"/orders/{order['number']}", f'href="/p/{lamp.slug}/review"'
    assert form not in (await client.get(page)).text
    await execute("UPDATE parcel SET state = 'delivered'")
    await execute("UPDATE shop_order SET state = 'delivered'")
    assert form in (await client.get(page)).text
    assert "what came with order" in (await client.get("/orders")).text


async def test_the_page_of_nobody_asks_nothing_more(
    world: World, lamp: Goods, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.infra.settings import settings

    monkeypatch.setattr(settings(), "show_query_count", True)
    await reviewed(world, lamp, 5, text="Words.")
    await client.get(f"/p/{lamp.slug}")
    products.forget()
    assert (await client.get(f"/p/{lamp.slug}")).headers["x-query-count"] == "0"
