"""A stranger's name, and each that it leads on to, is connected to where it was checked, and nowhere inside."""

import socket
from collections.abc import Sequence

import pytest

from app.infra.outward import OutwardFailed, connecting, destinations
from app.infra.settings import settings
from tests.infra.outside import Names, fetch, refusal
from tests.infra.stranger import Stranger, page, redirect, stranger


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254"]
)
async def test_a_name_that_leads_inside_is_refused(inner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "resolve", Names(feed_example=[["93.184.215.14", inner]]))
    assert "private network" in (await refusal("http://feed.example/")).reason


async def test_a_name_that_nobody_knows_may_be_known_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "resolve", Names())
    assert isinstance(await refusal("http://feed.example/"), OutwardFailed)


async def test_the_real_resolver_knows_this_machine_and_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(await connecting.resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    real = connecting.resolve

    async def as_localhost(host: str, port: int) -> Sequence[str]:
        return await real("localhost", port)

    monkeypatch.setattr(connecting, "resolve", as_localhost)
    assert "private network" in (await refusal("http://feed.example/")).reason


async def test_a_name_is_asked_for_once_and_connected_to_what_was_checked(
    server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(feed_example=[["127.0.0.1"], ["127.0.0.66"]])
    monkeypatch.setattr(connecting, "resolve", names)
    server.pages["/"] = page(b"here")
    _, came = await fetch(server.url(host="feed.example"))
    assert (came, names.asked) == (b"here", ["feed.example"])
    assert server.asked[0].headers["host"] == f"feed.example:{server.port}"


async def test_a_name_that_changes_its_answer_is_checked_anew_at_a_redirect(
    server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is allowed by its number alone; the second is an inner address."""
    monkeypatch.setattr(settings(), "outward_allow", "127.0.0.1/32")
    monkeypatch.setattr(destinations, "PORTS", {server.port})
    monkeypatch.setattr(connecting, "resolve", Names(feed_example=[["127.0.0.1"], ["127.0.0.2"]]))
    server.pages["/"] = redirect("/again")
    assert "private network" in (await refusal(server.url(host="feed.example"))).reason
    assert [asked.path for asked in server.asked] == ["/"]


async def test_the_next_address_is_tried_when_the_first_is_away(
    server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "resolve", Names(feed_example=[["127.0.0.77", "127.0.0.1"]]))
    server.pages["/"] = page(b"here")
    assert (await fetch(server.url(host="feed.example")))[1] == b"here"


async def test_an_ipv6_address_is_asked_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    async with stranger(address="::1") as made:
        monkeypatch.setattr(settings(), "outward_allow", f"[::1]:{made.port}")
        made.pages["/"] = page(b"here")
        assert (await fetch(made.url(host="[::1]")))[1] == b"here"
        assert made.asked[0].headers["host"] == f"[::1]:{made.port}"
        assert "private network" in (await refusal("http://[::1]:8080/")).reason


def _has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as tried:
        try:
            tried.bind(("::1", 0))
        except OSError:
            return False
    return True


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://2130706433/",
        "http://localhost:6379/",
        "//10.0.0.1/",
        "file:///etc/passwd",
        "http://user:secret@feed.example/",
        "http://a\\b",
        "http://[",
        "http://[::ffff:7f00:1]/",
        "http://127.1/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://feed.example@127.0.0.1:6379/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://b\xfccher.localhost/",
        "ftp://feed.example/",
        "",
    ],
)
async def test_redirects_lead_nowhere_that_the_address_itself_could_not(server: Stranger, location: str) -> None:
    server.pages["/"] = redirect(location)
    if location:
        await refusal(server.url())
    else:
        assert (await fetch(server.url()))[0].status == 302
    assert len(server.asked) == 1


async def test_redirects_are_followed_five_times(server: Stranger) -> None:
    for step in range(7):
        server.pages[f"/{step}"] = redirect(f"/{step + 1}")
    server.pages["/5"] = page(b"found")
    answer, came = await fetch(server.url("/0"))
    assert (came, answer.url) == (b"found", server.url("/5"))
    server.pages["/5"] = redirect("/0")
    server.asked.clear()
    assert "without an end" in (await refusal(server.url("/0"))).reason
    assert len(server.asked) == 6


async def test_a_password_is_not_sent_on_to_another_host(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "resolve", Names(feed_example=[["127.0.0.1"]]))
    server.pages["/own"] = redirect("/own2")
    server.pages["/own2"] = redirect(server.url("/other", host="feed.example"))
    server.pages["/other"] = redirect(server.url("/back"))
    server.pages["/back"] = page(b"x")
    await fetch(server.url("/own"), headers={"Authorization": "Basic c2VjcmV0", "X-Kept": "1"})
    sent = {asked.path: asked.headers for asked in server.asked}
    assert [path for path, headers in sent.items() if "authorization" in headers] == ["/own", "/own2"]
    assert all(headers["x-kept"] == "1" for headers in sent.values())
