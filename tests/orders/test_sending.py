"""Parcels are packed, handed over and arrive; the order is as far as the one that is behind."""

import asyncio
from datetime import timedelta

import pytest

from app.checkout import auditing
from app.checkout.carrying_out import carry_out
from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.orders import packing, shipping
from app.orders.cancelling import CannotCancel, cancel, cancel_packed
from app.orders.carrier import CarrierUnavailable
from app.orders.carriers import CARRIERS, USUAL
from app.orders.parcels import ParcelNotReady
from app.orders.placing import place
from app.orders.queue import to_send
from app.orders.shipping import CodeUnusable
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import requests_of
from app.payments.wanted import MoneyRefused
from tests.checkout.paying import begun, held
from tests.orders.sending import ACTOR, arrived, history, line_ids, paid, paid_apart, parcel_states, sent, split, told
from tests.orders.wanting import ledger_of, pending, state_of, stock_of
from tests.world import World


async def test_an_order_of_one_parcel_goes_the_whole_way(world: World) -> None:
    order = await paid(world, await world.product())
    await arrived(order)
    assert await history(order) == ["pending", "paid", "packed", "shipped", "delivered"]
    assert await parcel_states(order) == ["delivered"]
    assert await told(order) == [
        ("placed", None),
        ("paid", None),
        ("packed", 1),
        ("shipped", 1),
        ("delivered", 1),
    ]


async def test_an_order_is_shipped_when_all_its_parcels_are(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"), await world.product("Chair"))
    await arrived(order, 2)
    assert await state_of(order.id) == "paid"
    await sent(order, 1)
    await packing.pack(order.id, 3, ACTOR)
    assert await state_of(order.id) == "packed"
    await shipping.ship(order.id, 3, ACTOR)
    assert await state_of(order.id) == "shipped"
    for number in (1, 3):
        await shipping.deliver(order.id, number, ACTOR, now())
    assert await history(order) == ["pending", "paid", "packed", "shipped", "delivered"]


async def test_the_same_click_many_times_packs_and_ships_once(world: World) -> None:
    order = await paid(world, await world.product())
    for act in (lambda: packing.pack(order.id, 1, ACTOR), lambda: shipping.ship(order.id, 1, ACTOR)):
        done = await asyncio.gather(*(act() for _ in range(6)), return_exceptions=True)
        assert sum(isinstance(each, ParcelNotReady) for each in done) == 5, done
    assert [kind for kind, _ in await told(order)] == ["placed", "paid", "packed", "shipped"]
    for table, rows in (("shipment", 1), ("parcel_move", 2), ("simulated_shipment", 1)):
        assert len(await fetch(f"SELECT FROM {table}")) == rows


async def test_what_is_not_paid_is_not_packed(world: World) -> None:
    order = await pending(world, await world.product())
    with pytest.raises(ParcelNotReady, match="pending"):
        await packing.pack(order.id, 1, ACTOR)
    assert await parcel_states(order) == ["waiting"]


@pytest.mark.parametrize("number", [0, 2, 32767])
async def test_a_parcel_that_is_none_is_not_found(world: World, number: int) -> None:
    order = await paid(world, await world.product())
    with pytest.raises(LookupError):
        await packing.pack(order.id, number, ACTOR)
    with pytest.raises(LookupError):
        await shipping.ship(order.id, number, ACTOR)


async def test_only_a_packed_parcel_is_handed_over_and_no_carrier_is_asked_before(world: World) -> None:
    order = await paid(world, await world.product())
    with pytest.raises(ParcelNotReady):
        await shipping.ship(order.id, 1, ACTOR)
    with pytest.raises(ParcelNotReady):
        await shipping.deliver(order.id, 1, ACTOR, now())
    assert await fetch("SELECT FROM simulated_shipment") == []


async def test_packing_and_shipping_move_no_stock(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await paid(world, lamp, quantity=2)
    assert await stock_of(lamp) == (3, 0)
    await arrived(order)
    assert await stock_of(lamp) == (3, 0)


async def test_money_that_the_bank_holds_is_taken_as_parcels_leave(world: World) -> None:
    goods = [await world.product(), await world.product("Mug")]
    order = await place(await split(world, *goods))
    await held(await begun(order.id))
    await packing.pack(order.id, 1, ACTOR)
    assert await requests_of(order.id) == []
    await shipping.ship(order.id, 1, ACTOR)
    await sent(order, 2)
    assert [(each.kind, each.amount_minor) for each in await requests_of(order.id)] == [("capture", 5280)] * 2


async def test_a_code_of_another_carrier_is_kept_as_it_is(world: World) -> None:
    order = await paid(world, await world.product())
    await packing.pack(order.id, 1, ACTOR)
    assert await shipping.ship(order.id, 1, ACTOR, "RB 123 456-PT") == "RB 123 456-PT"
    (row,) = await fetch("SELECT carrier, tracking_code FROM shipment")
    assert tuple(row) == ("", "RB 123 456-PT")
    assert await fetch("SELECT FROM simulated_shipment") == []


@pytest.mark.parametrize("code", ["<b>", "x" * 61, " ", "é", "a\x00b", "-1"])
async def test_what_cannot_be_a_code_is_refused(world: World, code: str) -> None:
    order = await paid(world, await world.product())
    await packing.pack(order.id, 1, ACTOR)
    with pytest.raises(CodeUnusable):
        await shipping.ship(order.id, 1, ACTOR, code)
    assert await parcel_states(order) == ["packed"]


async def test_a_carrier_that_does_not_answer_leaves_the_parcel_packed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await paid(world, await world.product())
    await packing.pack(order.id, 1, ACTOR)

    async def silent(_: object) -> str:
        raise CarrierUnavailable("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(CARRIERS[USUAL], "accept", silent)
        with pytest.raises(CarrierUnavailable):
            await shipping.ship(order.id, 1, ACTOR)
    assert await parcel_states(order) == ["packed"]
    assert await shipping.ship(order.id, 1, ACTOR)


async def test_a_kill_between_carrier_and_shop_leaves_one_shipment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The carrier has the parcel, and we died before we wrote it down: the next click gets the same code."""
    order = await paid(world, await world.product())
    await packing.pack(order.id, 1, ACTOR)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(shipping, "locked_parcel", killed)
        with pytest.raises(SystemExit):
            await shipping.ship(order.id, 1, ACTOR)
    (row,) = await fetch("SELECT code FROM simulated_shipment")
    assert await shipping.ship(order.id, 1, ACTOR) == row["code"]
    assert len(await fetch("SELECT FROM simulated_shipment")) == 1


async def test_the_queue_holds_what_is_to_leave(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Mug", stock={"LIS": 9})
    order = await paid_apart(world, lamp, mug)
    await pending(world, mug)
    await paid(world, mug)
    await packing.pack(order.id, 2, ACTOR)
    found = await to_send()
    assert sorted((each.order == order.number, each.parcel, each.state) for each in found.parcels) == [
        (False, 1, "waiting"),
        (True, 1, "waiting"),
        (True, 2, "packed"),
    ]
    assert found.warehouses == {"LIS": 3}
    assert (await to_send("OPO")).parcels == ()
    assert [each.parcel for each in (await to_send("LIS", "packed")).parcels] == [2]
    assert all(each.leaves_on <= each.promised_on for each in found.parcels)
    assert all(each.leaves_on >= (now() - timedelta(days=1)).date() for each in found.parcels)
    await arrived(order, 1)
    assert len((await to_send()).parcels) == 2


async def test_a_parcel_of_which_a_discount_left_nothing_to_pay_is_sent_like_any(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    await execute("UPDATE order_line SET discount_minor = 4890 WHERE id = (SELECT max(id) FROM order_line)")
    await execute("UPDATE parcel SET delivery_minor = 0 WHERE number = 2")
    await sent(order, 2)
    assert await parcel_states(order) == ["waiting", "shipped"]


async def test_a_parcel_whose_hold_was_lost_stays_here_until_it_is_cancelled(world: World) -> None:
    order = await place(await split(world, await world.product(), await world.product("Mug")))
    await held(await begun(order.id))
    await sent(order, 1)
    attempt = (await attempts_of(order.id))[0]
    await settle(attempt.id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="let go"))
    with pytest.raises(MoneyRefused):
        await sent(order, 2)
    assert await parcel_states(order) == ["shipped", "packed"]
    assert [each.row["lost_minor"] for each in await auditing.waiting()] == [5280]
    assert len(await fetch("SELECT FROM simulated_shipment")) == 1, "no label was made of what is not paid for"
    with pytest.raises(MoneyRefused):
        await shipping.ship(order.id, 2, ACTOR, "RB 1")
    with pytest.raises(CannotCancel, match="Parcel 2 is packed"):
        await cancel(order.id, {(await line_ids(order))[1]}, "shopper")
    done = await cancel_packed(order.id, 2, ACTOR)
    assert (done.is_whole, done.credit and done.credit.amount_minor) == (False, 5280)
    await carry_out()
    assert await ledger_of(order.id) == [("capture", 5280)], "of the money of parcel 1 nothing goes back"
    assert (await parcel_states(order), await state_of(order.id)) == (["shipped", "cancelled"], "shipped")
    assert await auditing.broken() == await auditing.waiting() == []


async def test_of_handing_over_and_cancelling_what_is_packed_exactly_one_happens(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    orders = [await paid(world, lamp) for _ in range(6)]
    for number, order in enumerate(orders):
        await packing.pack(order.id, 1, ACTOR)
        acts = [shipping.ship(order.id, 1, ACTOR, "RB 1"), *(cancel_packed(order.id, 1, ACTOR) for _ in range(2))]
        done = await asyncio.gather(*(acts if number % 2 else acts[::-1]), return_exceptions=True)
        assert sum(isinstance(each, ParcelNotReady) for each in done) == 2, done
        (row,) = await fetch('SELECT count(*) AS notes FROM credit_note WHERE "order" = $1', order.id)
        assert (await parcel_states(order), row["notes"]) in ((["shipped"], 0), (["cancelled"], 1))
    await carry_out()
    assert {await state_of(order.id) for order in orders} <= {"shipped", "refunded"}
    assert await auditing.broken() == []


async def test_what_a_lost_hold_was_for_can_be_cancelled_and_costs_nothing(world: World) -> None:
    order = await place(await split(world, await world.product(), await world.product("Mug")))
    await held(await begun(order.id))
    await sent(order, 1)
    await carry_out()
    attempt = (await attempts_of(order.id))[0]
    await settle(attempt.id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="let go"))
    cancelled = await cancel(order.id, {(await line_ids(order))[1]}, ACTOR)
    assert cancelled.credit and cancelled.credit.amount_minor == 5280
    assert await carry_out() == 0
    assert await ledger_of(order.id) == [("capture", 5280)]
