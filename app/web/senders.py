"""Where a request comes from, to count what comes from there.

Behind a reverse proxy every connection is the proxy's: TRUSTED_PROXIES says whose word about it is believed. A proxy
that nobody told us of makes the sender unknown, so that one visitor's mistakes are not counted against everybody.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from litestar import Request

from app.infra.settings import is_loopback, settings

FORWARDED = "x-forwarded-for"
MOST_HOPS = 20
_WITH_PORT = re.compile(r"([0-9.]{7,15}):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")
PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def sender_of(request: Request) -> str:
    """The network that sent it, as text; "" where that is not known."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get(FORWARDED, "")
    if not forwarded:
        return sender(peer)
    if _is_trusted(peer):
        hops = forwarded.rsplit(",", MOST_HOPS)[-MOST_HOPS:]
        return sender(next((hop for hop in map(_without_port, reversed(hops)) if not _is_trusted(hop)), ""))
    return "" if _is_inner(peer) else sender(peer)  # whoever connects from outside may write what he likes


def sender(host: str) -> str:
    """The network that a request from address `host` comes from: of an IPv6 address what a household is given."""
    try:
        address = ip_address(host)
    except ValueError:  # no address: a socket's name, or nothing
        return host[:64]
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))


def serves_this_machine_alone() -> bool:
    """Whether this shop is one in development, as far as its settings tell."""
    return is_loopback(settings().host) and is_loopback(urlsplit(settings().public_url).hostname or "")


def is_this_machine(request: Request) -> bool:
    """Whether somebody at this machine asks such a shop, through no proxy: behind one, everybody seems to be here.

    Also not by another site's name that was made to lead here.
    """
    if not serves_this_machine_alone() or any(name in request.headers for name in PROXIES):
        return False
    try:
        asked_for = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_loopback(asked_for) and request.client is not None and is_loopback(request.client.host)


def _without_port(hop: str) -> str:
    """Some proxies write the port of each connection, too: "198.51.100.7:51234", "[2001:db8::4]:51234"."""
    match = _WITH_PORT.fullmatch(hop.strip())
    return match[1] or match[2] if match else hop.strip()


def _is_trusted(host: str) -> bool:
    address = _address(host)
    return address is not None and any(address in network for network in _networks(settings().trusted_proxies))


def _is_inner(host: str) -> bool:
    address = _address(host)
    return address is None or address.is_private or address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=2)
def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(place, strict=False) for place in text.replace(",", " ").split())
