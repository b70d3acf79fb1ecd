"""The setting OUTWARD_ALLOW: inner places that may be reached all the same, for development and tests."""

from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from app.infra.settings import settings


@dataclass(frozen=True)
class Allowed:
    """Places by name and port, and whole networks."""

    places: frozenset[tuple[str, int]]
    networks: tuple[IPv4Network | IPv6Network, ...]

    def place(self, host: str, port: int) -> bool:
        return (host, port) in self.places

    def address(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


def allowed() -> Allowed:
    return _parsed(settings().outward_allow)


@cache
def _parsed(text: str) -> Allowed:
    places, networks = set(), []
    for entry in text.replace(",", " ").split():
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            host, _, port = entry.rpartition(":")
            places.add((host.strip("[]").lower(), int(port)))
    return Allowed(frozenset(places), tuple(networks))
