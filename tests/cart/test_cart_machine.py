"""Whatever a shopper does in two browsers and two tabs, in any order, while prices and stock move: no line is lost.

What the cart should hold is kept beside it, in the words of the rules, and compared after every step.
"""

from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.accounts.owners import Owner
from app.cart import aside
from app.cart.changing import NotForSale, add, seen, set_quantity
from app.cart.contents import COUNT, MOST_PER_LINE, Contents, load
from app.cart.merging import merge
from app.cart.notices import of_line
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.web.visitors import hash_token
from tests.machines import Shop, guest, opened, run
from tests.world import World

BROWSERS = st.sampled_from((0, 1))
GOODS = st.sampled_from((0, 1, 2))
PIECES = st.sampled_from((1, 2, 5, 60, 99, 1000, 10**18))
STOCKS = st.sampled_from((0, 1, 3, 80, 500))


SHOP: Shop
OFFERS: list[int] = []


async def stock_up(world: World) -> None:
    OFFERS[:] = [(await world.product(name, stock={"LIS": 80})).offer for name in ("Lamp", "Mug", "Throw")]


class Carts(RuleBasedStateMachine):
    @initialize()
    def arrive(self) -> None:
        self.visitors = [SHOP.visitor() for _ in (0, 1)]
        self.signed_in = [False, False]
        self.account = SHOP.run(SHOP.account())
        self.stranger = guest(SHOP.visitor())
        for offer in OFFERS:
            SHOP.run(_stock(offer, 80))
        SHOP.run(add(self.stranger, OFFERS[0], 2))
        # (owner, offer) -> pieces, in the cart and saved
        self.inside: dict[tuple[Owner, int], int] = {}
        self.saved: dict[tuple[Owner, int], int] = {}
        self.old: list[tuple[int, Owner]] = []  # ids of lines that were there once: forms of stale tabs

    def owner(self, browser: int) -> Owner:
        return Owner(self.account, None) if self.signed_in[browser] else guest(self.visitors[browser])

    def hashed(self, browser: int) -> bytes:
        return hash_token(self.visitors[browser])

    def cart(self, owner: Owner) -> Contents:
        found = SHOP.run(load(owner))
        self.old = [*self.old, *((line.id, owner) for line in found.lines)][-6:]
        return found

    @rule(browser=BROWSERS, goods=GOODS, pieces=PIECES)
    def put(self, browser: int, goods: int, pieces: int) -> None:
        owner, offer = self.owner(browser), OFFERS[goods]
        stock, held = SHOP.run(_left(offer)), self.inside.get((owner, offer), 0)
        try:
            change = SHOP.run(add(owner, offer, pieces))
        except NotForSale:
            assert stock == 0
            return
        self.inside[owner, offer] = max(held, min(held + pieces, stock, MOST_PER_LINE))
        assert change.quantity == self.inside[owner, offer]
        assert change.capped == (change.quantity < held + pieces), "a limit is said"

    @rule(browser=BROWSERS, pieces=PIECES)
    def set_first(self, browser: int, pieces: int) -> None:
        owner = self.owner(browser)
        for line in self.cart(owner).lines[:1]:
            change = SHOP.run(set_quantity(owner, line.id, pieces))
            assert (change is None) == (not line.available)
            if change:
                self.inside[owner, line.offer_id] = min(pieces, line.available, MOST_PER_LINE)
                assert change.quantity == self.inside[owner, line.offer_id]
                assert change.capped == (change.quantity < pieces)

    @rule(browser=BROWSERS, undone=st.booleans())
    def remove_first_twice(self, browser: int, undone: bool) -> None:
        owner = self.owner(browser)
        for line in self.cart(owner).lines[:1]:
            assert SHOP.run(aside.remove(owner, line.id)) == line.name
            assert SHOP.run(aside.remove(owner, line.id)) is None
            removed = self.cart(owner).removed
            assert removed and removed.offer_id == line.offer_id
            if undone:
                SHOP.run(aside.bring_back(owner, removed.id))
                assert SHOP.run(aside.bring_back(owner, removed.id)) is None
            else:
                del self.inside[owner, line.offer_id]

    @rule(browser=BROWSERS)
    def save_first(self, browser: int) -> None:
        owner = self.owner(browser)
        for line in self.cart(owner).lines[:1]:
            assert SHOP.run(aside.save(owner, line.id))
            assert SHOP.run(aside.save(owner, line.id)) is None
            moved = self.inside.pop((owner, line.offer_id))
            self.saved[owner, line.offer_id] = self.saved.get((owner, line.offer_id), 0) + moved

    @rule(browser=BROWSERS)
    def bring_back_first(self, browser: int) -> None:
        owner = self.owner(browser)
        for line in self.cart(owner).saved[:1]:
            held, stock = self.inside.get((owner, line.offer_id), 0), SHOP.run(_left(line.offer_id))
            try:
                change = SHOP.run(aside.bring_back(owner, line.id))
            except NotForSale:
                assert not stock
                continue
            wanted = held + self.saved.pop((owner, line.offer_id))
            self.inside[owner, line.offer_id] = max(held, min(wanted, stock, MOST_PER_LINE))
            assert change and change.capped == (self.inside[owner, line.offer_id] < wanted)

    @rule(browser=BROWSERS, pieces=PIECES)
    def a_stale_tab_sends_its_form(self, browser: int, pieces: int) -> None:
        """A line that is gone, or another's by now, is not changed; one that is still there is."""
        for line_id, _ in self.old[:1]:
            owner = self.owner(browser)
            here = [line for line in self.cart(owner).lines if line.id == line_id]
            change = SHOP.run(set_quantity(owner, line_id, pieces))
            if change:
                assert here
                self.inside[owner, here[0].offer_id] = change.quantity
            SHOP.run(seen(owner, line_id, 1, 1))

    @rule(browser=BROWSERS, again=st.booleans())
    def sign_in(self, browser: int, again: bool) -> None:
        if self.signed_in[browser]:
            return
        guest, mine = self.owner(browser), Owner(self.account, None)
        for _ in range(2 if again else 1):
            SHOP.run(merge(self.hashed(browser), self.account))
        over: dict[int, bool] = {}
        for side, most in ((self.inside, MOST_PER_LINE), (self.saved, 10**4)):
            for offer in OFFERS:
                brought = side.pop((guest, offer), 0)
                if brought:
                    wanted = side.get((mine, offer), 0) + brought
                    side[mine, offer] = min(most, wanted)
                    over[offer] = wanted > most or over.get(offer, False)
        for line in self.cart(mine).lines:
            if over.get(line.offer_id) and line.available:
                assert any("at most" in notice.text for notice in of_line(line, line.quantity, now()))
        self.signed_in[browser] = True
        if again:  # a request that was under way arrives after it
            self.late(browser)

    def late(self, browser: int) -> None:
        offer, mine = OFFERS[2], Owner(self.account, None)
        if SHOP.run(_left(offer)):
            SHOP.run(add(guest(self.visitors[browser]), offer, 1))
            self.inside[mine, offer] = min(MOST_PER_LINE, self.inside.get((mine, offer), 0) + 1)

    @rule(browser=BROWSERS)
    def sign_out(self, browser: int) -> None:
        if self.signed_in[browser]:
            self.signed_in[browser] = False
            self.visitors[browser] += "'"  # a fresh cookie

    @rule(goods=GOODS, stock=STOCKS)
    def stock_moves(self, goods: int, stock: int) -> None:
        SHOP.run(_stock(OFFERS[goods], stock))

    @rule(goods=GOODS, price=st.sampled_from((1, 4890, 99_999)))
    def price_moves(self, goods: int, price: int) -> None:
        SHOP.run(execute("UPDATE offer SET price_minor = $2 WHERE id = $1", OFFERS[goods], price))

    @invariant()
    def every_cart_is_what_the_rules_say(self) -> None:
        if not hasattr(self, "old"):
            return
        for owner in {self.owner(0), self.owner(1), Owner(self.account, None)}:
            found = self.cart(owner)
            inside = {line.offer_id: line.quantity for line in found.lines}
            assert inside == {offer: pieces for (whose, offer), pieces in self.inside.items() if whose == owner}
            assert all(1 <= pieces <= MOST_PER_LINE for pieces in inside.values())
            saved = {line.offer_id: line.quantity for line in found.saved}
            assert saved == {offer: pieces for (whose, offer), pieces in self.saved.items() if whose == owner}
            counted = SHOP.run(fetch_one(COUNT, owner.account, owner.visitor))
            assert counted and counted["pieces"] == sum(inside.values())
        assert [line.quantity for line in SHOP.run(load(self.stranger)).lines] == [2]


async def _stock(offer: int, pieces: int) -> None:
    await execute("UPDATE stock SET on_hand = $2 WHERE offer = $1", offer, pieces)


async def _left(offer: int) -> int:
    row = await fetch_one("SELECT on_hand - reserved AS pieces FROM stock WHERE offer = $1", offer)
    return int(row["pieces"]) if row else 0


@pytest.fixture
def shop(environment: None) -> Iterator[None]:
    global SHOP
    with opened(stock_up) as SHOP:
        yield


def test_no_line_is_lost_whatever_happens(shop: None) -> None:
    run(Carts)
