"""A file of a stranger comes as it is meant to, within its size, or it is said what is wrong with it."""

import asyncio
import gzip
import zlib
from collections.abc import Callable

import pytest

from app.infra import outward
from app.infra.outward import OutwardFailed, OutwardRefused, body
from tests.infra.outside import MIB, fetch, refusal
from tests.infra.stranger import Stranger, page


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
