"""An order's way, and the mail after each step of it."""

import re
from typing import Any
from uuid import uuid4

import pytest

from app.checkout.expiring import expire_unpaid
from app.checkout.settling import note_chargeback, settle
from app.events.event import Event
from app.events.outbox import publish
from app.infra.database import execute, fetch, transaction
from app.notifications import money
from app.notifications.kinds import KINDS
from app.notifications.writing import write_mails
from app.orders.cancelling import cancel
from app.orders.placing import Placed
from app.orders.return_asking import ask
from app.orders.return_closing import close
from app.orders.returns import approve, receive, refuse
from app.payments.attempts import attempts_of
from tests.accounts.people import person
from tests.checkout.paying import begun, failed, held, succeeded
from tests.notifications.events import mails, written
from tests.orders.sending import ACTOR, arrived, line_ids, paid
from tests.orders.wanting import hold_ended, pending
from tests.world import World


@pytest.fixture
async def order(world: World) -> Placed:
    return await pending(world, await world.product())


async def kinds() -> list[str]:
    return [mail["kind"] for mail in await written()]


async def told(order: Placed, kind: str, **more: Any) -> Any:
    """The mail of such an event."""
    await write_mails([Event(uuid4(), "orders", order.number, {"kind": kind, "order": order.id, **more})])
    return (await mails())[-1]


async def test_an_order_that_is_paid_says_so_and_when_it_arrives(order: Placed) -> None:
    attempt = await begun(order.id)
    await settle(attempt.id, succeeded(attempt))
    await settle(attempt.id, succeeded(attempt))
    assert await kinds() == ["order_placed", "order_paid"]
    first, second = await mails()
    assert "Not paid yet" not in first["text"]  # it was paid before the mail was written
    assert "The seller packs it now. It arrives" in second["text"]
    assert re.search(r"Going to:\n  [^\n]+\n  [^\n]+\n  1200-109", second["text"])


async def test_a_card_that_was_not_charged_can_be_tried_again(order: Placed) -> None:
    attempt = await begun(order.id)
    await settle(attempt.id, failed(attempt))
    assert await kinds() == ["order_placed", "order_payment_failed"]
    mail = (await mails())[1]
    assert "The bank declined the card." in mail["text"]
    assert "Pay €52.80: http" in mail["text"]


async def test_a_failed_payment_that_was_made_good_is_no_news(order: Placed) -> None:
    attempt = await begun(order.id)
    await settle(attempt.id, failed(attempt))
    second = await begun(order.id)
    await settle(second.id, succeeded(second))
    assert await kinds() == ["order_placed", "order_paid"]


async def test_an_order_that_nobody_paid_is_said_to_be_none(order: Placed) -> None:
    await hold_ended(order.id)
    await expire_unpaid()
    assert await kinds() == ["order_placed", "order_expired"]
    assert "nothing was ordered and your card was not charged" in (await mails())[1]["text"]


async def test_an_amount_that_was_sent_back_is_named(order: Placed) -> None:
    mail = await told(order, "refunded", refund=7, amount_minor=1234)
    assert mail["subject"] == f"€12.34 for order {order.number} was sent back"


async def test_a_parcel_on_its_way_is_shown_alone(world: World, order: Placed) -> None:
    await execute("UPDATE shop_order SET state = 'shipped'")
    await execute(
        """INSERT INTO parcel (id, "order", number, supplier, warehouse, service_level, delivery_minor, promised_on)
           SELECT new_parcel_id("order"), "order", 2, supplier, warehouse, service_level, 0, promised_on + 1
           FROM parcel"""
    )
    mail = await told(order, "shipped", parcel=1)
    assert mail["subject"] == f"Parcel 1 of 2 of order {order.number} is on its way"
    assert "Parcel 2 of 2" not in mail["text"]
    assert "Total" not in mail["text"]
    mail = await told(order, "delivered", parcel=2)
    assert mail["subject"] == f"Parcel 2 of 2 of order {order.number} has arrived"


async def test_what_is_cancelled_is_shown_with_the_money_that_goes_back(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Mug", price_minor=4890)
    order = await pending(world, lamp, mug)
    attempt = await begun(order.id)
    await settle(attempt.id, succeeded(attempt))
    lines = await fetch("SELECT id, name FROM order_line ORDER BY name DESC")  # the mug
    await cancel(order.id, [lines[0]["id"]], "shopper")
    mail = (await written())[-1]
    assert mail["subject"] == f"Part of order {order.number} is cancelled"
    assert "€48.90 goes back to what you paid with. Credit note" in mail["text"]
    assert "Mug" in mail["text"] and "Alcova" not in mail["text"]
    await cancel(order.id, None, "shopper")
    mail = (await written())[-1]
    assert mail["subject"] == f"Order {order.number} is cancelled"
    assert "€52.80 goes back" in mail["text"]


async def test_what_a_bank_never_gave_us_or_has_taken_back_is_not_said_to_go_back(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    order = await pending(world, lamp)
    attempt = await begun(order.id)
    await held(attempt)
    await settle(attempt.id, failed(attempt))
    done = await cancel(order.id, None, "shopper")
    mail = (await written())[-1]
    assert "€52.80 was never taken from you" in mail["text"] and "goes back" not in mail["text"]
    assert done.credit and done.credit.said in mail["text"]
    order = await paid(world, lamp)
    async with transaction():
        await note_chargeback((await attempts_of(order.id))[0].id, "dp_1", 4000, returned=False)
    await cancel(order.id, None, "shopper")
    said = "€12.80 goes back to what you paid with. €40.00 you have back from your bank already. Credit note"
    assert said in (await written())[-1]["text"]


async def test_an_order_that_is_cancelled_unpaid_costs_nothing(order: Placed) -> None:
    await cancel(order.id, None, "shopper")
    assert "You were not charged." in (await written())[-1]["text"]


async def test_a_return_is_answered_at_each_step(world: World) -> None:
    order = await paid(world, await world.product(), quantity=3)
    await arrived(order)
    (line,) = await line_ids(order)
    refused = await ask(order.id, {line: 1}, "changed_mind", "")
    await refuse(order.id, refused, ACTOR, "It was used.\nBcc: x@evil.example")
    number = await ask(order.id, {line: 2}, "changed_mind", "")
    await approve(order.id, number, ACTOR)
    await close(order.id, number, ACTOR, "Nothing came.")
    async with transaction():
        await note_chargeback((await attempts_of(order.id))[0].id, "dp_1", 6000, returned=False)
    await receive(order.id, number, ACTOR, ())
    found = {mail["subject"]: mail["text"] for mail in await written() if "return" in mail["kind"]}
    assert "It was used. Bcc:" in found[f"We do not agree to return 1 of order {order.number}"]
    assert f"Write {order.number}/R2 onto" in found[f"You may send it back: return 2 of order {order.number}"]
    assert "Nothing came. " in found[f"Return 2 of order {order.number} is closed"].replace("\n", " ")
    here = found[f"Return 2 of order {order.number} is here"]
    assert "2 × Alcova desk lamp" in here and "€7.20 you have back from your bank already. Credit note" in here


async def test_who_pays_a_cancelled_order_is_told_why_the_money_comes_back(order: Placed) -> None:
    attempt = await begun(order.id)
    await cancel(order.id, None, "shopper")
    await settle(attempt.id, succeeded(attempt))
    assert "came when the order was cancelled" in " ".join((await written())[-1]["text"].split())


async def test_who_has_gone_gets_no_mail(order: Placed) -> None:
    await execute("UPDATE shop_order SET email = ''")
    assert await kinds() == []


async def test_each_kind_says_the_same_in_both_bodies_and_survives_an_order_in_any_state(order: Placed) -> None:
    for topic, kind in KINDS:
        for state in ("pending", "paid", "shipped", "delivered", "expired", "cancelled", "refunded"):
            if topic == "orders":
                await execute("UPDATE shop_order SET state = $1", state)
                payload = {"kind": kind, "order": order.id, "number": order.number, "return": 1, "amount_minor": 1}
                await write_mails([Event(uuid4(), topic, order.number, payload)])
    for mail in await mails():
        assert mail["subject"] and "Alcova desk lamp" in mail["html"] and "Alcova desk lamp" in mail["text"]


async def test_an_event_of_no_kind_that_we_know_is_taken_and_has_no_mail(order: Placed) -> None:
    await publish("orders", "x", {"kind": "dusted off", "order": order.id})
    await publish("orders", "x", {"kind": "paid", "order": 999})
    assert await kinds() == ["order_placed"]


async def test_times_are_those_of_where_the_shopper_lives(order: Placed) -> None:
    await execute("UPDATE shop_order SET reserved_until = '2126-11-28 15:20+00'")
    assert "until 15:20" in (await told(order, "placed"))["text"]
    await execute("UPDATE shop_order SET postcode = '9500-321'")
    assert "until 14:20" in (await told(order, "placed"))["text"]


async def test_operators_hear_of_money_that_somebody_has_to_look_at(order: Placed) -> None:
    for name in ("ana", "rui"):
        await person(f"{name}@feira.example", role="operator")
    for kind in money.SAYS:
        await told(order, kind, number=order.number, amount_minor=1234)
        found = [mail for mail in await mails() if mail["kind"] == f"money_{kind}"]
        assert {mail["recipient"] for mail in found} == {"ana@feira.example", "rui@feira.example"}
        assert "€12.34" in found[0]["subject"] and order.number in found[0]["subject"]
        assert "/admin/payments" in found[0]["text"]
