"""Requests to strangers end in time, within their size, and where they were allowed to go."""

import asyncio
import gzip
import socket
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from app.infra import outward
from app.infra.outward import OutwardFailed, OutwardRefused, body, connecting, destinations, downloading
from app.infra.settings import settings
from tests.infra.stranger import Behaviour, Stranger, page, redirect, stranger

TLS = Path(__file__).parent / "tls"
MIB = 1024 * 1024


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """A stranger that may be reached, although it is on this machine."""
    async with stranger() as made:
        monkeypatch.setattr(settings(), "outward_allow", f"127.0.0.1:{made.port}, feed.example:{made.port}")
        yield made


class Names:
    """Answers for names, one after another; the last one stays."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.asked: list[str] = []
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            raise OSError("no such name")
        answers = self._answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def fetch(url: str, max_bytes: int = MIB, seconds: float = 60, **other: object) -> tuple[outward.Answer, bytes]:
    came = bytearray()
    answer = await outward.download(url, came.extend, max_bytes=max_bytes, seconds=seconds, **other)  # type: ignore[arg-type]
    return answer, bytes(came)


async def refusal(url: str, **limits: object) -> OutwardRefused:
    with pytest.raises(OutwardRefused) as refused:
        await fetch(url, **limits)  # type: ignore[arg-type]
    return refused.value


async def test_a_file_comes_with_its_headers(server: Stranger) -> None:
    server.pages["/shoes.csv?v=1"] = page(b"sku,price\n", 'ETag: "a"', "Vary: x", "vary: y")
    answer, came = await fetch(server.url("/shoes.csv?v=1#top"), headers={"If-None-Match": '"b"'})
    assert came == b"sku,price\n"
    assert (answer.status, answer.size, answer.headers["etag"], answer.headers["vary"]) == (200, 10, '"a"', "x, y")
    asked = server.asked[0].headers
    assert asked["host"] == f"127.0.0.1:{server.port}"
    assert (asked["if-none-match"], asked["accept-encoding"]) == ('"b"', "identity")
    assert "cookie" not in asked


async def test_other_answers_are_told_without_their_body(server: Stranger) -> None:
    server.pages["/same"] = b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n"
    server.pages["/gone"] = page(b"sorry", status="410 Gone")
    assert (await fetch(server.url("/same")))[0].status == 304
    answer, came = await fetch(server.url("/gone"))
    assert (answer.status, came) == (410, b"")


async def test_what_calls_itself_something_else_is_not_read(server: Stranger) -> None:
    server.pages["/a.jpg"] = page(b"<html>", "content-type: text/html; charset=utf-8")
    server.pages["/b.jpg"] = page(b"jpeg", "content-type: image/jpeg")
    assert "text/html" in (await refusal(server.url("/a.jpg"), accept=["image/*"])).reason
    assert (await fetch(server.url("/b.jpg"), accept=["image/*"]))[1] == b"jpeg"
    assert server.asked[-1].headers["accept"] == "image/*"


# Where it leads


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


# What it sends


async def test_more_than_was_allowed_is_not_read(server: Stranger) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    server.pages["/endless"] = endless
    server.pages["/honest"] = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
    came = bytearray()
    with pytest.raises(OutwardRefused, match=r"larger than 2 MB"):
        await outward.download(server.url("/endless"), came.extend, max_bytes=2 * MIB, seconds=60)
    assert len(came) <= 2 * MIB
    assert "larger" in (await refusal(server.url("/honest"))).reason


BROKEN = {
    "shorter than said": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 9\r\n\r\nshort",
    "a length below nothing": b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nshort",
    "a chunk without a size": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\nshort",
    "no last chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "zeros": bytes(10_000),
    "two lengths in one": b"HTTP/1.1 200 OK\r\ncontent-length: 5, 9\r\n\r\nshort",
    "a length of 5,000 digits": b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5_000 + b"\r\n\r\nshort",
    "a length in other digits": b"HTTP/1.1 200 OK\r\ncontent-length: \xb2\r\n\r\nshort",
    "a chunk below nothing": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nshort",
    "a chunk beyond numbers": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"F" * 30 + b"\r\nshort",
    "an endless extension": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;" + b"x" * 500_000,
    "endless trailers": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + b"x: y\r\n" * 100_000,
    "another protocol instead": b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nshort",
    "zero in a header": b"HTTP/1.1 200 OK\r\netag: \0\r\ncontent-length: 0\r\n\r\n",
    "an endless header": b"HTTP/1.1 200 OK\r\n" + b"x-flood: " + b"y" * 500_000 + b"\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"x-flood: y\r\n" * 100_000 + b"\r\n\r\n",
    "said to be packed": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nshort",
    "half of a pack": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 1_000)[:-9],
}


@pytest.mark.parametrize("answer", BROKEN)
async def test_an_answer_that_is_broken_fails_and_may_be_asked_for_again(server: Stranger, answer: str) -> None:
    server.pages["/"] = BROKEN[answer]
    assert isinstance(await refusal(server.url()), OutwardFailed)


async def test_a_longer_body_than_announced_is_cut_where_it_was_announced(server: Stranger) -> None:
    server.pages["/"] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsku,and more"
    assert (await fetch(server.url()))[1] == b"sku,"


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])]
)
@pytest.mark.parametrize("size", [0, 1, 10, body.PIECE, body.PIECE + 1, 3 * body.PIECE])
async def test_what_is_packed_all_the_same_is_unpacked(
    server: Stranger, pack: Callable[[bytes], bytes], size: int
) -> None:
    server.pages["/"] = page(pack(b"x" * size), "content-encoding: gzip")
    answer, came = await fetch(server.url())
    assert came == b"x" * size
    assert answer.size == size


async def test_a_bomb_is_found_while_it_is_unpacked(server: Stranger) -> None:
    server.pages["/"] = page(gzip.compress(bytes(64 * MIB)), "content-encoding: gzip")
    assert "larger" in (await refusal(server.url(), max_bytes=MIB)).reason
    assert "far more" in (await refusal(server.url(), max_bytes=2_000 * MIB)).reason


async def test_other_packings_are_refused(server: Stranger) -> None:
    server.pages["/"] = page(b"x", "content-encoding: gzip, br")
    assert "gzip is fine" in (await refusal(server.url())).reason


# How long it takes


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3_600)


async def _silent_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n")
    await asyncio.sleep(3_600)


def _dripping(head: bytes, drop: bytes) -> Behaviour:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.05)

    return drip


SLOW = {
    "silence": _silence,
    "silent body": _silent_body,
    "body in drops": _dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "headers in drops": _dripping(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
    "endless preliminaries": _dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("behaviour", SLOW)
async def test_the_whole_must_be_done_in_time(server: Stranger, behaviour: str) -> None:
    server.pages["/"] = SLOW[behaviour]
    started = time.monotonic()
    refused = await refusal(server.url(), seconds=0.5)
    assert isinstance(refused, OutwardFailed)
    assert "0.5 seconds" in refused.reason
    assert time.monotonic() - started < 20


async def test_a_server_that_falls_silent_is_given_up(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "PAUSE_SECONDS", 0.2)
    server.pages["/"] = _silent_body
    assert "stopped answering" in (await refusal(server.url())).reason


@pytest.mark.parametrize("behaviour", ["headers in drops", "endless preliminaries"])
async def test_headers_without_an_end_do_not_last_as_long_as_a_large_file_may(
    server: Stranger, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setattr(downloading, "ANSWER_SECONDS", 0.3)
    server.pages["/"] = SLOW[behaviour]
    refused = await refusal(server.url())
    assert isinstance(refused, OutwardFailed)
    assert "headers without an end" in refused.reason


async def test_a_body_in_crumbs_is_not_eaten(server: Stranger) -> None:
    crumbs = b"1\r\nx\r\n" * (body.CRUMB_GRACE + 10)
    server.pages["/"] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + crumbs + b"0\r\n\r\n"
    assert "crumbs" in (await refusal(server.url())).reason
    few = b"1\r\nx\r\n" * 1_000
    server.pages["/"] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + few + b"0\r\n\r\n"
    assert len((await fetch(server.url()))[1]) == 1_000


async def test_drops_are_not_waited_for(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "WINDOW_SECONDS", 0.2)
    server.pages["/"] = SLOW["body in drops"]
    assert "so slowly" in (await refusal(server.url())).reason


async def test_a_resolver_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(3_600)
        return []

    monkeypatch.setattr(connecting, "resolve", silent)
    monkeypatch.setattr(connecting, "RESOLVE_SECONDS", 0.1)
    assert "could not find" in (await refusal("http://feed.example/")).reason


async def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "outward_allow", "127.0.0.1:9")
    assert "could not be reached" in (await refusal("http://127.0.0.1:9/")).reason


async def test_a_proxy_of_the_environment_is_not_asked(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.pages["/"] = page(b"direct")
    assert (await fetch(server.url()))[1] == b"direct"


async def test_what_the_receiver_raises_comes_through(server: Stranger) -> None:
    def full(data: bytes) -> None:
        raise OSError("no room")

    server.pages["/"] = page(b"x")
    with pytest.raises(OSError, match="no room"):
        await outward.download(server.url(), full, max_bytes=MIB, seconds=60)


# Who it is


@pytest.fixture
async def secure(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """feed.example and other.example, of whom only the first can prove its name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "feed_example.pem")
    monkeypatch.setattr(connecting, "resolve", Names(feed_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]]))
    async with stranger(context) as made:
        places = (f"{host}:{made.port}" for host in ("feed.example", "other.example", "127.0.0.1"))
        monkeypatch.setattr(settings(), "outward_allow", " ".join(places))
        made.pages["/"] = page(b"secret goods")
        yield made


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(TLS / "authority.pem"))
    monkeypatch.setattr(downloading, "tls", lambda: context)


async def test_the_name_is_checked_although_an_address_is_connected_to(secure: Stranger, trusted: None) -> None:
    assert (await fetch(secure.url(host="feed.example", scheme="https")))[1] == b"secret goods"
    for host in ("other.example", "127.0.0.1"):
        assert "prove who it is" in (await refusal(secure.url(host=host, scheme="https"))).reason


async def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Stranger) -> None:
    assert "prove who it is" in (await refusal(secure.url(host="feed.example", scheme="https"))).reason


async def test_a_secure_address_does_not_lead_to_one_that_is_not(
    secure: Stranger, trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure.pages["/"] = redirect(secure.url("/plain", host="feed.example"))
    assert "not" in (await refusal(secure.url(host="feed.example", scheme="https"))).reason
    assert len(secure.asked) == 1


async def test_a_server_without_tls_is_told_apart(server: Stranger) -> None:
    server.greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    refused = await refusal(server.url(scheme="https"))
    assert isinstance(refused, OutwardFailed)
    assert "prove who it is" in refused.reason
