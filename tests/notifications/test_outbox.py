"""Where mails are read: by operators always, and in development by whoever sits at the machine."""

import re
from typing import Any

import httpx
import pytest

from app.infra.settings import settings
from tests.notifications.events import written
from tests.notifications.receiving import Mailbox
from tests.orders.wanting import pending
from tests.world import World

HERE = "http://127.0.0.1:8000"


@pytest.fixture
async def order(world: World) -> str:
    number = (await pending(world, await world.product())).number
    await written()
    return number


async def test_in_development_mails_are_read_whole_and_their_links_work(client: httpx.AsyncClient, order: str) -> None:
    client.base_url = HERE
    assert order in (await client.get("/outbox")).text
    page = await client.get("/outbox/1")
    link = re.search(rf"/orders/{order}\?key=[\w.-]+", page.text)
    assert link
    assert (await client.get(link[0])).url.path == f"/orders/{order}"
    assert link[0] in (await client.get("/outbox/1/html")).text
    assert (await client.get("/outbox/2")).status_code == 404
    assert (await client.get(f"/outbox/{10**30}")).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "feira.example"},
        {"host": "evil.example:8000"},
        {"host": ""},
        {"host": "[::1"},
        {"x-forwarded-for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 tunnel"},
    ],
)
async def test_to_others_the_outbox_is_not_there(
    client: httpx.AsyncClient, order: str, headers: dict[str, str]
) -> None:
    for path in ("/outbox", "/outbox/1", "/outbox/1/html"):
        answer = await client.get(f"{HERE}{path}", headers=headers)
        assert answer.status_code in (400, 404), path


@pytest.mark.parametrize(
    "setting", [{"smtp_host": "mail.example"}, {"host": "0.0.0.0"}, {"base_url": "https://feira.example"}]
)
async def test_a_shop_that_serves_others_has_no_outbox(
    client: httpx.AsyncClient, order: str, setting: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in setting.items():
        monkeypatch.setattr(settings(), name, value)
    assert (await client.get(f"{HERE}/outbox/1")).status_code == 404


async def test_operators_read_a_mail_but_not_the_key_in_its_link(desk: Any, order: str) -> None:
    assert order in (await desk.get("/admin/mails")).text
    page = (await desk.get("/admin/mails/1")).text
    assert "~only-in-the-mail-0~" in page
    shown = await desk.get("/admin/mails/1/html")
    assert "~only-in-the-mail-0~" in shown.text
    policy = shown.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "default-src 'none'" in policy[0] and "sandbox" in policy[0] and "allow-scripts" not in policy[0]
    assert (await desk.get("/admin/mails/99")).status_code == 404
    assert (await desk.get(f"/admin/mails/{10**30}")).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "state=sent",
        "state=nothing",
        "recipient=MARTA@feira.example",
        "recipient=%00%27",
        "before=x",
        f"before={'9' * 40}",
    ],
)
async def test_any_question_to_the_list_has_an_answer(desk: Any, order: str, asked: str) -> None:
    answer = await desk.get(f"/admin/mails?{asked}")
    assert answer.status_code == 200
    listed = f"We have your order {order}" in answer.text
    assert listed == (asked not in ("state=sent", "recipient=%00%27"))


async def test_an_operator_sends_a_failed_mail_again(
    desk: Any, order: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.notifications.sending import send_due

    mailbox.refuses_recipient = "550 No such person"
    await send_due()
    page = (await desk.get("/admin/mails/1")).text
    assert "550 No such person" in page
    assert "550 No such person" in (await desk.get("/admin/mails?state=failed")).text
    mailbox.refuses_recipient = ""
    for said in ("It waits to be sent again.", "It waits to be sent anyway."):
        answer = await desk.post("/admin/mails/1/sending")
        assert said in answer.text
    assert await send_due() == 1


async def test_hostile_words_do_nothing_where_mails_are_read(desk: Any, world: World) -> None:
    await pending(world, await world.product("<script>alert(1)</script>"))
    await written()
    for path in ("/admin/mails/1", "/admin/mails/1/html", "/admin/mails"):
        assert "<script>alert" not in (await desk.get(path)).text
