"""Which IP addresses belong to the open internet, and not to us, our neighbours or the machine itself."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Given out for the whole internet by registry or custom, and yet not somebody's public server.
_INNER_4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers; some clouds keep their metadata here
        "168.63.129.16/32",  # what Azure tells its own machines
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
]
_OUTER_6 = IPv6Network("2000::/3")  # the only part of IPv6 that is given out; everything else is refused
_INNER_6 = [IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20")]  # Teredo is in the first
_TRANSLATED = IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches it
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TUNNELLED = (0x0000_5EFE, 0x0200_5EFE)  # ISATAP: before the last 32 bits, which are an IPv4 address


def is_outer(text: str) -> bool:
    """Whether `text`, an address as the resolver gives it, may be reached on behalf of a stranger."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _outer_4(address) if isinstance(address, IPv4Address) else _outer_6(address)


def _outer_4(address: IPv4Address) -> bool:
    strange = address.is_private or address.is_reserved or address.is_multicast or address.is_link_local
    return address.is_global and not strange and not any(address in network for network in _INNER_4)


def _outer_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return _outer_4(address.ipv4_mapped)
    if address in _TRANSLATED:
        return _outer_4(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address not in _OUTER_6 or not address.is_global or any(address in network for network in _INNER_6):
        return False
    # An address that carries an IPv4 address leads to that one.
    if address in _SIX_TO_FOUR and not _outer_4(IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)):
        return False
    tunnelled = (int(address) >> 32) & 0xFFFF_FFFF in _TUNNELLED
    return not tunnelled or _outer_4(IPv4Address(int(address) & 0xFFFF_FFFF))
