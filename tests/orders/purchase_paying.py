"""The part of the machine of purchases in which money moves, and what banks and the provider say of it comes or not."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app.checkout.by_hand import close
from app.checkout.paying import payment_page
from app.checkout.reconciling import ask_about, reconcile
from app.infra.database import execute
from app.payments import sandbox_payments
from app.payments.attempts import attempts_of
from app.payments.holds import capture_before_lapse
from app.payments.sandbox_cards import CARDS, Card
from tests.checkout.paying import asked_about
from tests.orders.purchase_shopping import CODES, PIECES, THINGS, WHO, Shopping
from tests.orders.purchasing import Made
from tests.payments.money_rules import RARELY, WHICH, MoneyRules, an_operator, not_done

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


class Paying(Shopping, MoneyRules):
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

    @rule(which=WHICH, card=st.sampled_from(CARDS), attempt=st.sampled_from((0, 0, 0, 1)), comes_back=st.booleans())
    def pay(self, which: int, card: Card, attempt: int, comes_back: bool) -> None:
        if order := self.order(which):
            self.do(payment_page(order.id))
            for one in self.run(attempts_of(order.id))[attempt : attempt + 1]:
                self.do(sandbox_payments.present(one.provider_reference or "", card))
            if comes_back:
                self.do(ask_about(order.id))

    @rule(is_due=st.booleans())
    def reconciled(self, is_due: bool) -> None:
        self.do(asked_about() if is_due else reconcile())

    @rule(really=RARELY)
    def authorisations_end(self, really: bool) -> None:
        if really:
            self.do(execute("UPDATE payment_attempt SET held_until = now() WHERE held_until IS NOT NULL"))
            self.do(capture_before_lapse())

    @rule(which=WHICH, really=RARELY)
    def a_refund_is_paid_another_way(self, which: int, really: bool) -> None:
        order = self.order(which)
        for request in self.run(not_done(order.id)) if order and really else []:
            if request["kind"] == "refund" and order:
                self.do(self._pay_another_way(order, request))

    async def _pay_another_way(self, order: Made, request: Any) -> None:
        await close(request["id"], await an_operator(), "done", "a transfer")
        if request["state"] != "failed":  # that has not left the provider anyway
            order.left_there_minor += request["amount_minor"]

    def some_order(self, which: int) -> int | None:
        order = self.order(which)
        return order.id if order else None

    def has_come_back(self, order: int, amount: int) -> None:
        next(each for each in self.orders if each.id == order).left_there_minor += amount
