"""Invoices and credit notes are made of what was kept when they were issued, and never change."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from app.accounts.owners import Owner
from app.infra.database import execute, fetch, fetch_one
from app.orders import numbering
from app.orders.cancelling import cancel
from app.orders.documents import Facts, Item, Party, decode
from app.orders.pdf import pdf_of
from app.web.visitors import hash_token
from tests.orders.sending import line_ids, paid
from tests.orders.wanting import pending
from tests.world import World

MINE = Owner(None, hash_token("mine"))


def facts(*names: str, reason: str = "") -> Facts:
    items = tuple(Item(name, "Três Irmãs", 2, 4890, 9780, 1829, "23", "F000001") for name in names)
    total = 9780 * len(names)
    buyer = Party("Inês Gonçalves d’Ávila", ("Rua da Conceição 12, 3.º Esq.", "1100-152 Lisboa"))
    seller = Party("Feira", ("Lisboa",), "PT 500 000 000")
    return Facts(
        "FT 2026/1", "F-2611-48K7Q", date(2026, 11, 28), seller, buyer, items, "EUR", total, 1829, reason=reason
    )


async def test_an_invoice_is_written_at_payment_and_adds_up(world: World) -> None:
    await pending(world, await world.product())
    assert await fetch("SELECT FROM invoice") == []
    order = await paid(world, await world.product("Chávena"), await world.product("Mug"), quantity=2)
    row = await fetch_one('SELECT facts::text AS facts FROM invoice WHERE "order" = $1', order.id)
    sums = await fetch_one("SELECT total_minor, vat_minor FROM shop_order WHERE id = $1", order.id)
    assert row and sums
    found = decode(row["facts"])
    assert (found.amount_minor, found.vat_minor) == (sums["total_minor"], sums["vat_minor"])
    assert sum(item.amount_minor for item in found.items) == found.amount_minor
    assert sum(item.vat_minor for item in found.items) == found.vat_minor
    assert found.payment == "Visa ending 4242" and found.order == order.number


@pytest.mark.parametrize("table", ["invoice", "credit_note"])
@pytest.mark.parametrize("change", ["UPDATE {} SET number = 'x'", "DELETE FROM {}"])
async def test_a_document_cannot_be_changed(world: World, table: str, change: str) -> None:
    order = await paid(world, await world.product())
    await cancel(order.id, None, "shopper")
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute(change.format(table))


async def test_the_same_pdf_comes_each_time_whatever_the_shop_sells_now(client: Any, world: World) -> None:
    order = await paid(world, await world.product(), owner=MINE)
    client.cookies.set("feira_visitor", "mine")
    first = await client.get(f"/orders/{order.number}/invoice")
    assert first.headers["content-type"] == "application/pdf" and first.content.startswith(b"%PDF-")
    assert 'filename="FT-' in first.headers["content-disposition"]
    await execute("UPDATE product SET name = 'Another'")
    await execute("UPDATE supplier SET name = 'Another'")
    assert (await client.get(f"/orders/{order.number}/invoice")).content == first.content
    assert f"/orders/{order.number}/invoice" in (await client.get(f"/orders/{order.number}")).text


async def test_a_credit_note_is_for_those_who_may_see_its_order(client: Any, world: World) -> None:
    order = await paid(world, await world.product(), await world.product("Mug"), owner=MINE)
    await cancel(order.id, (await line_ids(order))[:1], "shopper")
    client.cookies.set("feira_visitor", "mine")
    for path in ("/invoice", "/credit-notes/1"):
        assert (await client.get(f"/orders/{order.number}{path}")).status_code == 200
    for place in ("0", "2", "99999999999999999999", "x", "-1"):
        assert (await client.get(f"/orders/{order.number}/credit-notes/{place}")).status_code == 404
    client.cookies.set("feira_visitor", "another")
    for path in ("/invoice", "/credit-notes/1"):
        assert (await client.get(f"/orders/{order.number}{path}")).status_code == 404


async def test_what_is_not_paid_has_no_invoice(client: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=MINE)
    client.cookies.set("feira_visitor", "mine")
    assert (await client.get(f"/orders/{order.number}/invoice")).status_code == 404


@pytest.mark.parametrize(
    "name", ["Chávena São João €", "x" * 400, "word " * 120, "椅子 🪑 \x00\x07\n", "", "<b>&amp;", "\u202eevil"]
)
def test_a_name_of_any_kind_is_printed(name: str) -> None:
    for reason in ("", "cancelled"):
        assert pdf_of(facts(name, "Mug", reason=reason)).startswith(b"%PDF-")


def test_a_long_order_has_several_pages_and_the_same_bytes() -> None:
    many = facts(*(f"Thing number {n} with a name that is rather long, for a thing" for n in range(120)))
    assert pdf_of(many) == pdf_of(many)


async def test_who_waits_over_midnight_of_the_year_leaves_no_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = date(2026, 12, 31), date(2027, 1, 1)
    days = iter((old, old, old, new, new, new, old, old))
    monkeypatch.setattr(numbering, "today", lambda: next(days))
    found = [await numbering.next_number("FT") for _ in range(3)]
    assert found == [("FT 2026/1", old), ("FT 2027/1", new), ("FT 2026/2", old)]
