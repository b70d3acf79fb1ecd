"""Who may reach what: every address of the shop has a rule here, and every rule is tried with everybody."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from app.accounts.owners import Owner
from app.cart.changing import add
from app.cart.sharing import share
from app.delivery import address_book, postcode_uploads
from app.delivery.addresses import PostalAddress
from app.delivery.postcode_table import Entry, Judge
from app.infra.database import execute, fetch_one
from app.main import create_app
from app.orders.returns import ask
from app.reviews.writing import Draft, write
from app.suppliers.mapping import remember, remembered
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import hash_token
from app.wishlists.changing import add as keep
from app.wishlists.changing import begin, change
from app.wishlists.contents import entries_of, lists_of
from app.wishlists.tables import Visibility
from tests.accounts.people import person, sign_in
from tests.checkout.paying import begun
from tests.events.burying import buried
from tests.notifications.events import written
from tests.orders.sending import arrived, line_ids, paid
from tests.orders.wanting import pending, state_of
from tests.reviews.buying import buyer, id_of
from tests.suppliers.line import as_csv, row, send
from tests.suppliers.programs import key_for
from tests.suppliers.sources import stated
from tests.world import Goods, World

PEOPLE = (
    "nobody",
    "guest",
    "other guest",
    "shopper",
    "other shopper",
    "supplier",
    "other supplier",
    "operator",
)

EVERYBODY: dict[str, int] = {}  # no rule: whoever asks gets an answer of their own
ORDER_OF_GUEST = {"guest": 0, "operator": 0, "else": 404}
NOBODY = {"else": 404}
ORDER_OF_SHOPPER = {"shopper": 0, "operator": 0, "else": 404}
FEED = {"supplier": 0, "other supplier": 404, "nobody": 303, "guest": 303, "other guest": 303, "else": 403}
DESK = {"supplier": 0, "other supplier": 0, "nobody": 303, "guest": 303, "other guest": 303, "else": 403}
OPERATORS = {"operator": 0, "nobody": 303, "guest": 303, "other guest": 303, "else": 403}
KEYLESS = {"else": 401}  # programs show a key, and none of these people is a program; see tests/suppliers/test_api.py
ADDRESS = {"shopper": 0, "nobody": 303, "guest": 303, "other guest": 303, "else": 404}
ACCOUNT = {"nobody": 303, "guest": 303, "other guest": 303, "else": 0}

# (method, address) -> the objects whose names fill the address, each with who may (0), and what the others are told.
# Without an object in its address: {"": rule}.
RULES: dict[tuple[str, str], dict[str, dict[str, int]]] = {
    ("GET", "/static/{name:path}"): {"": EVERYBODY},
    ("GET", "/healthz"): {"": EVERYBODY},
    ("GET", "/readyz"): {"": EVERYBODY},
    ("GET", "/sign-in"): {"": EVERYBODY},
    ("POST", "/sign-in"): {"": EVERYBODY},
    ("GET", "/sign-up"): {"": EVERYBODY},
    ("POST", "/sign-up"): {"": EVERYBODY},
    ("POST", "/sign-out"): {"": EVERYBODY},
    ("GET", "/account"): {"": ACCOUNT},
    ("POST", "/account/name"): {"": ACCOUNT},
    ("POST", "/account/password"): {"": ACCOUNT},
    ("GET", "/account/details"): {"": ACCOUNT},
    ("POST", "/account/email"): {"": ACCOUNT},
    ("POST", "/account/email/removal"): {"": ACCOUNT},
    ("GET", "/account/email/confirmation"): {"": ACCOUNT},
    ("POST", "/account/email/confirmation"): {"": ACCOUNT},
    ("GET", "/account/confirmation"): {"": ACCOUNT},
    ("POST", "/account/confirmation"): {"": ACCOUNT},
    ("POST", "/account/confirmation/mails"): {"": ACCOUNT},
    ("GET", "/account/security"): {"": ACCOUNT},
    ("POST", "/account/sessions/{session_id:str}/removal"): {"session of nobody": ACCOUNT},
    ("POST", "/account/sessions/removal"): {"": ACCOUNT},
    ("GET", "/account/addresses"): {"": ACCOUNT},
    ("GET", "/account/addresses/new"): {"": ACCOUNT},
    ("POST", "/account/addresses"): {"": ACCOUNT},
    ("GET", "/account/addresses/{entry_id:str}"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}/default"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}/removal"): {"no saved address": ACCOUNT},
    ("GET", "/account/privacy"): {"": ACCOUNT},
    ("POST", "/account/export"): {"": ACCOUNT},
    ("GET", "/account/deletion"): {"": ACCOUNT},
    ("POST", "/account/deletion"): {"": ACCOUNT},
    ("GET", "/password-reset"): {"": EVERYBODY},
    ("POST", "/password-reset"): {"": EVERYBODY},
    ("GET", "/password-reset/sent"): {"": EVERYBODY},
    ("GET", "/password-reset/choice"): {"": EVERYBODY},
    ("POST", "/password-reset/choice"): {"": EVERYBODY},
    ("GET", "/cart"): {"": EVERYBODY},
    ("POST", "/cart/lines"): {"": EVERYBODY},
    ("POST", "/cart/lines/{line_id:str}"): {"line": EVERYBODY},  # see test_nobody_changes_the_cart_of_another
    ("POST", "/cart/aside/{aside_id:str}"): {"no line set aside": EVERYBODY},  # see tests/cart/test_aside.py
    ("POST", "/viewed/removal"): {"": EVERYBODY},
    ("GET", "/shelves/{kind:str}"): {"": EVERYBODY, "no shelf": {"else": 404}},  # one with nothing on it is not there
    ("POST", "/shelves/{kind:str}/hiding"): {"shelf": EVERYBODY, "no shelf": {"else": 404}},
    ("POST", "/privacy/recommendations"): {"": EVERYBODY},
    ("POST", "/cart/sets"): {"": EVERYBODY},
    ("GET", "/wishlists"): {"": EVERYBODY},
    ("POST", "/wishlists"): {"": EVERYBODY},
    ("GET", "/wishlists/{list_id:str}"): {"wishlist of guest": {"guest": 0, "else": 404}},
    ("POST", "/wishlists/{list_id:str}"): {"wishlist of guest": {"guest": 0, "else": 404}},
    ("POST", "/wishlists/entries"): {"": EVERYBODY},
    ("POST", "/wishlists/entries/{entry_id:str}"): {"entry": EVERYBODY},  # see tests/wishlists/test_changing.py
    ("GET", "/cart/shared"): {"": EVERYBODY},
    ("POST", "/cart/shared"): {"": EVERYBODY},
    ("GET", "/cart/shared/{token:str}"): {"shared cart": EVERYBODY, "no upload": {"else": 404}},
    ("POST", "/cart/shared/{token:str}"): {"shared cart": EVERYBODY, "no upload": {"else": 404}},
    ("POST", "/cart/shared/{token:str}/end"): {"no upload": EVERYBODY},
    ("GET", "/w/{token:str}"): {"private wishlist": {"else": 404}, "shared wishlist": EVERYBODY},
    ("GET", "/delivery/postcode"): {"": EVERYBODY},
    ("POST", "/delivery/postcode"): {"": EVERYBODY},
    ("GET", "/art/{file:str}"): {"": EVERYBODY},
    ("GET", "/pictures/{key:str}/{name:str}"): {"": EVERYBODY},
    ("GET", "/search"): {"": EVERYBODY},
    ("GET", "/search/suggestions"): {"": EVERYBODY},
    ("POST", "/search/recent/removal"): {"": EVERYBODY},
    ("GET", "/"): {"": EVERYBODY},
    ("GET", "/c/{path:path}"): {"": EVERYBODY},
    ("GET", "/p/{slug:str}"): {"": EVERYBODY},
    ("GET", "/p/{slug:str}/reviews"): {"reviewed": EVERYBODY},
    # Who has bought it gets the form, others get words: see tests/reviews/test_pages.py.
    ("GET", "/p/{slug:str}/review"): {"reviewed": EVERYBODY},
    ("POST", "/p/{slug:str}/review"): {"reviewed": {"guest": 0, "else": 403}},
    ("POST", "/reviews/{review_id:str}/votes"): {"review": EVERYBODY, "waiting review": {"else": 404}},
    ("GET", "/reviews/{review_id:str}/report"): {"review": EVERYBODY, "waiting review": {"else": 404}},
    ("POST", "/reviews/{review_id:str}/report"): {"review": EVERYBODY, "waiting review": {"else": 404}},
    ("GET", "/help"): {"": EVERYBODY},
    ("GET", "/help/{name:str}"): {"": EVERYBODY},
    ("GET", "/about"): {"": EVERYBODY},
    ("GET", "/privacy"): {"": EVERYBODY},
    ("GET", "/robots.txt"): {"": EVERYBODY},
    ("GET", "/sitemap.xml"): {"": EVERYBODY},
    ("GET", "/sell"): {"": EVERYBODY},
    ("GET", "/sell/application"): {"": EVERYBODY},
    ("POST", "/sell/application"): {"": EVERYBODY},
    ("GET", "/sell/application/received"): {"": EVERYBODY},
    ("GET", "/checkout"): {"": EVERYBODY},
    ("GET", "/checkout/address"): {"": EVERYBODY},
    ("POST", "/checkout/address"): {"": EVERYBODY},
    ("POST", "/checkout/discount"): {"": EVERYBODY},
    ("GET", "/checkout/delivery"): {"": EVERYBODY},
    ("POST", "/checkout/delivery"): {"": EVERYBODY},
    ("GET", "/checkout/payment"): {"": EVERYBODY},
    ("GET", "/orders"): {"": EVERYBODY},
    ("POST", "/orders"): {"": EVERYBODY},
    ("GET", "/orders/access"): {"": EVERYBODY},
    ("POST", "/orders/access"): {"": EVERYBODY},
    ("GET", "/orders/{number:str}"): {"order of guest": ORDER_OF_GUEST, "order of shopper": ORDER_OF_SHOPPER},
    ("GET", "/orders/{number:str}/cancellation"): {
        "order of guest": ORDER_OF_GUEST,
        "order of shopper": ORDER_OF_SHOPPER,
    },
    ("POST", "/orders/{number:str}/cancellation"): {
        "order of guest": ORDER_OF_GUEST,
        "order of shopper": ORDER_OF_SHOPPER,
    },
    ("GET", "/orders/{number:str}/returns"): {"order of guest": ORDER_OF_GUEST, "order of shopper": ORDER_OF_SHOPPER},
    ("POST", "/orders/{number:str}/returns"): {"order of guest": ORDER_OF_GUEST, "order of shopper": ORDER_OF_SHOPPER},
    ("GET", "/orders/{number:str}/returns/{made:int}"): {"returned order": ORDER_OF_GUEST, "order of guest": NOBODY},
    ("GET", "/orders/{number:str}/invoice"): {"returned order": ORDER_OF_GUEST, "order of guest": NOBODY},
    ("GET", "/orders/{number:str}/credit-notes/{place:int}"): {"returned order": NOBODY},
    ("POST", "/orders/{number:str}/repetition"): {
        "order of guest": ORDER_OF_GUEST,
        "order of shopper": ORDER_OF_SHOPPER,
    },
    ("POST", "/orders/{number:str}/payments"): {"order of guest": ORDER_OF_GUEST, "order of shopper": ORDER_OF_SHOPPER},
    ("GET", "/checkout/return/{number:str}"): {"order of guest": ORDER_OF_GUEST, "order of shopper": ORDER_OF_SHOPPER},
    # Another company's pages: who has the long random address of a payment may pay it, as with a link in a mail.
    ("GET", "/sandbox/pay/{reference:str}"): {"payment": EVERYBODY, "no payment": {"else": 404}},
    ("POST", "/sandbox/pay/{reference:str}"): {"payment": EVERYBODY, "no payment": {"else": 404}},
    ("POST", "/sandbox/pay/{reference:str}/challenge"): {"payment": EVERYBODY, "no payment": {"else": 404}},
    ("POST", "/webhooks/stripe"): {"": {"else": 404}},  # nobody takes money by Stripe in these tests
    ("POST", "/webhooks/sandbox"): {"": {"else": 400}},  # nothing is signed here
    ("GET", "/admin"): {"": OPERATORS},
    ("GET", "/admin/orders"): {"": OPERATORS},
    ("GET", "/admin/orders/{number:str}"): {"order of guest": OPERATORS},
    ("POST", "/admin/orders/{number:str}/parcels/{parcel:int}/packing"): {"order of guest": OPERATORS},
    ("POST", "/admin/orders/{number:str}/parcels/{parcel:int}/shipping"): {"order of guest": OPERATORS},
    ("POST", "/admin/orders/{number:str}/parcels/{parcel:int}/arrival"): {"order of guest": OPERATORS},
    ("GET", "/admin/payments"): {"": OPERATORS},
    ("POST", "/admin/payments/reconciliation"): {"": OPERATORS},
    ("POST", "/admin/payments/requests/{request_id:int}/again"): {"no upload": OPERATORS},
    ("POST", "/admin/payments/mismatches/{mismatch_id:int}/settlement"): {"no upload": OPERATORS},
    ("POST", "/admin/payments/entries/{entry_id:int}/note"): {"no upload": OPERATORS},
    ("POST", "/admin/payments/faults"): {"": OPERATORS},
    ("GET", "/admin/returns"): {"": OPERATORS},
    ("GET", "/admin/orders/{number:str}/returns/{made:int}"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/approval"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/refusal"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/receipt"): {"returned order": OPERATORS},
    ("GET", "/admin/suppliers"): {"": OPERATORS},
    ("GET", "/admin/suppliers/{supplier_id:int}"): {"business": OPERATORS},
    ("POST", "/admin/suppliers/{supplier_id:int}/decisions"): {"business": OPERATORS},
    ("GET", "/admin/dead-letters"): {"": OPERATORS},
    ("POST", "/admin/dead-letters/replay"): {"": OPERATORS},
    ("GET", "/admin/dead-letters/{letter_id:int}"): {"letter": OPERATORS},
    ("POST", "/admin/dead-letters/{letter_id:int}/discard"): {"letter": OPERATORS},
    ("POST", "/admin/dead-letters/{letter_id:int}/replay"): {"letter": OPERATORS},
    ("GET", "/admin/reviews"): {"": OPERATORS},
    ("GET", "/admin/reviews/{review_id:int}"): {"review": OPERATORS},
    ("POST", "/admin/reviews/{review_id:int}/decisions"): {"review": OPERATORS},
    ("POST", "/admin/reviews/{review_id:int}/answer/removal"): {"review": OPERATORS},
    ("GET", "/admin/delivery"): {"": OPERATORS},
    ("GET", "/admin/delivery/warehouses/{code:str}"): {"warehouse": OPERATORS},
    ("POST", "/admin/delivery/warehouses/{code:str}"): {"warehouse": OPERATORS},
    ("GET", "/admin/delivery/kept"): {"": OPERATORS},
    ("POST", "/admin/delivery/kept/hold"): {"": OPERATORS},
    ("GET", "/admin/delivery/zones/{code:str}"): {"zone": OPERATORS},
    ("POST", "/admin/delivery/zones/{code:str}"): {"zone": OPERATORS},
    ("POST", "/admin/delivery/surcharges"): {"": OPERATORS},
    ("POST", "/admin/delivery/surcharges/{peak_id:int}/removal"): {"surcharge": OPERATORS},
    ("GET", "/admin/delivery/warehouses/{code:str}/lanes"): {"warehouse": OPERATORS},
    ("POST", "/admin/delivery/warehouses/{code:str}/lanes"): {"warehouse": OPERATORS},
    ("GET", "/admin/delivery/levels"): {"": OPERATORS},
    ("POST", "/admin/delivery/levels"): {"": OPERATORS},
    ("POST", "/admin/delivery/levels/additions"): {"": OPERATORS},
    ("POST", "/admin/delivery/levels/{code:str}/removal"): {"level": OPERATORS},
    ("GET", "/admin/discounts"): {"": OPERATORS},
    ("POST", "/admin/discounts"): {"": OPERATORS},
    ("POST", "/admin/discounts/{code_id:int}/end"): {"no upload": OPERATORS},
    ("GET", "/admin/taxes"): {"": OPERATORS},
    ("POST", "/admin/taxes"): {"": OPERATORS},
    ("POST", "/admin/taxes/{rate_id:int}/removal"): {"no upload": OPERATORS},
    ("GET", "/admin/delivery/postcodes"): {"": OPERATORS},
    ("POST", "/admin/delivery/postcodes"): {"": OPERATORS},
    ("GET", "/admin/delivery/postcodes/table.csv"): {"": OPERATORS},
    ("GET", "/admin/delivery/postcodes/uploads/{upload_id:int}"): {"upload": OPERATORS},
    ("GET", "/admin/delivery/postcodes/uploads/{upload_id:int}/problems.csv"): {"upload": OPERATORS},
    ("POST", "/admin/delivery/postcodes/uploads/{upload_id:int}/application"): {"upload": OPERATORS},
    ("POST", "/admin/delivery/postcodes/uploads/{upload_id:int}/removal"): {"no upload": OPERATORS},
    ("GET", "/admin/mails"): {"": OPERATORS},
    ("GET", "/admin/mails/{mail_id:int}"): {"mail": OPERATORS},
    ("GET", "/admin/mails/{mail_id:int}/html"): {"mail": OPERATORS},
    ("POST", "/admin/mails/{mail_id:int}/sending"): {"mail": OPERATORS},
    # who holds the key of a mail stops it: see tests/notifications/test_wish_mails.py
    ("GET", "/mails/wishlists/off"): {"": {"else": 404}},
    ("POST", "/mails/wishlists/off"): {"": {"else": 404}},
    # of a shop in development alone: see tests/notifications/test_outbox.py
    ("GET", "/outbox"): {"": {"else": 404}},
    ("GET", "/outbox/{mail_id:int}"): {"mail": {"else": 404}},
    ("GET", "/outbox/{mail_id:int}/html"): {"mail": {"else": 404}},
    ("GET", "/admin/search/synonyms"): {"": OPERATORS},
    ("POST", "/admin/search/synonyms/proposals/addition"): {"": OPERATORS},
    ("POST", "/admin/search/synonyms/proposals/dismissal"): {"": OPERATORS},
    ("GET", "/admin/search/synonyms/{language:str}"): {"language": OPERATORS},
    ("POST", "/admin/search/synonyms/{language:str}"): {"language": OPERATORS},
    ("POST", "/admin/search/synonyms/{language:str}/trial"): {"language": OPERATORS},
    ("GET", "/admin/search/synonyms/{language:str}/versions/{number:int}"): {"": OPERATORS},
    ("POST", "/admin/search/synonyms/{language:str}/versions/{number:int}/restoration"): {"": OPERATORS},
    ("GET", "/supplier/feeds"): {"": DESK},
    ("POST", "/supplier/feeds"): {"": DESK},
    ("GET", "/supplier/feeds/{feed_id:int}"): {"feed": FEED},
    ("GET", "/supplier/feeds/{feed_id:int}/report.csv"): {"feed": FEED},
    ("POST", "/supplier/feeds/{feed_id:int}/withdrawal"): {"feed": FEED},
    ("POST", "/supplier/feeds/{feed_id:int}/real-run"): {"feed": FEED},
    ("GET", "/supplier/keys"): {"": DESK},
    ("POST", "/supplier/keys"): {"": DESK},
    ("POST", "/supplier/keys/{key_id:int}/revocation"): {"key": FEED},
    ("GET", "/api/supplier/v1"): {"": EVERYBODY},
    ("GET", "/api/supplier/v1/openapi.json"): {"": EVERYBODY},
    ("POST", "/api/supplier/v1/feeds"): {"": KEYLESS},
    ("GET", "/api/supplier/v1/feeds"): {"": KEYLESS},
    ("GET", "/api/supplier/v1/feeds/{feed_id:int}"): {"feed": KEYLESS},
    ("GET", "/api/supplier/v1/feeds/{feed_id:int}/problems"): {"feed": KEYLESS},
    ("PUT", "/api/supplier/v1/offers/{sku:path}"): {"": KEYLESS},
    ("GET", "/api/supplier/v1/offers/{sku:path}"): {"": KEYLESS},
    ("GET", "/supplier/feeds/{feed_id:int}/columns"): {"feed": FEED},
    ("POST", "/supplier/feeds/{feed_id:int}/columns"): {"feed": FEED},
    ("GET", "/supplier/mapping"): {"": DESK},
    ("POST", "/supplier/mapping/{mapping_id:int}/deletion"): {"column": FEED},
    ("GET", "/supplier/sources"): {"": DESK},
    ("POST", "/supplier/sources"): {"": DESK},
    ("POST", "/supplier/sources/{source_id:int}/fetch"): {"source": FEED},
    ("POST", "/supplier/sources/{source_id:int}/pause"): {"source": FEED},
    ("POST", "/supplier/sources/{source_id:int}/deletion"): {"source": FEED},
    ("GET", "/supplier/reviews"): {"": DESK},
    ("POST", "/supplier/reviews/{review_id:int}/answer"): {"review": FEED},
    ("GET", "/supplier/pictures"): {"": DESK},
    ("GET", "/supplier/pictures/report.csv"): {"": DESK},
    ("POST", "/supplier/pictures/retries"): {"": DESK},
}


def addresses() -> set[tuple[str, str]]:
    shop: Any = create_app()
    return {
        (method, route.path_format if "{" not in route.path else route.path)
        for route in shop.app.routes
        for method in route.methods - {"OPTIONS", "HEAD"}
    }


def test_every_address_has_a_rule(environment: None) -> None:
    assert addresses() == set(RULES)


@dataclass(frozen=True)
class Market:
    objects: dict[str, str]
    lamp: Goods
    guests_order: int
    line: int


@pytest.fixture
async def market(world: World, client: Any) -> Market:
    """An order of a guest and one of a shopper, a guest's cart, a supplier's feed; and everybody's account."""
    lamp = await world.product(stock={"LIS": 50})
    mine, other = await world.supplier(), await world.supplier("Casa Pratas")
    accounts = {
        role: await person(f"{role.replace(' ', '-')}@example.pt", **kind) for role, kind in _accounts(mine, other)
    }
    guest = Owner(None, hash_token("guest"))
    order = await pending(world, lamp, owner=guest)
    shoppers = await pending(world, lamp, owner=Owner(accounts["shopper"], None))
    await begun(order.id)
    payment = await begun(order.id)
    assert payment.provider_reference
    await add(guest, lamp.offer, 3)
    mug = await world.product("Mug", category="mugs-and-cups/mugs")
    await buyer(world, mug, owner=guest)
    await write(guest, mug.product, Draft(5, "", "It holds coffee."))
    stranger = await buyer(world, mug, owner=Owner(None, hash_token("somebody")))
    await write(stranger, mug.product, Draft(5, "", "Cheaper at https://elsewhere.example"))
    await keep(guest, lamp.offer)
    await begin(guest, "Shared")
    private, open_to_all = await lists_of(guest)
    await change(guest, open_to_all.id, "Shared", Visibility.LINK)
    line = await fetch_one("SELECT id FROM cart_line")
    assert line
    feed = await send(mine, as_csv([row("A")]))
    await key_for(mine)
    zone = await fetch_one("SELECT code FROM zone ORDER BY id LIMIT 1")
    assert zone
    key = await fetch_one("SELECT id FROM api_key")
    await written()
    assert key
    objects = {
        "": "",
        "order of guest": order.number,
        "order of shopper": shoppers.number,
        "returned order": await returned_order(world, lamp, guest),
        "payment": payment.provider_reference,
        "no payment": "sbx_nobody_has_this",
        "reviewed": mug.slug,
        "review": str(await id_of(guest, mug)),
        "waiting review": str(await id_of(stranger, mug)),
        "line": str(line["id"]),
        "no line set aside": "999",
        "session of nobody": "999",
        "saved address": str(await kept_address(accounts["shopper"])),
        "no saved address": "999",
        "shelf": "new",
        "no shelf": "nothing",
        "wishlist of guest": str(private.id),
        "entry": str((await entries_of(private.id))[0].id),
        "private wishlist": private.token,
        "shared wishlist": open_to_all.token,
        "shared cart": await share(guest) or "",
        "feed": str(feed),
        "key": str(key["id"]),
        "business": str(mine),
        "letter": str(await buried()),
        "mail": "1",
        "language": "en",
        "warehouse": "LIS",
        "zone": zone["code"],
        "surcharge": "1",
        "level": "express",
        "upload": str(await kept_upload(accounts["operator"])),
        "no upload": "999",
        "column": str(await told(mine)),
        "source": str((await stated(mine, "https://feed.example/lamps.csv")).id),
    }
    return Market(objects, lamp, order.id, line["id"])


async def returned_order(world: World, lamp: Goods, owner: Owner) -> str:
    """An order of which something is to be sent back."""
    order = await paid(world, lamp, owner=owner)
    await arrived(order)
    await ask(order.id, dict.fromkeys(await line_ids(order), 1), "broken", "")
    return order.number


async def kept_upload(account: int) -> int:
    """A table of postcodes that an operator has sent."""
    judge = Judge({"lisboa": "PT"})
    judge.take(2, Entry("12", "Lisboa", "lisboa"))
    return await postcode_uploads.keep(account, "postcodes.csv", 1, judge)


async def kept_address(account: int) -> int:
    """An address in the account's book."""
    return await address_book.add(account, PostalAddress("Ana", "", "Rua Um 1", "", "1200-109", "Lisboa"))


async def told(supplier: int) -> int:
    """A column of the supplier's files that we were told the meaning of."""
    await remember(supplier, {"farbton": "colour"})
    return int((await remembered(supplier))[0]["id"])


def _accounts(mine: int, other: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("shopper", {}),
        ("other shopper", {}),
        ("supplier", {"role": "supplier", "supplier": mine}),
        ("other supplier", {"role": "supplier", "supplier": other}),
        ("operator", {"role": "operator"}),
    ]


async def become(client: Any, who: str) -> None:
    client.cookies.clear()
    if who in ("guest", "other guest"):
        client.cookies.set(VISITOR, who)
    elif who != "nobody":
        assert (await sign_in(client, email=f"{who.replace(' ', '-')}@example.pt")).status_code == 303


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_gets_what_the_rules_say(client: Any, market: Market, who: str) -> None:
    wrong = []
    for (method, path), objects in RULES.items():
        for kind, rule in objects.items():
            address = _filled(path, market.objects[kind])
            await become(client, who)
            status = (await client.request(method, address, follow_redirects=False)).status_code
            expected = rule.get(who, rule.get("else", 0))
            allowed = status < 500 and (status not in (403, 404) or kind == "") if expected == 0 else status == expected
            if not allowed:
                wrong.append((method, address, status, expected))
    assert wrong == []


def _filled(path: str, value: str) -> str:
    before, brace, rest = path.partition("{")
    after = re.sub(r"\{.*?\}", "1", rest.partition("}")[2])
    return before + (value or "nothing") + after if brace else path


async def test_nobody_changes_the_cart_of_another(client: Any, market: Market) -> None:
    for who in PEOPLE:
        if who == "guest":
            continue
        for form in ({"quantity": "1"}, {"remove": "1"}, {"quantity": "2", "more": "1"}):
            await become(client, who)
            assert (await client.post(f"/cart/lines/{market.line}", data=form)).status_code < 500
    row = await fetch_one("SELECT quantity FROM cart_line WHERE id = $1", market.line)
    assert row and row["quantity"] == 3


async def test_methods_that_an_address_does_not_take_change_nothing(client: Any, market: Market) -> None:
    await become(client, "guest")
    before = await state_of(market.guests_order)
    for path in {path for _, path in RULES}:
        for method in {"PUT", "PATCH", "DELETE"} - {known for known, at in RULES if at == path}:
            number = market.objects["order of guest"]
            answer = await client.request(method, _filled(path, number))
            assert answer.status_code in (404, 405), (method, path)
    assert await state_of(market.guests_order) == before


async def test_a_role_that_is_taken_away_counts_at_once(client: Any, market: Market) -> None:
    await become(client, "supplier")
    assert (await client.get("/supplier/feeds")).status_code == 200
    await execute("UPDATE account SET role = 'shopper' WHERE email = 'supplier@example.pt'")
    assert (await client.get("/supplier/feeds")).status_code == 403
