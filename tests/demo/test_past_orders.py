"""The demo's past orders are orders like any other: stock, money and history add up, and a second run adds none."""

from collections.abc import Iterator

import pytest

from app.delivery import estimate
from app.demo import goods, past_orders
from app.demo import world as demo
from app.demo.shoppers import MARTA, shoppers
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from app.inventory import invariants
from app.recommendations.learned import learn_recommendations
from app.recommendations.lists import lists_for
from app.recommendations.tables import ListKind
from tests.world import World

PIECES = 200


@pytest.fixture
async def market(db: None) -> World:
    """The demo's world with two products of each kind that is bought in it."""
    estimate.forget()
    await demo.prepare()
    made = World()
    made.categories = {row["path"]: row["id"] for row in await fetch("SELECT id, path FROM category")}
    made.warehouses = {row["code"]: row["id"] for row in await fetch("SELECT id, code FROM warehouse")}
    made.suppliers = {row["name"]: row["id"] for row in await fetch("SELECT id, name FROM supplier")}
    for path in sorted({path for paths in goods.OCCASIONS.values() for path in paths}):
        for number in (1, 2):
            stock = {"LIS": PIECES, "OPO": PIECES} if number == 1 else {"OPO": PIECES}
            await made.product(f"{path.rpartition('/')[2]} {number}", category=path, stock=stock)
    return made


async def count(sql: str) -> int:
    row = await fetch_one(f"SELECT count(*) AS many FROM {sql}")
    assert row
    return int(row["many"])


@pytest.mark.usefixtures("market")
async def test_a_run_that_was_cut_short_goes_on_and_a_second_one_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what there is then is as it should be: the orders take seconds, so all looks at the same ones."""
    whole = list(past_orders.planned(now()))

    def cut(_: object) -> Iterator[past_orders.Past]:
        yield from whole[:20]

    with monkeypatch.context() as patched:
        patched.setattr(past_orders, "planned", cut)
        assert await past_orders.bring_in() == 20
    assert await past_orders.are_missing()
    assert await past_orders.bring_in() == past_orders.ORDERS - 20
    assert not await past_orders.are_missing()
    assert await past_orders.bring_in() == 0
    await stock_and_money_add_up()
    await each_has_its_history_in_the_past_and_nobody_gets_mail_of_it()
    await marta_has_orders_and_something_to_buy_again()


async def stock_and_money_add_up() -> None:
    assert await count("shop_order WHERE state NOT IN ('paid', 'delivered')") == 0
    assert await count("shop_order WHERE state = 'delivered'") > past_orders.ORDERS / 2
    sold = await fetch_one("SELECT sum(quantity)::int AS pieces FROM order_line")
    left = await fetch_one("SELECT sum(on_hand)::int AS pieces, sum(reserved)::int AS held FROM stock")
    before = await fetch_one("SELECT count(*) * $1::int AS pieces FROM stock", PIECES)
    assert sold and left and before
    assert (before["pieces"] - left["pieces"], left["held"]) == (sold["pieces"], 0)
    assert await count("reservation WHERE state <> 'sold'") == 0
    assert await invariants.broken() == []
    money = await fetch_one(
        """SELECT (SELECT sum(total_minor) FROM shop_order) AS asked,
                  (SELECT sum(amount_minor) FROM ledger_entry) AS came,
                  (SELECT sum(amount_minor) FROM sandbox_payment WHERE state = 'approved') AS taken"""
    )
    assert money and money["asked"] == money["came"] == money["taken"]
    assert await count("payment_attempt WHERE state <> 'succeeded'") == 0


async def each_has_its_history_in_the_past_and_nobody_gets_mail_of_it() -> None:
    rows = await fetch(
        """SELECT o.id, o.state, o.placed_at, o.paid_at, array_agg(m.to_state ORDER BY m.id) AS moves,
                  array_agg(m.moved_at ORDER BY m.id) AS moments
           FROM shop_order o JOIN order_move m ON m."order" = o.id GROUP BY o.id"""
    )
    for row in rows:
        assert row["moves"][:2] == ["pending", "paid"]
        assert row["moves"][-1] == row["state"]
        assert row["moments"] == sorted(row["moments"])
        assert row["placed_at"] == row["paid_at"] == row["moments"][0] < now()
    unmailed = """outbox o WHERE topic = 'orders' AND NOT EXISTS
                  (SELECT FROM processed p WHERE p.event_id = o.event_id AND p.consumer = 'mail')"""
    assert await count(unmailed) == 0
    assert await count("sandbox_webhook WHERE delivered_at IS NULL") == 0


async def marta_has_orders_and_something_to_buy_again() -> None:
    row = await fetch_one(
        """SELECT a.id, count(*) AS orders FROM account a JOIN shop_order o ON o.account = a.id
           WHERE a.email = $1 GROUP BY a.id""",
        MARTA.email,
    )
    assert row and row["orders"] == len(past_orders.MARTAS)
    await learn_recommendations()
    found = await lists_for([(ListKind.AGAIN, row["id"]), (ListKind.FOR_YOU, row["id"]), (ListKind.TRENDING, 0)])
    assert {kind: len(products) >= 3 for kind, products in found.items()} == dict.fromkeys(found, True)
    assert set(found) == {ListKind.AGAIN, ListKind.FOR_YOU, ListKind.TRENDING}


@pytest.mark.usefixtures("market")
async def test_where_another_provider_takes_the_money_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "payment_provider", "another")
    assert await past_orders.bring_in() == 0
    assert not await past_orders.are_missing()


async def test_nothing_is_sold_out_by_the_past(market: World) -> None:
    await execute("UPDATE stock SET on_hand = 14")
    await past_orders.bring_in()
    row = await fetch_one("SELECT min(on_hand) AS least FROM stock")
    assert row and row["least"] >= goods.LEAST_LEFT


def test_everybody_lives_where_we_deliver_and_likes_something_that_is_sold() -> None:
    everybody = shoppers()
    assert len({each.email for each in everybody}) == len(everybody)
    assert all(set(each.likes) <= set(goods.OCCASIONS) for each in everybody)
