"""Where a request comes from: the connection's other end, or what a proxy says that we were told of."""

from typing import Any

import pytest
from litestar import Request

from app.infra.settings import settings
from app.web.senders import sender_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("93.184.216.34", "", "", "93.184.216.34"),
        ("93.184.216.34", "198.51.100.7", "", "93.184.216.34"),  # whoever connects from outside may write what he likes
        ("10.0.0.5", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.7, 10.0.0.9", "10.0.0.0/8", "198.51.100.7"),  # what he wrote himself is left
        ("::ffff:10.0.0.5", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.5", "2001:db8:1:2:3::4", "10.0.0.5", "2001:db8:1:2::/64"),
        ("10.0.0.5", "10.0.0.6", "10.0.0.0/8", ""),
        ("10.0.0.5", "1.2.3.4:80, 198.51.100.7:51234, 10.0.0.9:443", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.5", "[2001:db8:1:2:3::4]:51234", "10.0.0.5", "2001:db8:1:2::/64"),
        ("10.0.0.5", "x" * 9000, "10.0.0.0/8", "x" * 64),
        ("10.0.0.5", "198.51.100.7", "", ""),  # a proxy that nobody told us of: unknown, not everybody's
        ("127.0.0.1", "", "", "127.0.0.1"),
        ("", "", "", ""),
    ],
)
def test_a_sender(
    environment: None,
    monkeypatch: pytest.MonkeyPatch,
    peer: str,
    forwarded: str,
    trusted: str,
    expected: str,
) -> None:
    monkeypatch.setattr(settings(), "trusted_proxies", trusted)
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope: Any = {"type": "http", "method": "GET", "headers": headers, "client": (peer, 1) if peer else None}
    assert sender_of(Request(scope)) == expected
