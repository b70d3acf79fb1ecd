"""The part of the machine of purchases in which shoppers fill carts and confirm orders, alone and all at once."""

import asyncio
import contextlib
import os
from collections.abc import Coroutine
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from app.accounts.owners import Owner
from app.cart import aside
from app.cart.changing import NotForSale, add, set_quantity
from app.cart.contents import load
from app.cart.merging import merge
from app.checkout.answers import answer_address, answer_delivery, answer_discount, answers_of
from app.checkout.by_hand import NotPossible
from app.checkout.confirming import NotAsShown, confirm
from app.checkout.differences import differences
from app.checkout.paying import NotPayable
from app.checkout.review import encode_shown, review_of, shopper_of
from app.checkout.webhooks import UnknownPayment
from app.discounts.giving import NotGiven, look
from app.infra.database import execute
from app.infra.settings import settings
from app.orders.cancelling import CannotCancel
from app.orders.parcels import ParcelNotReady
from app.orders.placing import KeyReused, Placed
from app.orders.return_asking import CannotReturn
from app.orders.states import MoveRefused
from app.payments.provider import BadSignature, ProviderUnavailable
from tests.machines import Shop, guest
from tests.orders import purchasing as market
from tests.orders.purchasing import HOUSES, Made, Tab, Thing
from tests.payments.money_rules import RARELY, WHICH, Answer
from tests.world import World

REFUSALS = (
    NotPayable,
    NotPossible,
    ProviderUnavailable,
    MoveRefused,
    CannotCancel,
    ParcelNotReady,
    CannotReturn,
    UnknownPayment,
    BadSignature,
    NotForSale,
)
WHO, THINGS = st.integers(0, 2), st.integers(0, 3)
PIECES = st.sampled_from((1, 1, 1, 2, 3, 99))
CODES = st.sampled_from((None, None, 0, 1, 2))


async def _together(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


async def fill(world: World) -> None:
    Shopping.goods = await market.market(world)


class Shopping(RuleBasedStateMachine):
    """Carts and checkouts: a guest, another one whose account is known, and the account.

    No rule has a precondition: who was first of two at once may differ when Hypothesis goes the same way again.
    """

    shop: ClassVar[Shop]
    goods: ClassVar[list[Thing]]
    examples = 0
    is_clean = True  # the example before came to its end

    def begin(self, at_shipment: bool) -> None:
        os.environ["PAYMENT_CAPTURE"] = "at_shipment" if at_shipment else "at_order"
        settings.cache_clear()
        Shopping.examples += 1
        if not self.is_clean or self.examples % 50 == 0:
            self.run(self.shop.begin_anew())
        Shopping.is_clean = False
        self.codes = self.run(market.codes(self.examples))
        self.run(execute("UPDATE stock SET told = NULL"))  # nothing was counted before
        for thing in self.goods:
            self.run(market.feed(thing, thing.stock, thing.price_minor))
        self.cookies = [self.shop.visitor(), self.shop.visitor()]
        self.account = self.run(self.shop.account())
        self.people = [*map(guest, self.cookies), Owner(self.account, None)]
        self.mails = [f"{name}{self.examples}@example.pt" for name in ("a", "b", "b")]
        self.tabs: list[list[Tab]] = [[], [], []]
        self.orders: list[Made] = []
        self.placed: dict[Any, tuple[int, Any]] = {}  # key -> order, and the form that placed it
        self.stock = {place: on_hand for place, (on_hand, _) in self.run(market.stock()).items()}
        self.told = {(thing.offer, house): pieces for thing in self.goods for house, pieces in thing.stock.items()}
        self.age = 0

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.shop.run(work)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        self.age += 1
        with contextlib.suppress(*REFUSALS):
            return self.run(work)

    def order(self, which: int) -> Made | None:
        """The last one, or one of those before."""
        return self.orders[-1 - which % len(self.orders)] if self.orders else None

    # Carts

    @rule(who=WHO, thing=THINGS, pieces=PIECES)
    def put(self, who: int, thing: int, pieces: int) -> None:
        self.do(add(self.people[who], self.goods[thing].offer, pieces))

    @rule(who=WHO, what=st.sampled_from(("change", "remove", "undo", "save", "bring back")), pieces=PIECES)
    def change_cart(self, who: int, what: str, pieces: int) -> None:
        owner = self.people[who]
        found = self.run(load(owner))
        for line in found.lines[:1]:
            if what == "change":
                self.do(set_quantity(owner, line.id, pieces))
            elif what in ("remove", "save"):
                self.do(aside.remove(owner, line.id) if what == "remove" else aside.save(owner, line.id))
        for kept in [found.removed] if what == "undo" else found.saved[:1] if what == "bring back" else []:
            if kept:
                self.do(aside.bring_back(owner, kept.id))

    @rule(who=st.integers(0, 1), really=RARELY)
    def sign_in(self, who: int, really: bool) -> None:
        """The cart, and a checkout that has begun, go on in the account; pages that are open stay open."""
        if really and self.people[who].account is None:
            self.do(merge(self.people[who].visitor or b"", self.account))
            self.people[who] = self.people[2]

    # Checkout

    @rule(who=WHO, in_porto=st.booleans(), sooner=st.booleans(), code=CODES)
    def answer(self, who: int, in_porto: bool, sooner: bool, code: int | None) -> None:
        """The steps up to the payment; what is not answered anew stays."""
        self.do(self._answer(who, in_porto, sooner, code))
        self.look_at_payment(who)

    async def _answer(self, who: int, in_porto: bool, sooner: bool, code: int | None) -> None:
        owner = self.people[who]
        if (answers := await answers_of(owner)) is None:
            return
        await answer_address(answers.cart, market.address(self.mails[who], in_porto=in_porto))
        if (review := await review_of(owner)) is None:
            return
        levels = {parcel.key: parcel.options[-1 if sooner else 0].level for parcel in review.parcels}
        await answer_delivery(answers.cart, levels)
        if code is not None:
            with contextlib.suppress(NotGiven):
                found = await look(self.codes[code], shopper_of(owner, review.answers), review.items_minor)
                await answer_discount(answers.cart, found.code)

    @rule(who=WHO)
    def look_at_payment(self, who: int) -> None:
        review = self.run(review_of(self.people[who]))
        if review and review.step == "payment":
            self.tabs[who] = [*self.tabs[who], Tab(self.people[who], review, self.age)][-3:]

    @rule(who=WHO, which=WHICH, clicks=st.integers(1, 2))
    def confirm(self, who: int, which: int, clicks: int) -> None:
        if self.tabs[who]:
            self._confirm([self.tabs[who][-1 - which % len(self.tabs[who])]] * clicks)

    @rule()
    def all_confirm_at_once(self) -> None:
        self._confirm([tabs[-1] for tabs in self.tabs if tabs])

    def _confirm(self, tabs: list[Tab]) -> None:
        was, before = self.age, set(self.placed)
        answers = self.do(_together(*(confirm(tab.owner, tab.key, *tab.form[1:]) for tab in tabs))) or []
        for tab, answer in zip(tabs, answers, strict=True):
            if isinstance(answer, Placed) and tab.key not in self.placed:
                self.placed[tab.key] = (answer.id, tab.form)
                self.orders.append(Made(answer.id, tab))
                self.run(market.check_price(self.orders[-1]))
        for tab, answer in zip(tabs, answers, strict=True):  # any of them may have been the first of its key
            known, form = self.placed.get(tab.key, (0, tab.form))
            if known and form == tab.form:
                assert isinstance(answer, Placed) and answer.id == known, "the same form again is the same order"
            elif tab.key in before:
                assert isinstance(answer, KeyReused), answer
            elif known:  # placed in this moment by another form: who asked before that is told so
                assert isinstance(answer, KeyReused | NotAsShown), answer
            else:
                assert isinstance(answer, NotAsShown), answer
                assert tab.age != was or len(tabs) > 1, "what has not changed can be ordered"
                self._is_asked_again(tab)

    def _is_asked_again(self, tab: Tab) -> None:
        review = self.run(review_of(tab.owner))
        if (
            review
            and review.step == "payment"
            and encode_shown(review.shown) != tab.shown
            and review.answers.key == tab.key
        ):
            told = self.run(differences(tab.shown, review))
            assert told or review.shown.address != tab.review.shown.address, "the difference is said"

    @rule(who=WHO, forged=st.sampled_from((-1, 1, 10**20)))
    def forge(self, who: int, forged: int) -> None:
        """Another total than was shown, in the form."""
        for tab in self.tabs[who][-1:]:
            owner, total, shown = tab.form
            (answer,) = self.do(_together(confirm(owner, tab.key, total + forged, shown)))
            assert isinstance(answer, (NotAsShown, KeyReused)), answer

    @rule(thing=THINGS, house=st.sampled_from(HOUSES), pieces=st.integers(0, 5), price=st.sampled_from((0, 0, 1, -7)))
    def a_feed_comes(self, thing: int, house: str, pieces: int, price: int) -> None:
        """It names one warehouse; in the others there is nothing any more but what is held."""
        one = self.goods[thing]
        self.do(market.feed(one, {house: pieces}, one.price_minor + price))
        gone, held = market.gone_and_held(self.orders, self.run(market.standing(self.orders)))
        for place in {place for place in self.stock if place[0] == one.offer}:
            count = pieces if place[1] == house else 0
            if place[1] == house and self.told.get(place) == count:
                continue  # the same again is no news, and brings nothing back that was sold
            self.told[place] = count if place[1] == house else -1
            self.stock[place] = max(count, held[place]) + gone[place]
        for place in {(one.offer, house)} - self.stock.keys():  # it has never been there
            self.told[place], self.stock[place] = pieces, pieces
