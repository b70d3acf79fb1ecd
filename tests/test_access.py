"""Who may reach what: every address of the shop has a rule here, and every rule is tried with everybody.

Who is refused has changed nothing, and reads nothing of anybody else; nor does who sends others' numbers in forms.
"""

import re
from typing import Any

import pytest

from app.infra.database import execute
from app.main import create_app
from tests.market import GUESTS, PEOPLE, Market, People, mail_of, market
from tests.untouched import Untouched, belongings, changed_of, forged, shown_of_others

__all__ = ["market"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

EVERYBODY: dict[str, int] = {}  # no rule: whoever asks gets an answer of their own
ORDER_OF_GUEST = {"guest": 0, "reader": 0, "operator": 0, "else": 404}
OF_GUEST_ALONE = {"guest": 0, "operator": 0, "else": 404}  # the reader has the link of another one
NOBODY = {"else": 404}
ORDER_OF_SHOPPER = {"shopper": 0, "operator": 0, "else": 404}
SIGN_IN = dict.fromkeys(GUESTS, 303)
FEED = {**SIGN_IN, "supplier": 0, "other supplier": 404, "else": 403}
DESK = {**SIGN_IN, "supplier": 0, "other supplier": 0, "else": 403}
OPERATORS = {**SIGN_IN, "operator": 0, "else": 403}
KEYLESS = {"else": 401}  # programs show a key, and none of these people is a program; see tests/suppliers/test_api.py
ADDRESS = {**SIGN_IN, "shopper": 0, "else": 404}
ACCOUNT = {**SIGN_IN, "else": 0}

# (method, address) -> the objects whose names fill the address, each with who may (0), and what the others are told.
# Without an object in its address: {"": rule}.
RULES: dict[tuple[str, str], dict[str, dict[str, int]]] = {
    ("GET", "/static/{name:path}"): {"": EVERYBODY},
    ("GET", "/healthz"): {"": EVERYBODY},
    ("GET", "/readyz"): {"": EVERYBODY},
    ("GET", "/metrics"): {"": {"else": 404}},  # of who shows the token, or sits there: see tests/admin/test_metrics.py
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
    ("POST", "/account/sessions/{session_id:str}/removal"): {"nothing": ACCOUNT},
    ("POST", "/account/sessions/removal"): {"": ACCOUNT},
    ("GET", "/account/addresses"): {"": ACCOUNT},
    ("GET", "/account/addresses/new"): {"": ACCOUNT},
    ("POST", "/account/addresses"): {"": ACCOUNT},
    ("GET", "/account/addresses/{entry_id:str}"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}/default"): {"saved address": ADDRESS},
    ("POST", "/account/addresses/{entry_id:str}/removal"): {"saved address": ACCOUNT},
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
    ("POST", "/cart/lines/{line_id:str}"): {"line": EVERYBODY},
    ("POST", "/cart/aside/{aside_id:str}"): {"line set aside": EVERYBODY},
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
    ("POST", "/wishlists/entries/{entry_id:str}"): {"entry": EVERYBODY},
    ("GET", "/cart/shared"): {"": EVERYBODY},
    ("POST", "/cart/shared"): {"": EVERYBODY},
    ("GET", "/cart/shared/{token:str}"): {"shared cart": EVERYBODY, "nothing": {"else": 404}},
    ("POST", "/cart/shared/{token:str}"): {"shared cart": EVERYBODY, "nothing": {"else": 404}},
    ("POST", "/cart/shared/{token:str}/end"): {"nothing": EVERYBODY},
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
    ("GET", "/.well-known/gpc.json"): {"": EVERYBODY},
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
    ("GET", "/orders/{number:str}/returns/{made:int}"): {
        "returned order": OF_GUEST_ALONE,
        "returned order of shopper": ORDER_OF_SHOPPER,
        "order of guest": NOBODY,
    },
    ("GET", "/orders/{number:str}/invoice"): {
        "returned order": OF_GUEST_ALONE,
        "returned order of shopper": ORDER_OF_SHOPPER,
        "order of guest": NOBODY,
    },
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
    ("POST", "/admin/orders/{number:str}/parcels/{parcel:int}/cancellation"): {"order of guest": OPERATORS},
    ("GET", "/admin/payments"): {"": OPERATORS},
    ("POST", "/admin/payments/reconciliation"): {"": OPERATORS},
    ("POST", "/admin/payments/requests/{request_id:int}/again"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/requests/{request_id:int}/settlement"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/requests/again"): {"": OPERATORS},
    ("POST", "/admin/payments/attempts/again"): {"": OPERATORS},
    ("POST", "/admin/payments/attempts/{attempt_id:int}/again"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/attempts/{attempt_id:int}/settlement"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/mismatches/{mismatch_id:int}/settlement"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/entries/{entry_id:int}/note"): {"nothing": OPERATORS},
    ("POST", "/admin/payments/faults"): {"": OPERATORS},
    ("GET", "/admin/returns"): {"": OPERATORS},
    ("GET", "/admin/orders/{number:str}/returns/{made:int}"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/approval"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/refusal"): {"returned order": OPERATORS},
    ("POST", "/admin/orders/{number:str}/returns/{made:int}/closure"): {"returned order": OPERATORS},
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
    ("POST", "/admin/discounts/{code_id:int}/end"): {"nothing": OPERATORS},
    ("GET", "/admin/taxes"): {"": OPERATORS},
    ("POST", "/admin/taxes"): {"": OPERATORS},
    ("POST", "/admin/taxes/{rate_id:int}/removal"): {"nothing": OPERATORS},
    ("GET", "/admin/delivery/postcodes"): {"": OPERATORS},
    ("POST", "/admin/delivery/postcodes"): {"": OPERATORS},
    ("GET", "/admin/delivery/postcodes/table.csv"): {"": OPERATORS},
    ("GET", "/admin/delivery/postcodes/uploads/{upload_id:int}"): {"upload": OPERATORS},
    ("GET", "/admin/delivery/postcodes/uploads/{upload_id:int}/problems.csv"): {"upload": OPERATORS},
    ("POST", "/admin/delivery/postcodes/uploads/{upload_id:int}/application"): {"upload": OPERATORS},
    ("POST", "/admin/delivery/postcodes/uploads/{upload_id:int}/removal"): {"nothing": OPERATORS},
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
    ("POST", "/admin/search/synonyms/proposals/dismissal/removal"): {"": OPERATORS},
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


def _filled(path: str, value: str) -> str:
    before, brace, rest = path.partition("{")
    after = re.sub(r"\{.*?\}", "1", rest.partition("}")[2])
    return before + (value or "nothing") + after if brace else path


def requests(market: Market, who: str) -> list[tuple[str, str, int, str]]:
    """(method, address, expected status, object) of everything that can be asked; 0 is an answer of one's own."""
    found = []
    for path in dict.fromkeys(path for _, path in RULES):
        objects = {kind for (_, at), rules in RULES.items() if at == path for kind in rules}
        for method in METHODS:
            rules = RULES.get(("GET" if method == "HEAD" else method, path))
            for kind in sorted(objects if rules is None else rules):
                rule = {"else": 405} if rules is None else rules[kind]
                found.append((method, _filled(path, market.objects[kind]), rule.get(who, rule.get("else", 0)), kind))
    return found


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_gets_what_the_rules_say(client: Any, market: Market, who: str) -> None:
    people = People(client, market)
    asked = requests(market, who)
    wrong: list[tuple[Any, ...]] = []

    async def ask(method: str, address: str, kind: str, form: dict[str, str] | None) -> int:
        await people.become(who)
        answer = await client.request(method, address, data=form, follow_redirects=False)
        told = market.objects["order of guest"] if kind == "payment" else ""  # to whoever has its random address
        shown = shown_of_others(market, who, f"{address} {form} {told}", answer)
        wrong.extend((method, address, "shows", secret) for secret in shown)
        return answer.status_code

    untouched = await Untouched.begin()
    for method, address, expected, kind in asked:
        if expected:
            status = await ask(method, address, kind, forged(market) if method == "POST" else None)
            if status not in ({404, 405} if expected == 405 else {expected}):
                wrong.append((method, address, status, expected))
            wrong.extend((method, address, "changed", table) for table in await untouched.changed())
    theirs = await belongings(market, who)
    for method, address, expected, kind in asked:
        if not expected:
            status = await ask(method, address, kind, None)
            if status >= 500 or (status in (403, 404) and kind):
                wrong.append((method, address, status, expected))
            if method == "POST" and await ask(method, address, kind, forged(market)) >= 500:
                wrong.append((method, address, "falls over"))
            wrong.extend((method, address, "changed", table) for table in await changed_of(market, who, theirs))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ["operator", "supplier"])
async def test_a_number_that_no_row_has_finds_nothing(client: Any, market: Market, who: str) -> None:
    await People(client, market).become(who)
    wrong = []
    for method, path in RULES:
        numbered = re.sub(r"\{\w+:(?!int)\w+\}", "en", path)
        for number in (-(2**70), 0, 2**31, 2**63 - 1, 2**63) if ":int}" in path else ():
            address = re.sub(r"\{\w+:int\}", str(number), numbered)
            status = (await client.request(method, address, follow_redirects=False)).status_code
            if status >= 500 or (status != 404 and not 0 <= number < 2**63):
                wrong.append((method, address, status))
    assert wrong == [], "\n".join(map(str, wrong))


async def test_a_role_that_is_taken_away_counts_at_once(client: Any, market: Market) -> None:
    await People(client, market).become("supplier")
    assert (await client.get("/supplier/feeds")).status_code == 200
    await execute("UPDATE account SET role = 'shopper' WHERE email = $1", mail_of("supplier"))
    assert (await client.get("/supplier/feeds")).status_code == 403
