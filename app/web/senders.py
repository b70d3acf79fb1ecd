"""Where a request comes from, to count what comes from there."""

from ipaddress import IPv4Address, ip_address, ip_network

from litestar import Request


def sender_of(request: Request) -> str:
    """The network that sent it, as text; "" where the server does not know."""
    return sender(request.client.host if request.client else "")


def sender(host: str) -> str:
    """The network that a request from address `host` comes from: of an IPv6 address what a household is given."""
    try:
        address = ip_address(host)
    except ValueError:  # no address: a socket's name, or nothing
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))
