"""Whatever shoppers, providers and operators do, in any order, with every fault of the sandbox: money adds up."""

import contextlib
import os
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.checkout import auditing, webhooks
from app.checkout.balancing import balance
from app.checkout.by_hand import OUTCOMES, NotPossible, close
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import NotPayable, payment_page
from app.checkout.reconciling import ask_about
from app.checkout.settling import settle
from app.infra import clock
from app.infra import settings as shop_settings
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders.states import MoveRefused, move
from app.orders.tables import OrderState
from app.payments import sandbox_faults, sandbox_payments
from app.payments.attempts import Attempt, attempts_of
from app.payments.provider import BadSignature, Outcome, ProviderUnavailable, Verdict
from app.payments.requests import requests_of
from app.payments.sandbox_cards import CARDS
from app.payments.tables import AttemptState, RequestKind
from app.payments.wanted import MoneyRefused, capture, refund
from tests.accounts.people import person
from tests.checkout.paying import asked_about, some_webhook
from tests.machines import Shop, guest, opened, run
from tests.orders.wanting import hold_ended, pending
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
EARLIER_EVENTS = "UPDATE outbox SET relayed_at = now() WHERE relayed_at IS NULL"
AMOUNTS = st.sampled_from((1, 390, 1000, 2640, 5279, 5280, 6000))
RARELY = st.sampled_from((False, False, False, False, True))
KEYS = st.sampled_from(("a", "b", "c"))


SHOP: Shop
LAMP: Goods
OPERATOR: int


async def stock_up(world: World) -> None:
    global LAMP, OPERATOR
    LAMP = await world.product(stock={"LIS": 100_000})
    OPERATOR = await person(role="operator")


class Money(RuleBasedStateMachine):
    @initialize(at_shipment=st.booleans(), takes_parts=st.booleans())
    def order(self, at_shipment: bool, takes_parts: bool) -> None:
        os.environ["PAYMENT_CAPTURE"] = "at_shipment" if at_shipment else "at_order"
        shop_settings.settings.cache_clear()
        self.takes_parts = takes_parts
        self.id = SHOP.run(pending(SHOP.world, LAMP, owner=guest(SHOP.visitor()))).id
        self.do(payment_page(self.id))

    def do(self, work: Coroutine[Any, Any, Any]) -> None:
        """What is refused, or not answered, is part of life."""
        with contextlib.suppress(*REFUSALS):
            SHOP.run(work)

    @rule()
    def go_to_pay(self) -> None:
        self.do(payment_page(self.id))

    @rule(comes_back=st.booleans())
    def pay(self, comes_back: bool) -> None:
        """Most shoppers have a good card, and nothing goes wrong."""
        self.do(payment_page(self.id))
        for attempt in SHOP.run(attempts_of(self.id))[:1]:
            self.do(sandbox_payments.present(attempt.provider_reference or "", CARDS[0]))
        if comes_back:
            self.do(ask_about(self.id))

    @rule(card=st.sampled_from(CARDS), which=st.integers(0, 2))
    def present(self, card: Any, which: int) -> None:
        for attempt in SHOP.run(attempts_of(self.id))[which : which + 1]:
            self.do(sandbox_payments.present(attempt.provider_reference or "", card))

    @rule(approved=st.booleans())
    def answer_challenge(self, approved: bool) -> None:
        for attempt in SHOP.run(attempts_of(self.id)):
            self.do(sandbox_payments.answer_challenge(attempt.provider_reference or "", approved=approved))

    @rule()
    def banks_have_decided(self) -> None:
        self.do(execute("UPDATE sandbox_payment SET ready_at = now() - interval '1 second' WHERE ready_at IS NOT NULL"))
        self.do(sandbox_payments.decide_slow())

    @rule(which=st.integers(0, 5), is_forged=st.booleans())
    def webhook(self, which: int, is_forged: bool) -> None:
        """Any of the messages so far, in any order, as often as you like."""
        self.do(some_webhook(which, is_forged))

    @rule()
    def come_back(self) -> None:
        self.do(ask_about(self.id))

    @rule(really=RARELY)
    def hold_ends(self, really: bool) -> None:
        if really:
            self.do(hold_ended(self.id))
            self.do(expire_unpaid())

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

    @rule()
    def requests_are_sent(self) -> None:
        self.do(self._carry_out())

    async def _carry_out(self) -> None:
        await execute("UPDATE money_request SET next_at = now(), given_up_at = NULL WHERE state IN ('asked', 'sent')")
        await carry_out()

    @rule()
    def a_refund_comes_back_from_the_bank(self) -> None:
        for request in SHOP.run(requests_of(self.id)):
            if request.kind == "refund" and request.state == "done":
                self.do(self._come_back_from_the_bank(request.id, request.key, request.amount_minor))
                return

    async def _come_back_from_the_bank(self, request: int, key: str, amount: int) -> None:
        """At the provider, too: it has the money again."""
        await execute(
            """UPDATE sandbox_payment p SET refunded_minor = refunded_minor - $2 FROM sandbox_movement m
               WHERE m.payment = p.id AND m.key = $1""",
            key,
            amount,
        )
        await execute("UPDATE sandbox_movement SET kind = 'returned' WHERE key = $1", key)
        await settle_request(request, Outcome(Verdict.FAILED, "", failure="account closed"))

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
        for request, kind in SHOP.run(self._not_done())[which : which + 1]:
            self.do(close(request, OPERATOR, OUTCOMES[kind][-is_last], "as agreed"))

    async def _not_done(self) -> list[tuple[int, RequestKind]]:
        await execute("UPDATE parcel SET state = 'shipped'")  # money is given up for goods that have left alone
        rows = await fetch(
            """UPDATE money_request r SET given_up_at = now() WHERE "order" = $1 AND state <> 'done'
                 AND NOT EXISTS (SELECT FROM sandbox_movement m WHERE m.key = r.key) RETURNING id, kind""",
            self.id,
        )
        return sorted((row["id"], RequestKind(row["kind"])) for row in rows)

    @rule(fault=st.sampled_from(sorted(sandbox_faults.NAMES)), on=RARELY)
    def fault(self, fault: str, on: bool) -> None:
        self.do(sandbox_faults.switch(fault, 50 if on else 0))

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
        await execute("UPDATE sandbox_payment SET ready_at = now() - interval '1 second' WHERE ready_at IS NOT NULL")
        await sandbox_payments.decide_slow()
        await asked_about()
        for _ in range(3):
            await self._carry_out()
        found = await balance("sandbox", clock.now() - timedelta(days=30))
        assert [each for each in found.mismatches if not each.is_mended] == []
        for _ in range(2):
            await self._carry_out()
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
