"""Our books against the provider's, and what must always be true of them."""

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from app.checkout import auditing
from app.checkout.balancing import Mismatch, balance_all
from app.checkout.carrying_out import carry_out
from app.cli import money
from app.infra.database import execute, fetch
from app.payments.provider import Statement
from app.payments.sandbox import Sandbox
from app.payments.wanted import refund
from tests.checkout.paying import GOOD, begun, captured, present
from tests.orders.wanting import guest, ledger_of, pending, state_of
from tests.payments.stripe_server import StripeServer
from tests.world import World

PAID = 5280


async def paid(world: World, name: str = "Marta") -> int:
    order = await pending(world, await world.product(), owner=guest(name))
    await captured(await begun(order.id))
    return order.id


async def differences() -> tuple[Mismatch, ...]:
    (balance,) = await balance_all()
    return balance.mismatches


async def relayed() -> None:
    await execute("UPDATE outbox SET relayed_at = now()")


async def test_books_that_agree_have_no_differences(world: World) -> None:
    order = await paid(world)
    await refund(order, 1000, "r", "")
    await carry_out()
    await pending(world, await world.product(), owner=guest("not paid"))
    assert await differences() == ()
    await relayed()
    assert await auditing.broken() == []


async def test_a_payment_whose_word_was_lost_is_taken_over(world: World) -> None:
    order = await pending(world, await world.product())
    await present(await begun(order.id), GOOD)
    (found,) = await differences()
    assert (found.kind, found.is_mended, found.ours_minor, found.theirs_minor) == ("captured_more", True, 0, PAID)
    assert await state_of(order.id) == "paid"
    assert await differences() == ()


async def test_a_refund_made_by_hand_at_the_provider_comes_into_our_books(stripe: StripeServer, world: World) -> None:
    order = await pending(world, await world.product())
    stripe.pay((await begun(order.id)).provider_reference or "")
    await balance_all()
    assert await state_of(order.id) == "paid"
    stripe._create_refund({"payment_intent": next(iter(stripe.intents)), "amount": "700"})
    (found,) = await differences()
    assert (found.kind, found.is_mended, found.theirs_minor) == ("refund_more", True, 700)
    assert await ledger_of(order.id) == [("capture", PAID), ("refund", -700)]
    assert await differences() == ()


async def test_lists_of_the_provider_are_read_to_their_end(stripe: StripeServer, world: World) -> None:
    orders = [await pending(world, await world.product(), owner=guest(str(number))) for number in range(5)]
    for order in orders:
        stripe.pay((await begun(order.id)).provider_reference or "")
    (balance,) = await balance_all()
    assert balance.payments == 5
    assert [await state_of(order.id) for order in orders] == ["paid"] * 5
    stripe.is_away = True
    (balance,) = await balance_all()
    assert balance.failure


async def test_what_cannot_be_mended_waits_for_a_person_once(world: World) -> None:
    order = await paid(world)
    await execute("UPDATE sandbox_payment SET captured_minor = captured_minor - 1")
    for _ in range(2):
        (found,) = await differences()
        assert (found.kind, found.is_mended, found.order) == ("captured_less", False, order)
    assert len(await fetch("SELECT FROM payment_mismatch WHERE settled_at IS NULL")) == 1
    await relayed()
    assert [each.rule for each in await auditing.broken()] == [
        "nothing that a provider's books say otherwise waits for a person"
    ]
    await execute("UPDATE sandbox_payment SET captured_minor = captured_minor + 1")
    assert await differences() == ()
    assert await auditing.broken() == []  # and does not wait any more when the books agree again


async def test_the_edge_of_the_days_compared_is_no_difference(world: World) -> None:
    for hours in (-1, 1, 23, 25, 47, 49):
        order = await paid(world, str(hours))
        for table in ("payment_attempt", "sandbox_payment"):
            await execute(
                f"""UPDATE {table} SET created_at = now() - interval '35 days' - make_interval(hours => $1)
                    WHERE id = (SELECT max(id) FROM {table})""",
                hours,
            )
        assert order
    assert await differences() == ()


async def test_money_of_nobody_is_reported(world: World) -> None:
    await paid(world)
    await execute("UPDATE sandbox_payment SET idempotency_key = 'a stranger'")
    assert {each.kind for each in await differences()} == {"payment_unknown", "payment_missing"}


BREAKS = {
    "a paid order has its money, or had it": "UPDATE payment_attempt SET state = 'failed'",
    "no paid order is without its goods": "UPDATE reservation SET quantity = 2",
    "money of an order that is not paid goes back": "UPDATE shop_order SET state = 'expired', paid_at = NULL",
    "captured money is what paid orders keep, what went back, and what is about to": (
        "UPDATE payment_attempt SET returned_minor = 1"
    ),
    "what is done about money stands in the ledger, and nothing else does": (
        'INSERT INTO ledger_entry (attempt, "order", kind, key, amount_minor, currency, created_at) '
        "SELECT id, \"order\", 'capture', 'forged', 5, 'EUR', now() FROM payment_attempt"
    ),
    "what was cancelled is back in the stock, and nothing else but returns": "UPDATE order_line SET cancelled = 1",
    "an order is expired a minute after its hold": (
        "UPDATE shop_order SET state = 'pending', reserved_until = now() - interval '2 minutes'"
    ),
    "the outbox is drained within a minute": (
        "UPDATE outbox SET relayed_at = NULL, created_at = created_at - interval '2 minutes'"
    ),
}


@pytest.mark.parametrize("rule", BREAKS)
async def test_the_audit_finds_what_is_broken(world: World, rule: str) -> None:
    await paid(world)
    await relayed()
    assert await auditing.broken() == []
    await execute(BREAKS[rule])
    assert rule in {each.rule for each in await auditing.broken()}


async def test_the_commands_say_it_to_people_and_programs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio
    from threading import Thread

    await paid(world)
    await relayed()

    def run(*arguments: str) -> tuple[int, str]:
        """In a thread of its own, as these commands run a loop of their own."""
        from app.cli.commands import main

        results: list[tuple[int, str]] = []

        def work() -> None:
            done = CliRunner().invoke(main, list(arguments))
            results.append((done.exit_code, done.output))

        thread = Thread(target=work)
        thread.start()
        thread.join()
        return results[0]

    monkeypatch.setattr(money, "ask", _asking)
    status, said = run("reconcile", "--json")
    assert (status, json.loads(said)["balances"][0]["mismatches"]) == (0, [])
    await execute("UPDATE sandbox_payment SET captured_minor = captured_minor - 1")
    status, said = run("reconcile")
    assert status == 1
    assert "captured_less" in said
    await asyncio.sleep(0)


def _asking(question):  # type: ignore[no-untyped-def]
    """Ask in a loop of its own, with a pool of its own."""
    import asyncio

    from app.infra import database

    async def asked():  # type: ignore[no-untyped-def]
        kept, database.DB.pool = database.DB.pool, None
        try:
            async with database.connected():
                return await question
        finally:
            database.DB.pool = kept

    return asyncio.run(asked())


async def test_what_moves_while_the_books_are_read_is_no_difference(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await paid(world)
    read = Sandbox.statements

    async def slow(self: Sandbox, since: datetime) -> list[Statement]:
        found = await read(self, since)
        await paid(world, "meanwhile")
        await refund(before, 1000, "r", "")
        await carry_out()
        return found

    monkeypatch.setattr(Sandbox, "statements", slow)
    assert await differences() == ()
