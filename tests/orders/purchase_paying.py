"""The part of the machine of purchases in which money moves, and what banks and the provider say of it comes or not."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app.checkout.by_hand import close
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import payment_page
from app.checkout.reconciling import ask_about, reconcile
from app.infra.database import execute, fetch
from app.payments import sandbox_faults, sandbox_payments
from app.payments.attempts import attempts_of
from app.payments.holds import capture_before_lapse
from app.payments.provider import Outcome, Verdict
from app.payments.requests import requests_of
from app.payments.sandbox_cards import CARDS, Card
from tests.accounts.people import person
from tests.checkout.paying import asked_about, some_webhook
from tests.orders.purchase_shopping import CODES, PIECES, RARELY, THINGS, WHICH, WHO, Shopping
from tests.orders.purchasing import Made
from tests.orders.wanting import hold_ended

PURCHASES = st.tuples(
    WHO,
    st.lists(THINGS, min_size=1, max_size=3),
    PIECES,
    st.booleans(),
    CODES,
    st.sampled_from((None, CARDS[0], *CARDS)),
    st.booleans(),
    st.sampled_from(("", "", "", "price", "stock", "forged", "stays open")),
)
BANKS_ARE_READY = "UPDATE sandbox_payment SET ready_at = now() - interval '1 second' WHERE ready_at IS NOT NULL"


class Paying(Shopping):
    @initialize(at_shipment=st.booleans(), purchases=st.lists(PURCHASES, min_size=1, max_size=3))
    def open(self, at_shipment: bool, purchases: list[tuple[Any, ...]]) -> None:
        self.begin(at_shipment)
        for purchase in purchases:
            self.buy(purchase)

    @rule(purchase=PURCHASES)
    def buy(self, purchase: tuple[Any, ...]) -> None:
        """All the way, as most shoppers go; something may happen while they look at what they are about to pay."""
        who, things, pieces, in_porto, code, card, comes_back, meanwhile = purchase
        before = len(self.orders)
        for thing in things:
            self.put(who, thing, pieces)
        self.answer(who, in_porto, False, code)
        if meanwhile in ("price", "stock"):
            self.a_feed_comes(things[0], "LIS", 3, 7 if meanwhile == "price" else 0)
        if meanwhile == "forged":
            self.forge(who, -1)
        if meanwhile != "stays open":
            self.confirm(who, 0, 1)
        if len(self.orders) > before and card:
            self.pay(0, card, 0, comes_back)

    @rule(which=WHICH)
    def go_to_pay(self, which: int) -> None:
        if order := self.order(which):
            self.do(payment_page(order.id))

    @rule(which=WHICH, card=st.sampled_from(CARDS), attempt=st.sampled_from((0, 0, 0, 1)), comes_back=st.booleans())
    def pay(self, which: int, card: Card, attempt: int, comes_back: bool) -> None:
        if order := self.order(which):
            self.do(payment_page(order.id))
            for one in self.run(attempts_of(order.id))[attempt : attempt + 1]:
                self.do(sandbox_payments.present(one.provider_reference or "", card))
            if comes_back:
                self.do(ask_about(order.id))

    @rule(which=WHICH, approved=st.booleans())
    def answer_challenge(self, which: int, approved: bool) -> None:
        if order := self.order(which):
            for attempt in self.run(attempts_of(order.id)):
                self.do(sandbox_payments.answer_challenge(attempt.provider_reference or "", approved=approved))

    @rule()
    def banks_have_decided(self) -> None:
        self.do(execute(BANKS_ARE_READY))
        self.do(sandbox_payments.decide_slow())

    @rule(which=st.integers(0, 7), is_forged=RARELY)
    def webhook(self, which: int, is_forged: bool) -> None:
        """Any of the messages so far, in any order, as often as you like, or never."""
        self.do(some_webhook(which, is_forged))

    @rule(which=WHICH)
    def come_back(self, which: int) -> None:
        if order := self.order(which):
            self.do(ask_about(order.id))

    @rule(which=WHICH, really=RARELY, swept=st.booleans())
    def hold_ends(self, which: int, really: bool, swept: bool) -> None:
        order = self.order(which)
        if order and really:
            self.do(hold_ended(order.id))
            if swept:
                self.sweep()

    @rule()
    def sweep(self) -> None:
        self.do(expire_unpaid())

    @rule(is_due=st.booleans())
    def reconciled(self, is_due: bool) -> None:
        self.do(asked_about() if is_due else reconcile())

    @rule(really=RARELY)
    def authorisations_end(self, really: bool) -> None:
        if really:
            self.do(execute("UPDATE payment_attempt SET held_until = now() WHERE held_until IS NOT NULL"))
            self.do(capture_before_lapse())

    @rule()
    def requests_are_sent(self) -> None:
        self.do(self._carry_out())

    async def _carry_out(self) -> None:
        await execute("UPDATE money_request SET next_at = now(), given_up_at = NULL WHERE state IN ('asked', 'sent')")
        await carry_out()

    @rule(which=WHICH, really=RARELY)
    def a_refund_comes_back_from_the_bank(self, which: int, really: bool) -> None:
        order = self.order(which)
        for request in self.run(requests_of(order.id)) if order and really else []:
            if request.kind == "refund" and request.state == "done" and order:
                self.do(self._come_back_from_the_bank(order, request.id, request.key, request.amount_minor))
                return

    async def _come_back_from_the_bank(self, order: Made, request: int, key: str, amount: int) -> None:
        """At the provider, too: it has the money again."""
        rows = await fetch(
            """UPDATE sandbox_movement SET kind = 'returned' WHERE key = $1 AND kind = 'refund' RETURNING payment""",
            key,
        )
        await execute(
            "UPDATE sandbox_payment SET refunded_minor = refunded_minor - $2 WHERE id = $1", rows[0]["payment"], amount
        )
        order.left_there_minor += amount
        await settle_request(request, Outcome(Verdict.FAILED, "", failure="account closed"))

    @rule(which=WHICH, really=RARELY)
    def a_refund_is_paid_another_way(self, which: int, really: bool) -> None:
        """One that is neither done nor, as an operator sees there, done at the provider."""
        if (order := self.order(which)) and really:
            for request in self.run(self._not_done(order)):
                self.do(self._pay_another_way(order, request))

    async def _not_done(self, order: Made) -> list[Any]:
        return await fetch(
            """UPDATE money_request r SET given_up_at = now() WHERE "order" = $1 AND kind = 'refund' AND state <> 'done'
                 AND NOT EXISTS (SELECT FROM sandbox_movement m WHERE m.key = r.key)
               RETURNING id, amount_minor, state""",
            order.id,
        )

    async def _pay_another_way(self, order: Made, request: Any) -> None:
        await close(request["id"], await self.operator(), "done", "a transfer")
        if request["state"] != "failed":  # those have not left the provider anyway
            order.left_there_minor += request["amount_minor"]

    @staticmethod
    async def operator() -> int:
        rows = await fetch("SELECT id FROM account WHERE role = 'operator'")
        return int(rows[0]["id"]) if rows else await person("operator@example.pt", role="operator")

    @rule(fault=st.sampled_from(sorted(sandbox_faults.NAMES)), on=RARELY)
    def fault(self, fault: str, on: bool) -> None:
        self.do(sandbox_faults.switch(fault, 50 if on else 0))
