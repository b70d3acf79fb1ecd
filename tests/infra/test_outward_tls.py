"""A stranger who speaks TLS proves his name."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.infra.outward import OutwardFailed, connecting, downloading
from app.infra.settings import settings
from tests.infra.outside import Names, fetch, refusal
from tests.infra.stranger import Stranger, page, redirect, stranger

TLS = Path(__file__).parent / "tls"


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
