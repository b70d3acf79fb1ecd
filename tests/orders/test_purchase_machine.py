"""Whatever shoppers, banks, suppliers and operators do: nothing is sold twice, and nobody pays another price."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.checkout import auditing
from app.checkout.balancing import balance
from app.checkout.expiring import expire_unpaid
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.orders import packing, return_asking, return_closing, returns, shipping
from app.orders.cancelling import cancel, cancel_packed
from tests.checkout.paying import asked_about
from tests.machines import opened, run
from tests.orders import purchasing as market
from tests.orders.purchase_paying import Paying
from tests.orders.purchase_shopping import Shopping, fill
from tests.orders.purchasing import Made
from tests.orders.wanting import hold_ended
from tests.payments.money_rules import EARLIER_EVENTS, WHICH, banks_decide, send_requests

OPERATOR = "operator 1"
FATES = st.sampled_from((("approve",), ("refuse",), ("receive",), ("write off",), ("close",), ("approve", "receive")))


class Purchases(Paying):
    @rule(which=WHICH, line=st.sampled_from((None, 0, 1)))
    def is_cancelled(self, which: int, line: int | None) -> None:
        if order := self.order(which):
            lines = self.run(market.lines_of([order.id]))
            self.do(cancel(order.id, None if line is None else [each["id"] for each in lines][line:][:1], "shopper"))

    @rule(which=WHICH, parcels=st.sampled_from(((1,), (2,), (1, 2, 3), (1, 2, 3))), steps=st.sampled_from((1, 2, 3, 3)))
    def parcels_go(self, which: int, parcels: tuple[int, ...], steps: int) -> None:
        if order := self.order(which):
            for parcel in [each for each in parcels if each <= len(order.tab.review.parcels)]:
                for verb in (packing.pack, shipping.ship, _deliver)[:steps]:
                    self.do(verb(order.id, parcel, OPERATOR))

    @rule(which=WHICH, parcel=st.integers(1, 2))
    def what_is_packed_is_cancelled(self, which: int, parcel: int) -> None:
        order = self.order(which)
        if order and parcel <= len(order.tab.review.parcels):
            self.do(cancel_packed(order.id, parcel, OPERATOR))

    @rule(which=WHICH, pieces=st.sampled_from((1, 1, 2, 99)), lines=st.integers(1, 2))
    def something_is_to_go_back(self, which: int, pieces: int, lines: int) -> None:
        if order := self.order(which):
            wanted = {
                each["id"]: min(pieces, each["quantity"]) for each in self.run(market.lines_of([order.id]))[:lines]
            }
            self.do(return_asking.ask(order.id, wanted, "broken", ""))

    @rule(which=WHICH, number=st.integers(1, 2), fates=FATES)
    def a_return_is_decided(self, which: int, number: int, fates: tuple[str, ...]) -> None:
        order = self.order(which)
        if order and self.run(fetch('SELECT FROM order_return WHERE "order" = $1 AND number = $2', order.id, number)):
            for fate in fates:
                self.do(self._decide(order, number, fate))

    async def _decide(self, order: Made, number: int, fate: str) -> None:
        if fate == "refuse":
            return await returns.refuse(order.id, number, OPERATOR, "It was worn")
        if fate == "close":
            return await return_closing.close(order.id, number, OPERATOR, "It does not come")
        if fate == "approve":
            return await returns.approve(order.id, number, OPERATOR)
        rows = await fetch(
            """SELECT l.line, l.pieces FROM return_line l JOIN order_return r ON r.id = l."return"
               WHERE r."order" = $1 AND r.number = $2""",
            order.id,
            number,
        )
        sold_again = {row["line"]: row["pieces"] for row in rows if fate == "receive"}
        await returns.receive(order.id, number, OPERATOR, sold_again)
        for line in await market.lines_of([order.id]):
            order.restocked[line["offer"], line["house"]] += sold_again.get(line["id"], 0)

    @invariant()
    def stock_is_what_orders_say(self) -> None:
        if not hasattr(self, "age"):
            return
        stands = self.run(market.standing(self.orders))
        gone, held = market.gone_and_held(self.orders, stands)
        expected = {place: (pieces - gone[place], held[place]) for place, pieces in self.stock.items()}
        assert self.run(market.stock()) == expected
        self.no_code_is_used_too_often(stands)

    def no_code_is_used_too_often(self, stands: dict[int, market.Standing]) -> None:
        used = Counter(now.code for now in stands.values() if now.code and now.uses_its_code)
        assert used[self.codes[0]] <= 1
        mine = Counter(
            order.tab.review.answers.address.email
            for order in self.orders
            if order.tab.review.answers.address
            and stands[order.id].code == self.codes[1]
            and stands[order.id].uses_its_code
        )
        assert max(mine.values(), default=0) <= 1

    def teardown(self) -> None:
        """When faults are over and everybody has been asked, stock, orders and money are at rest, and add up."""
        if hasattr(self, "age"):
            self.run(self._settle_down())
            Shopping.is_clean = True

    async def _settle_down(self) -> None:
        await execute("DELETE FROM sandbox_fault")
        await banks_decide()
        for order in self.orders:
            await hold_ended(order.id)
        await expire_unpaid()
        await asked_about()
        for _ in range(3):
            await send_requests()
        found = await balance("sandbox", now() - timedelta(days=30))
        assert [each for each in found.mismatches if not each.is_mended] == []
        for _ in range(2):
            await send_requests()
        await execute(EARLIER_EVENTS)
        assert await auditing.broken() == []
        stands = await market.standing(self.orders)
        assert all(reserved == 0 for _, reserved in (await market.stock()).values())
        assert not any(each.state == "pending" for each in stands.values())
        for order in self.orders:
            await market.check_money(order, stands[order.id])


async def _deliver(order: int, parcel: int, actor: str) -> None:
    await shipping.deliver(order, parcel, actor, now())


@pytest.fixture
def shop(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PAYMENT_CAPTURE", "at_order")
    with opened(fill) as Shopping.shop:
        yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("shop")
def test_nothing_is_sold_twice_and_nobody_pays_another_price_whatever_happens() -> None:
    run(Purchases, examples=20, steps=30)
