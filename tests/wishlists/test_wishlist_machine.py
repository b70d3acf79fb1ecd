"""Whatever a shopper does with wishlists in two browsers, in any order: nothing is lost, or shown to others.

What each list should hold is kept beside it, in the words of the rules, and compared after every step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.accounts.owners import Owner
from app.cart.merging import merge as merge_cart
from app.infra.database import transaction
from app.web.visitors import hash_token
from app.wishlists import changing
from app.wishlists.changing import NotThere
from app.wishlists.contents import ListView, entries_of, lists_of, shared
from app.wishlists.merging import merge
from app.wishlists.tables import Visibility
from tests.machines import Shop, guest, opened, run
from tests.world import World

BROWSERS, GOODS, PLACES = st.sampled_from((0, 1)), st.integers(0, 3), st.integers(0, 5)
NOTES = st.sampled_from(("", "for Rita", "blue"))


@dataclass
class Kept:
    """A list: the goods on it in their order, each with its note."""

    name: str
    is_main: bool
    entries: dict[int, str] = field(default_factory=dict)
    place: int = 0  # the older list comes first, whoever began it


SHOP: Shop
OFFERS: list[int] = []


async def stock_up(world: World) -> None:
    OFFERS[:] = [(await world.product(f"Thing {n}")).offer for n in range(4)]


class Wishlists(RuleBasedStateMachine):
    @initialize()
    def arrive(self) -> None:
        self.visitors = [SHOP.visitor() for _ in (0, 1)]
        self.signed_in = [False, False]
        self.account = SHOP.run(SHOP.account())
        self.stranger = guest(SHOP.visitor())
        SHOP.run(changing.add(self.stranger, OFFERS[0]))
        self.lists: dict[Owner, list[Kept]] = {}
        self.begun = 0

    def hashed(self, browser: int) -> bytes:
        return hash_token(self.visitors[browser])

    def owner(self, browser: int) -> Owner:
        return Owner(self.account, None) if self.signed_in[browser] else guest(self.visitors[browser])

    def mine(self, owner: Owner) -> list[Kept]:
        """Whoever keeps something has a main list."""
        lists = self.lists.setdefault(owner, [])
        if not lists or not lists[0].is_main:  # only others came over at sign-in
            lists.insert(0, Kept("Wishlist", True))
        return lists

    def chosen(self, browser: int, place: int) -> tuple[Owner, ListView, Kept] | None:
        owner = self.owner(browser)
        found = SHOP.run(lists_of(owner))
        return (owner, found[place % len(found)], self.lists[owner][place % len(found)]) if found else None

    @rule(browser=BROWSERS, goods=GOODS)
    def heart(self, browser: int, goods: int) -> None:
        owner = self.owner(browser)
        saved = SHOP.run(changing.add(owner, OFFERS[goods]))
        entries = self.mine(owner)[0].entries
        assert saved.is_new == (goods not in entries)
        if saved.is_new:
            self.mine(owner)[0].entries = {goods: "", **entries}

    @rule(browser=BROWSERS, place=PLACES, goods=GOODS)
    def add_to_a_list(self, browser: int, place: int, goods: int) -> None:
        if chosen := self.chosen(browser, place):
            owner, view, kept = chosen
            SHOP.run(changing.add(owner, OFFERS[goods], view.id))
            kept.entries = kept.entries if goods in kept.entries else {goods: "", **kept.entries}

    @rule(browser=BROWSERS)
    def begin(self, browser: int) -> None:
        owner = self.owner(browser)
        if len(self.lists.get(owner, [])) < 5:
            SHOP.run(changing.begin(owner, "Another"))
            if not any(not each.is_main and not each.entries for each in self.mine(owner)):
                self.begun += 1
                self.mine(owner).append(Kept("Another", False, place=self.begun))

    @rule(browser=BROWSERS, place=PLACES)
    def discard(self, browser: int, place: int) -> None:
        if chosen := self.chosen(browser, place):
            owner, view, kept = chosen
            SHOP.run(changing.discard(owner, view.id))
            if kept.is_main:
                kept.entries = {}
            else:
                self.lists[owner].remove(kept)

    @rule(browser=BROWSERS, place=PLACES, at=PLACES, note=NOTES)
    def annotate(self, browser: int, place: int, at: int, note: str) -> None:
        if entry := self._entry(browser, place, at):
            owner, kept, entry_id, goods = entry
            SHOP.run(changing.annotate(owner, entry_id, note))
            kept.entries[goods] = note

    @rule(browser=BROWSERS, place=PLACES, at=PLACES)
    def remove_twice(self, browser: int, place: int, at: int) -> None:
        if entry := self._entry(browser, place, at):
            owner, kept, entry_id, goods = entry
            assert SHOP.run(changing.remove(owner, entry_id)) == f"Thing {goods}"
            assert SHOP.run(changing.remove(owner, entry_id)) is None
            del kept.entries[goods]

    @rule(browser=BROWSERS, place=PLACES, at=PLACES, up=st.booleans())
    def shift(self, browser: int, place: int, at: int, up: bool) -> None:
        if entry := self._entry(browser, place, at):
            owner, kept, entry_id, goods = entry
            SHOP.run(changing.shift(owner, entry_id, up=up))
            order = list(kept.entries)
            here, there = order.index(goods), order.index(goods) + (-1 if up else 1)
            if 0 <= there < len(order):
                order[here], order[there] = order[there], order[here]
                kept.entries = {each: kept.entries[each] for each in order}

    @rule(browser=BROWSERS, place=PLACES, at=PLACES, to=PLACES)
    def put_on_another(self, browser: int, place: int, at: int, to: int) -> None:
        entry, target = self._entry(browser, place, at), self.chosen(browser, to)
        if entry and target:
            owner, kept, entry_id, goods = entry
            _, view, there = target
            SHOP.run(changing.put_on(owner, entry_id, view.id))
            if there is not kept:
                _come(there, {goods: kept.entries.pop(goods)})

    @rule(browser=BROWSERS)
    def a_stale_or_strange_form_changes_nothing(self, browser: int) -> None:
        theirs = SHOP.run(entries_of(SHOP.run(lists_of(self.stranger))[0].id))[0].id
        assert SHOP.run(changing.remove(self.owner(browser), theirs)) is None
        with pytest.raises(NotThere):
            SHOP.run(changing.annotate(self.owner(browser), theirs, "mine now"))

    @rule(browser=BROWSERS, again=st.booleans(), late=st.booleans())
    def sign_in(self, browser: int, again: bool, late: bool) -> None:
        if self.signed_in[browser]:
            return
        guest, mine = self.owner(browser), Owner(self.account, None)
        for _ in range(2 if again else 1):
            SHOP.run(self._merge(browser))
        if guest in self.lists:
            main, *others = self.lists.pop(guest)
            if main.entries:
                _come(self.mine(mine)[0], main.entries)
            own = next((each for each in self.lists.get(mine, []) if not each.is_main), None)
            if own:  # all that are not main have one name
                for each in others:
                    _come(own, each.entries)
            elif others:
                # Lists of an account that has no main one yet stand in their order all the same.
                self.lists[mine] = sorted([*self.lists.get(mine, []), *others], key=lambda each: each.place)
        self.signed_in[browser] = True
        if late:  # a request that was under way arrives after it
            SHOP.run(changing.add(guest, OFFERS[3]))
            _come(self.mine(mine)[0], {3: ""})

    async def _merge(self, browser: int) -> None:
        async with transaction():
            await merge_cart(self.hashed(browser), self.account)
            await merge(self.hashed(browser), self.account)

    @rule(browser=BROWSERS)
    def sign_out(self, browser: int) -> None:
        if self.signed_in[browser]:
            self.signed_in[browser] = False
            self.visitors[browser] += "'"  # a fresh cookie

    def _entry(self, browser: int, place: int, at: int) -> tuple[Owner, Kept, int, int] | None:
        chosen = self.chosen(browser, place)
        if chosen is None or not chosen[2].entries:
            return None
        owner, view, kept = chosen
        entries = SHOP.run(entries_of(view.id))
        at %= len(entries)
        return owner, kept, entries[at].id, list(kept.entries)[at]

    @invariant()
    def every_list_is_what_the_rules_say(self) -> None:
        if not hasattr(self, "lists"):
            return
        for owner in {self.owner(0), self.owner(1), Owner(self.account, None)}:
            views = SHOP.run(lists_of(owner))
            kept = self.lists.get(owner, [])
            assert [(view.name, view.is_main) for view in views] == [(each.name, each.is_main) for each in kept]
            for view, each in zip(views, kept, strict=True):
                found = SHOP.run(entries_of(view.id))
                assert [(entry.name, entry.note) for entry in found] == [
                    (f"Thing {goods}", note) for goods, note in each.entries.items()
                ]
                assert view.visibility == Visibility.PRIVATE and SHOP.run(shared(view.token)) is None
        (theirs,) = SHOP.run(lists_of(self.stranger))
        assert [entry.note for entry in SHOP.run(entries_of(theirs.id))] == [""]


def _come(kept: Kept, entries: dict[int, str]) -> None:
    """To the end, in their order; of what is there only the note, beside the one that stands there."""
    for goods, note in entries.items():
        there = kept.entries.get(goods)
        if there is None or there == "":
            kept.entries[goods] = note
        elif note not in ("", there):
            kept.entries[goods] = f"{there} / {note}"[:300]


@pytest.fixture
def shop(environment: None) -> Iterator[None]:
    global SHOP
    with opened(stock_up) as SHOP:
        yield


def test_nothing_that_was_kept_is_lost_whatever_happens(shop: None) -> None:
    run(Wishlists)
