"""A market with something of everybody: orders, addresses, carts, wishlists, feeds and keys, each of somebody else."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.accounts.owners import Owner
from app.accounts.sessions import COOKIE as SESSION
from app.cart import aside
from app.cart.changing import add
from app.cart.sharing import share
from app.delivery import address_book, postcode_uploads
from app.delivery.addresses import PostalAddress
from app.delivery.postcode_table import Entry, Judge
from app.infra.database import execute, fetch, fetch_one
from app.orders.links import key_of
from app.orders.placing import Placed, place
from app.orders.return_asking import ask
from app.reviews.writing import Draft, write
from app.suppliers.mapping import remember, remembered
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import hash_token
from app.wishlists.changing import add as keep
from app.wishlists.changing import annotate, begin, change
from app.wishlists.contents import entries_of, lists_of
from app.wishlists.tables import Visibility
from tests.accounts.people import person, sign_in
from tests.checkout.paying import begun
from tests.events.burying import buried
from tests.notifications.events import written
from tests.orders.sending import arrived, line_ids, pay
from tests.orders.wanting import MARTA, wanted
from tests.reviews.buying import buyer, id_of
from tests.suppliers.line import as_csv, row, send
from tests.suppliers.programs import key_for
from tests.suppliers.sources import stated
from tests.world import Goods, World

# A reader has opened the guest's order by the link in its mail; a wrong reader has tried with the key of another order.
GUESTS = ("nobody", "guest", "other guest", "reader", "wrong reader")
ACCOUNTS = ("shopper", "other shopper", "supplier", "other supplier", "operator")
PEOPLE = GUESTS + ACCOUNTS

# Who -> the name in all that is theirs: where it shows to somebody else, something is wrong.
NAMES = {"guest": "Gustava", "shopper": "Sofia", "supplier": "Serafina", "stranger": "Estela"}
MAY_SEE = {
    "Gustava": {"guest", "reader", "operator"},
    "Sofia": {"shopper", "operator"},
    "Serafina": {"supplier", "operator"},
    "Estela": {"operator"},
}


@dataclass(frozen=True)
class Market:
    objects: dict[str, str]
    lamp: Goods
    accounts: dict[str, int]
    secrets: dict[str, set[str]] = field(default_factory=dict)  # what stands on no page of anybody but these


def mail_of(who: str) -> str:
    """None of them is in another."""
    return f"{'.'.join(reversed(who.split()))}@example.pt"


@pytest.fixture
async def market(world: World, client: Any) -> Market:
    lamp = await world.product(stock={"LIS": 50})
    mine, other = await world.supplier(), await world.supplier("Casa Pratas")
    accounts = {who: await person(mail_of(who), **kind) for who, kind in _accounts(mine, other)}
    for who, account in accounts.items():
        await execute("UPDATE account SET name = $2 WHERE id = $1", account, NAMES.get(who, "Ana"))
    guest, shopper = Owner(None, hash_token("guest")), Owner(accounts["shopper"], None)
    order = await _order(world, lamp, guest, "Gustava")
    shoppers = await _order(world, lamp, shopper, "Sofia")
    await begun(order.id)
    payment = await begun(order.id)
    assert payment.provider_reference
    mug = await world.product("Mug", category="mugs-and-cups/mugs")
    await buyer(world, mug, owner=guest)
    await write(guest, mug.product, Draft(5, "", "It holds coffee."))
    stranger = await buyer(world, mug, owner=Owner(None, hash_token("somebody")))
    await write(stranger, mug.product, Draft(5, "", "Cheaper at https://estela.example, says Estela"))
    objects = {
        "": "",
        "order of guest": order.number,
        "order of shopper": shoppers.number,
        "returned order": await _returned_order(world, lamp, guest),
        "returned order of shopper": await _returned_order(world, lamp, shopper),
        "payment": payment.provider_reference,
        "no payment": "sbx_nobody_has_this",
        "reviewed": mug.slug,
        "review": str(await id_of(guest, mug)),
        "waiting review": str(await id_of(stranger, mug)),
        "saved address": str(await _kept_address(accounts["shopper"])),
        "shelf": "new",
        "no shelf": "nothing",
        "feed": str(await send(mine, as_csv([row("A", title="Serafina's lamp")]))),
        "offer": str(lamp.offer),
        "product": str(lamp.product),
        "business": str(mine),
        "letter": str(await buried()),
        "mail": "1",
        "language": "en",
        "warehouse": "LIS",
        "category": str(world.categories["lighting"]),
        "zone": str(await one("SELECT code FROM zone ORDER BY id LIMIT 1")),
        "surcharge": "1",
        "level": "express",
        "upload": str(await _kept_upload(accounts["operator"])),
        "nothing": "999",
        "column": str(await _told(mine)),
        "source": str((await stated(mine, "https://serafina.example/lamps.csv")).id),
        **await _carts_and_lists(guest, lamp, mug),
    }
    await key_for(mine)
    objects["key"] = str(await one("SELECT id FROM api_key"))
    await written()
    secrets = {name: MAY_SEE[name] for name in NAMES.values()}
    for who, name in (("order of guest", "Gustava"), ("returned order", "Gustava"), ("order of shopper", "Sofia")):
        secrets[objects[who]] = MAY_SEE[name]
    secrets[objects["private wishlist"]] = {"guest"}
    return Market(objects, lamp, accounts, secrets)


async def _carts_and_lists(guest: Owner, lamp: Goods, mug: Goods) -> dict[str, str]:
    """Of the guest: a line in the cart, one set aside, and two wishlists, of which one is shared."""
    await add(guest, lamp.offer, 3)
    shared = await share(guest) or ""
    await add(guest, mug.offer, 1)
    await aside.save(guest, await one("SELECT id FROM cart_line WHERE offer = $1", mug.offer))
    await keep(guest, lamp.offer)
    await begin(guest, "Shared")
    private, open_to_all = await lists_of(guest)
    entry = (await entries_of(private.id))[0].id
    await annotate(guest, entry, "for Gustava")
    await change(guest, open_to_all.id, "Shared", Visibility.LINK)
    return {
        "line": str(await one("SELECT id FROM cart_line")),
        "line set aside": str(await one("SELECT id FROM aside_line")),
        "wishlist of guest": str(private.id),
        "entry": str(entry),
        "private wishlist": private.token,
        "shared wishlist": open_to_all.token,
        "shared cart": shared,
    }


async def _order(world: World, lamp: Goods, owner: Owner, name: str) -> Placed:
    to = replace(MARTA, email=f"{name}@elsewhere.example", name=name, line1=f"Rua da {name} 84", line2=name)
    return await place(replace(await wanted(world, lamp, owner=owner), address=to))


async def _returned_order(world: World, lamp: Goods, owner: Owner) -> str:
    """An order of which something is to be sent back."""
    order = await pay(await _order(world, lamp, owner, "Sofia" if owner.account else "Gustava"))
    await arrived(order)
    await ask(order.id, dict.fromkeys(await line_ids(order), 1), "broken", "")
    return order.number


async def _kept_upload(account: int) -> int:
    """A table of postcodes that an operator has sent."""
    judge = Judge({"lisboa": "PT"})
    judge.take(2, Entry("12", "Lisboa", "lisboa"))
    return await postcode_uploads.keep(account, "postcodes.csv", 1, judge)


async def _kept_address(account: int) -> int:
    """An address in the account's book."""
    return await address_book.add(account, PostalAddress("Sofia", "", "Rua da Sofia 1", "", "1200-109", "Lisboa"))


async def _told(supplier: int) -> int:
    """A column of the supplier's files that we were told the meaning of."""
    await remember(supplier, {"farbton": "colour"})
    return int((await remembered(supplier))[0]["id"])


async def one(question: str, *args: object) -> Any:
    found = await fetch_one(question, *args)
    assert found
    return found[0]


def _accounts(mine: int, other: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("shopper", {}),
        ("other shopper", {}),
        ("supplier", {"role": "supplier", "supplier": mine}),
        ("other supplier", {"role": "supplier", "supplier": other}),
        ("operator", {"role": "operator"}),
    ]


class People:
    """Browsers: who has signed in once stays so, until a request has ended that."""

    def __init__(self, client: Any, market: Market) -> None:
        self.client, self.market = client, market
        self.sessions: dict[str, str] = {}

    async def become(self, who: str) -> None:
        self.client.cookies.clear()
        if who in ("guest", "other guest"):
            self.client.cookies.set(VISITOR, who)
        elif who in ("reader", "wrong reader"):
            of = "order of guest" if who == "reader" else "order of shopper"
            key = key_of(self.market.objects["order of guest"] if who == "reader" else "F-2611-NOONE")
            await self.client.get(f"/orders/{self.market.objects[of]}?key={key}", follow_redirects=False)
        elif who != "nobody":
            await self._sign_in(who)

    async def _sign_in(self, who: str) -> None:
        if who in self.sessions and await fetch(
            "SELECT FROM session WHERE account = $1 AND token_hash = $2",
            self.market.accounts[who],
            hash_token(self.sessions[who]),
        ):
            self.client.cookies.set(SESSION, self.sessions[who])
            return
        assert (await sign_in(self.client, email=mail_of(who))).status_code == 303
        self.sessions[who] = self.client.cookies[SESSION]
