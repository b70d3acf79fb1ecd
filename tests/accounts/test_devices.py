"""Where an account is signed in: in words, ended one by one or all at once; PostgreSQL alone knows."""

from datetime import timedelta
from typing import Any

import pytest

from app.accounts import guessing, sessions, tries
from app.accounts.devices import UNKNOWN, device
from app.accounts.sessions import account_of
from app.infra import redis
from app.infra.clock import frozen, now
from app.infra.database import count_queries, fetch, fetch_one
from tests.accounts.people import EMAIL, Client, is_in, person, sign_in
from tests.accounts.test_guards import request, signed_in

LINES = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    " Edg/142.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36": (
        "Chrome on Android"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0"
    " Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0"
    " Mobile/15E148 Safari/604.1": "Chrome on iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0"
    " Safari/605.1.15": "Safari on Mac",
    "curl/8.5.0": UNKNOWN,
    "": UNKNOWN,
    "<script>alert(1)</script>" * 1000: UNKNOWN,
    "Mozilla/5.0 (X11; Linux x86_64)": "A browser on Linux",
}


@pytest.mark.parametrize(("line", "words"), LINES.items(), ids=range(len(LINES)))
def test_a_browser_in_words(line: str, words: str) -> None:
    assert device(line) == words


async def on(client: Client, line: str) -> dict[str, str]:
    """Sign in with that browser; its cookies."""
    client.cookies.clear()
    await client.post(
        "/sign-in", data={"email": EMAIL, "password": "figs and late trams"}, headers={"user-agent": line}
    )
    return dict(client.cookies)


async def test_an_account_is_signed_in_on_so_many_devices_and_the_longest_unseen_goes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person()
    monkeypatch.setattr(sessions, "MOST", 3)
    for number in range(5):
        with frozen(now() + timedelta(minutes=number)):
            await on(client, "")
    assert await is_in(client)
    rows = await fetch("SELECT id - min(id) OVER () AS place, count(*) OVER () AS left FROM session ORDER BY id")
    assert [tuple(row) for row in rows] == [(0, 3), (1, 3), (2, 3)]


async def test_the_list_shows_this_device_and_the_others(client: Client) -> None:
    await person()
    phone, desk = [line for line, words in LINES.items() if words in ("Safari on iPhone", "Firefox on Windows")]
    await on(client, phone)
    await on(client, desk)
    text = (await client.get("/account/security")).text
    assert text.index("Safari on iPhone") > 0 and text.index("Firefox on Windows") > 0
    assert text.count("This device") == 1 and "Sign out everywhere but here" in text


async def test_one_device_is_signed_out_and_this_one_stays(client: Client) -> None:
    await person()
    other = await on(client, next(iter(LINES)))
    await on(client, "")
    row = await fetch_one("SELECT id FROM session ORDER BY id LIMIT 1")
    assert row
    assert "Firefox on Windows is signed out" in (await client.post(f"/account/sessions/{row['id']}/removal")).text
    again = await client.post(f"/account/sessions/{row['id']}/removal")
    assert "signed out already" in again.text
    assert await is_in(client)
    client.cookies.clear()
    client.cookies.update(other)
    assert not await is_in(client)


async def test_all_others_are_signed_out_at_once(client: Client) -> None:
    await person()
    for _ in range(3):
        await on(client, "")
    await client.post("/account/sessions/removal")
    assert len(await fetch("SELECT FROM session")) == 1
    assert await is_in(client)


async def test_ending_this_device_signs_it_out(client: Client) -> None:
    await person()
    await sign_in(client)
    (row,) = await fetch("SELECT id FROM session")
    answer = await client.post(f"/account/sessions/{row['id']}/removal", follow_redirects=False)
    assert answer.headers["location"] == "/"
    assert not await is_in(client)


async def test_nobody_ends_anothers_session(client: Client) -> None:
    await person()
    await person("rui@example.pt")
    await sign_in(client)
    (row,) = await fetch("SELECT id FROM session")
    client.cookies.clear()
    await sign_in(client, email="rui@example.pt")
    for number in (str(row["id"]), "0", "9" * 30, "-1", "x", "%00"):
        assert (await client.post(f"/account/sessions/{number}/removal")).status_code in (200, 404)
    assert len(await fetch("SELECT FROM session")) == 2


async def test_when_a_device_was_here_is_written_once_an_hour(client: Client) -> None:
    await person()
    cookie = await signed_in(client)
    queries = count_queries()
    for minutes, cost in ((59, 1), (61, 2), (62, 1)):
        before = queries.value
        with frozen(now() + timedelta(minutes=minutes)):
            assert await account_of(request(cookie=cookie))
        assert queries.value - before == cost


async def test_a_flushed_redis_loses_no_sign_in_and_no_count_of_guesses(client: Client) -> None:
    await person()
    await sign_in(client)
    for _ in range(4):
        await guessing.count_try(EMAIL)
    resets = [await client.post("/password-reset", data={"email": EMAIL}) for _ in range(3)]
    assert [answer.status_code for answer in resets] == [200] * 3
    await redis.client(patient=True).flushdb()
    assert await is_in(client)
    assert (await client.post("/password-reset", data={"email": EMAIL})).status_code == 429
    assert await guessing.count_try(EMAIL) == 0
    with pytest.raises(guessing.Paused):
        await guessing.count_try(EMAIL)


async def test_a_network_that_guesses_at_many_addresses_is_stopped_and_others_are_not(client: Client) -> None:
    await person()
    for _ in range(60):
        await tries.note(tries.WRONG_SIGN_INS, "127.0.0.1")
    answer: Any = await sign_in(client)
    assert answer.status_code == 429 and "too often from your network" in answer.text
    with frozen(now() + timedelta(minutes=16)):
        await sessions.sweep()
        assert (await sign_in(client)).status_code == 303
