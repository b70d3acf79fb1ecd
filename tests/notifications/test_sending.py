"""What reaches the mail server, whatever happens on the way."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from app.infra.database import execute
from app.infra.settings import settings
from app.notifications import sending, server
from app.notifications.composing import Composed
from app.notifications.writing import write, write_mails
from tests.events.flowing import until
from tests.notifications.events import mails, published, written
from tests.notifications.receiving import Mailbox, free_port
from tests.orders.wanting import pending
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]


async def due_now() -> None:
    await execute("UPDATE mail SET next_at = now() - interval '1 second'")


async def test_an_event_that_comes_twice_is_one_mail(world: World, mailbox: Mailbox) -> None:
    await pending(world, await world.product())
    events = await published()
    await asyncio.gather(*(write_mails(events) for _ in range(4)))
    await write_mails(events)
    assert await sending.send_due() == 1
    assert await sending.send_due() == 0
    (message,) = mailbox.received
    assert mailbox.recipients == ["marta@feira.example"]
    assert message["Message-ID"] == (await mails())[0]["message_id"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert [mail["state"] for mail in await mails()] == ["sent"]


async def test_a_mail_that_cannot_be_composed_leaves_its_event_untaken(world: World, mailbox: Mailbox) -> None:
    await pending(world, await world.product())
    event = (await published())[0]
    await execute("ALTER TABLE mail ADD CONSTRAINT never CHECK (false)")
    try:
        with pytest.raises(Exception, match="never"):
            await write_mails([event])
    finally:
        await execute("ALTER TABLE mail DROP CONSTRAINT never")
    assert len(await written()) == 1


async def test_several_mails_travel_over_one_connection(world: World, mailbox: Mailbox) -> None:
    await many(5)
    assert await sending.send_due() == 5
    assert mailbox.connections == 1
    assert sorted(mailbox.recipients) == [f"s{number}@feira.example" for number in range(5)]


async def test_a_server_that_asks_to_come_again_gets_it_once(world: World, mailbox: Mailbox) -> None:
    await many(2)
    mailbox.answers = ["451 Greylisted, come again"]
    assert await sending.send_due() == 1  # the other one
    put_off = next(mail for mail in await mails() if mail["state"] == "waiting")
    assert put_off["reason"] == "451 Greylisted, come again"
    assert await sending.send_due() == 0  # not yet
    await due_now()
    assert await sending.send_due() == 1
    assert len({message["Message-ID"] for message in mailbox.received}) == len(mailbox.received) == 2


async def test_a_mail_that_is_refused_for_good_has_failed_visibly(world: World, mailbox: Mailbox) -> None:
    await many(1)
    mailbox.refuses_recipient = "550 No such person"
    assert await sending.send_due() == 0
    (mail,) = await mails()
    assert (mail["state"], mail["reason"]) == ("failed", "550 No such person")
    await due_now()
    assert await sending.send_due() == 0
    mailbox.refuses_recipient = ""
    assert await sending.send_again(mail["id"])
    assert not await sending.send_again(mail["id"])  # it waits already
    assert await sending.send_due() == 1
    assert mailbox.received[0]["Message-ID"] == mail["message_id"]


async def test_what_is_refused_because_of_us_is_not_the_end_of_a_mail(world: World, mailbox: Mailbox) -> None:
    await many(1)
    mailbox.refuses_recipient = "530 Authentication required"
    assert await sending.send_due() == 0
    (mail,) = await mails()
    assert (mail["state"], mail["tries"]) == ("waiting", 1)


async def test_a_server_that_hangs_costs_one_try_and_holds_up_nobody(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ANSWER_SECONDS", 0.3)
    await many(1)
    mailbox.answers = ["hang"]
    assert await sending.send_due() == 0
    (mail,) = await mails()
    assert mail["state"] == "waiting"
    await due_now()
    assert await sending.send_due() == 1


async def test_a_server_that_is_away_is_waited_for(world: World, mailbox: Mailbox) -> None:
    await many(1)
    settings().smtp_port, port = free_port(), settings().smtp_port
    assert await sending.send_due() == 0
    assert "no way into the mail server" in (await mails())[0]["reason"]
    settings().smtp_port = port
    await due_now()
    assert await sending.send_due() == 1


async def test_a_sender_that_was_killed_before_its_mark_is_followed_by_one_with_the_same_message_id(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(_: object) -> None:
        raise asyncio.CancelledError

    await many(1)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_mark_sent", killed)
        with pytest.raises(asyncio.CancelledError):
            await sending.send_due()
    assert await sending.send_due() == 0  # its lease has not ended
    await due_now()
    assert await sending.send_due() == 1
    first, second = mailbox.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


async def test_a_sender_killed_while_the_server_answers_loses_nothing(world: World, mailbox: Mailbox) -> None:
    """A process of its own, killed for good when the server has the mail and has not said so yet."""
    await many(2)
    mailbox.answers = ["hang"]
    code = "import asyncio\nfrom app.infra.database import open_pool\nfrom app.notifications import sending\n"
    code += "async def go():\n    await open_pool(2)\n    await sending.send_due()\nasyncio.run(go())"
    sender = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})  # noqa: ASYNC220
    try:
        await until(mailbox_is_asked(mailbox))
    finally:
        sender.kill()
        sender.wait()
    assert sorted(mail["state"] for mail in await mails()) == ["sending", "waiting"]
    await due_now()
    assert await sending.send_due() == 2
    assert sorted(mailbox.recipients) == ["s0@feira.example", "s1@feira.example"]


def mailbox_is_asked(mailbox: Mailbox) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return not mailbox.answers

    return asked


async def test_nothing_is_sent_in_the_clear_to_a_server_that_offers_no_encryption(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "smtp_tls", "starttls")
    await many(1)
    assert await sending.send_due() == 0
    assert "no way into the mail server" in (await mails())[0]["reason"]
    assert mailbox.received == []


async def test_a_password_that_is_wrong_is_no_mails_fault(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("smtp_user", "feira"), ("smtp_password", SecretStr("quiet lamps"))):
        monkeypatch.setattr(settings(), name, value)
    await many(1)
    assert await sending.send_due() == 0
    (mail,) = await mails()
    assert mail["state"] == "waiting" and "quiet" not in mail["reason"]


async def test_a_sender_whose_lease_has_ended_does_not_undo_what_another_did(world: World, mailbox: Mailbox) -> None:
    await many(1)
    slow = await sending.claim()
    await due_now()
    assert await sending.send_due() == 1
    assert slow
    await sending._put_off(slow, "too late")
    assert [mail["state"] for mail in await mails()] == ["sent"]


async def test_what_is_no_use_any_more_is_not_sent(world: World, mailbox: Mailbox) -> None:
    await write(uuid4(), Composed("note", "ana@feira.example", "Late", useful=timedelta(seconds=-1)))
    assert await sending.send_due() == 0
    assert [mail["state"] for mail in await mails()] == ["failed"]


async def test_a_mail_that_is_sent_again_by_hand_is_a_new_one_for_mailboxes(world: World, mailbox: Mailbox) -> None:
    await many(1)
    await sending.send_due()
    assert await sending.send_again((await mails())[0]["id"])
    await sending.send_due()
    assert len({message["Message-ID"] for message in mailbox.received}) == 2


async def test_two_workers_send_each_mail_once(world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_running", Anyone())
    await many(12)
    assert sum(await asyncio.gather(*(sending.send_due() for _ in range(3)))) == 12
    assert len(set(mailbox.recipients)) == len(mailbox.recipients) == 12


class Anyone(asyncio.Lock):
    """As if each sender were a process of its own."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


async def many(count: int) -> None:
    for number in range(count):
        assert await write(uuid4(), Composed("note", f"s{number}@feira.example", f"Note {number}"))
