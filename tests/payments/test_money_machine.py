"""Whatever shoppers, providers and operators do, in any order, with every fault of the sandbox: money adds up."""

import contextlib
import os
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from app.checkout import auditing, webhooks
from app.checkout.balancing import balance
from app.checkout.by_hand import OUTCOMES, NotPossible, close
from app.checkout.paying import NotPayable, payment_page
from app.checkout.reconciling import ask_about
from app.checkout.settling import settle
from app.infra import clock
from app.infra import settings as shop_settings
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders.states import MoveRefused, move
from app.orders.tables import OrderState
from app.payments import sandbox_payments
from app.payments.attempts import Attempt, attempts_of
from app.payments.provider import BadSignature, Outcome, ProviderUnavailable, Verdict
from app.payments.sandbox_cards import CARDS
from app.payments.tables import AttemptState, RequestKind
from app.payments.wanted import MoneyRefused, capture, refund
from tests.checkout.paying import asked_about
from tests.machines import Shop, guest, opened, run
from tests.orders.wanting import pending
from tests.payments.money_rules import (
    EARLIER_EVENTS,
    RARELY,
    Answer,
    MoneyRules,
    an_operator,
    banks_decide,
    not_done,
    send_requests,
)
from tests.world import Goods, World

REFUSALS = (
    NotPayable,
    NotPossible,
    ProviderUnavailable,
    MoneyRefused,
    MoveRefused,
    webhooks.UnknownPayment,
    BadSignature,
)
AMOUNTS = st.sampled_from((1, 390, 1000, 2640, 5279, 5280, 6000))
KEYS = st.sampled_from(("a", "b", "c"))


SHOP: Shop
LAMP: Goods
OPERATOR: int


async def stock_up(world: World) -> None:
    global LAMP, OPERATOR
    LAMP = await world.product(stock={"LIS": 100_000})
    OPERATOR = await an_operator()


class Money(MoneyRules):
    @initialize(at_shipment=st.booleans(), takes_parts=st.booleans())
    def order(self, at_shipment: bool, takes_parts: bool) -> None:
        os.environ["PAYMENT_CAPTURE"] = "at_shipment" if at_shipment else "at_order"
        shop_settings.settings.cache_clear()
        self.takes_parts = takes_parts
        self.id = SHOP.run(pending(SHOP.world, LAMP, owner=guest(SHOP.visitor()))).id
        self.do(payment_page(self.id))

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return SHOP.run(work)

    def do(self, work: Coroutine[Any, Any, Any]) -> None:
        with contextlib.suppress(*REFUSALS):
            SHOP.run(work)

    def some_order(self, which: int) -> int:
        return self.id

    @rule(comes_back=st.booleans())
    def pay(self, comes_back: bool) -> None:
        """Most shoppers have a good card, and nothing goes wrong."""
        self.do(payment_page(self.id))
        for attempt in SHOP.run(attempts_of(self.id))[:1]:
            self.do(sandbox_payments.present(attempt.provider_reference or "", CARDS[0]))
        if comes_back:
            self.do(ask_about(self.id))

    @rule(amount=AMOUNTS, key=KEYS, shipped=st.booleans())
    def send_back(self, amount: int, key: str, shipped: bool) -> None:
        self.do(self._send_back(amount, f"{self.id} refund {key} {amount}", shipped))

    async def _send_back(self, amount: int, key: str, shipped: bool) -> None:
        """Of an order of which nothing is left nothing is sent: it is cancelled."""
        async with transaction():
            await refund(self.id, amount, key, "wished", shipped=shipped)
            if not await fetch(
                """SELECT FROM payment_attempt WHERE "order" = $1 AND state IN ('authorised', 'succeeded')
                     AND authorised_minor > released_minor + returned_minor""",
                self.id,
            ):
                with contextlib.suppress(MoveRefused):
                    await move(self.id, OrderState.CANCELLED, "shopper")

    @rule(amount=AMOUNTS, key=KEYS)
    def parcel_leaves(self, amount: int, key: str) -> None:
        if not self.takes_parts:
            self.do(execute("UPDATE payment_attempt SET takes_parts = false"))
        self.do(capture(self.id, amount, f"{self.id} capture {key} {amount}"))

    @rule(really=RARELY)
    def is_cancelled(self, really: bool) -> None:
        if really:
            self.do(move(self.id, OrderState.CANCELLED, "shopper"))

    @rule(really=RARELY)
    def a_bank_lets_go_of_what_it_holds(self, really: bool) -> None:
        for attempt in SHOP.run(attempts_of(self.id)):
            if really and attempt.state == AttemptState.AUTHORISED:
                self.do(self._let_go(attempt))

    async def _let_go(self, attempt: Attempt) -> None:
        reference = attempt.provider_reference or ""
        await execute(
            "UPDATE sandbox_payment SET released_minor = amount_minor - captured_minor WHERE reference = $1", reference
        )
        await settle(attempt.id, Outcome(Verdict.FAILED, reference, failure="let go"))

    @rule(which=st.integers(0, 3), is_last=st.booleans())
    def somebody_closes_by_hand(self, which: int, is_last: bool) -> None:
        """What is neither done nor, as they see there, done at the provider."""
        self.do(execute("UPDATE parcel SET state = 'shipped'"))  # money is given up for goods that have left alone
        for request in self.run(not_done(self.id))[which : which + 1]:
            outcome = OUTCOMES[RequestKind(request["kind"])][-is_last]
            self.do(close(request["id"], OPERATOR, outcome, "as agreed"))

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "id"):
            assert SHOP.run(_broken()) == []

    def teardown(self) -> None:
        """When faults are over and everybody has been asked, our books and the provider's agree."""
        if hasattr(self, "id"):
            SHOP.run(self._settle_down())

    async def _settle_down(self) -> None:
        await execute("DELETE FROM sandbox_fault")
        await banks_decide()
        await asked_about()
        for _ in range(3):
            await send_requests()
        found = await balance("sandbox", clock.now() - timedelta(days=30))
        assert [each for each in found.mismatches if not each.is_mended] == []
        for _ in range(2):
            await send_requests()
        assert await fetch("SELECT FROM money_request WHERE state IN ('asked', 'sent')") == []
        await execute(EARLIER_EVENTS)
        assert await auditing.broken() == []
        sums = await fetch_one(
            """SELECT (SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entry
                       WHERE kind NOT IN ('authorisation', 'release')) AS ours,
                      (SELECT coalesce(sum(captured_minor - refunded_minor), 0)::bigint
                       FROM sandbox_payment) AS theirs,
                      (SELECT coalesce(sum(r.amount_minor), 0)::bigint FROM money_note n
                       JOIN money_request r ON r.id = n.request
                       WHERE r.kind = 'refund' AND r.state = 'done') AS paid_another_way"""
        )
        assert sums and sums["ours"] == sums["theirs"] - sums["paid_another_way"]


async def _broken() -> list[Any]:
    """An unpaid order whose hold was ended a moment ago, and fresh events, are nothing wrong."""
    late = ("an order is expired a minute after its hold", "the outbox is drained within a minute")
    return [each for each in await auditing.broken() if each.rule not in late]


@pytest.fixture
def shop(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    global SHOP
    monkeypatch.setenv("PAYMENT_CAPTURE", "at_order")
    with opened(stock_up) as SHOP:
        yield
    monkeypatch.undo()
    shop_settings.settings.cache_clear()


@pytest.mark.usefixtures("shop")
def test_money_adds_up_whatever_happens() -> None:
    run(Money)
