"""What the machines of money and of purchases share: shoppers at the bank, and a provider that tells or does not."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import payment_page
from app.checkout.reconciling import ask_about
from app.infra.database import execute, fetch, fetch_one
from app.payments import sandbox_faults, sandbox_payments
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import Request, requests_of
from app.payments.sandbox_cards import CARDS, Card
from tests.accounts.people import person
from tests.checkout.paying import some_webhook
from tests.orders.wanting import hold_ended

Answer = TypeVar("Answer")
WHICH, RARELY = st.integers(0, 5), st.sampled_from((False, False, False, True))
EARLIER_EVENTS = "UPDATE outbox SET relayed_at = now() WHERE relayed_at IS NULL"


class MoneyRules(RuleBasedStateMachine):
    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        raise NotImplementedError

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """The same; what is refused, or not answered, is part of life."""
        raise NotImplementedError

    def some_order(self, which: int) -> int | None:
        """One of the orders that there are."""
        raise NotImplementedError

    def has_come_back(self, order: int, amount: int) -> None:
        """So much of a refund is at the provider again."""

    @rule(which=WHICH)
    def go_to_pay(self, which: int) -> None:
        if order := self.some_order(which):
            self.do(payment_page(order))

    @rule(which=WHICH, card=st.sampled_from((CARDS[0], *CARDS)), attempt=st.integers(0, 2))
    def present(self, which: int, card: Card, attempt: int) -> None:
        if order := self.some_order(which):
            for one in self.run(attempts_of(order))[attempt : attempt + 1]:
                self.do(sandbox_payments.present(one.provider_reference or "", card))

    @rule(which=WHICH, approved=st.booleans())
    def answer_challenge(self, which: int, approved: bool) -> None:
        if order := self.some_order(which):
            for attempt in self.run(attempts_of(order)):
                self.do(sandbox_payments.answer_challenge(attempt.provider_reference or "", approved=approved))

    @rule()
    def banks_have_decided(self) -> None:
        self.do(banks_decide())

    @rule(which=st.integers(0, 7), is_forged=RARELY)
    def webhook(self, which: int, is_forged: bool) -> None:
        """Any of the messages so far, in any order, as often as you like, or never."""
        self.do(some_webhook(which, is_forged))

    @rule(which=WHICH)
    def come_back(self, which: int) -> None:
        if order := self.some_order(which):
            self.do(ask_about(order))

    @rule(which=WHICH, really=RARELY, swept=st.booleans())
    def hold_ends(self, which: int, really: bool, swept: bool) -> None:
        order = self.some_order(which)
        if order and really:
            self.do(hold_ended(order))
            if swept:
                self.sweep()

    @rule()
    def sweep(self) -> None:
        self.do(expire_unpaid())

    @rule()
    def requests_are_sent(self) -> None:
        self.do(send_requests())

    @rule(which=WHICH, really=RARELY)
    def a_refund_comes_back_from_the_bank(self, which: int, really: bool) -> None:
        order = self.some_order(which)
        for request in self.run(requests_of(order)) if order and really else []:
            if request.kind == "refund" and request.state == "done":
                self.do(self._come_back(request))
                return

    async def _come_back(self, request: Request) -> None:
        """At the provider, too: it has the money again. What was paid another way was never away."""
        payment = await fetch_one(
            "UPDATE sandbox_movement SET kind = 'returned' WHERE key = $1 AND kind = 'refund' RETURNING payment",
            request.key,
        )
        if payment:
            await execute(
                "UPDATE sandbox_payment SET refunded_minor = refunded_minor - $2 WHERE id = $1",
                payment["payment"],
                request.amount_minor,
            )
            self.has_come_back(request.order, request.amount_minor)
        await settle_request(request.id, Outcome(Verdict.FAILED, "", failure="account closed"))

    @rule(fault=st.sampled_from(sorted(sandbox_faults.NAMES)), on=RARELY)
    def fault(self, fault: str, on: bool) -> None:
        self.do(sandbox_faults.switch(fault, 50 if on else 0))


async def banks_decide() -> None:
    """About slow cards."""
    await execute("UPDATE sandbox_payment SET ready_at = now() - interval '1 second' WHERE ready_at IS NOT NULL")
    await sandbox_payments.decide_slow()


async def send_requests() -> None:
    await execute("UPDATE money_request SET next_at = now(), given_up_at = NULL WHERE state IN ('asked', 'sent')")
    await carry_out()


async def not_done(order: int) -> list[Any]:
    """Requests that wait for a person now, and of which that person sees that nothing was done at the provider."""
    return await fetch(
        """UPDATE money_request r SET given_up_at = now() WHERE "order" = $1 AND state <> 'done'
             AND NOT EXISTS (SELECT FROM sandbox_movement m WHERE m.key = r.key)
           RETURNING id, kind, state, amount_minor""",
        order,
    )


async def an_operator() -> int:
    found = await fetch_one("SELECT id FROM account WHERE role = 'operator'")
    return int(found["id"]) if found else await person("operator@example.pt", role="operator")
