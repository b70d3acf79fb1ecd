"""A stranger's address, taken apart once; what is checked here is what is asked for."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from app.infra.outward.addresses import is_outer
from app.infra.outward.allowed import allowed
from app.infra.outward.refusal import OutwardRefused

PORTS = {80, 443, 8080, 8443}
LENGTH = 2_000  # characters of an address
INNER = "This address leads into a private network."
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # resolvers read 0x7f.1 and 2130706433 as IPv4 addresses


@dataclass(frozen=True)
class Destination:
    """`host` is a name in ASCII or an IP address without brackets; `target` is path and query, encoded."""

    url: str
    scheme: str
    host: str
    port: int
    target: bytes
    is_address: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _usual_port(self.scheme) else f"{host}:{self.port}"


def destination(text: str, base: str = "") -> Destination:
    """`text` taken apart and checked as far as is possible without asking anybody; relative to `base` if given.

    Raises:
        OutwardRefused: no address that we may ever fetch.
    """
    url = _parsed(text, base)
    if url.scheme not in ("http", "https"):
        raise OutwardRefused("The address has to begin with https:// or http://.")
    if url.userinfo:
        raise OutwardRefused("A name and password do not belong into the address; give them in their own fields.")
    host = _host(url)
    port = _usual_port(url.scheme) if url.port is None else url.port
    is_address = _is_address(host)
    _check(host, port, is_address)
    return Destination(str(url), url.scheme, host, port, url.raw_path, is_address)


def _parsed(text: str, base: str) -> httpx.URL:
    if len(text) > LENGTH:
        raise OutwardRefused(f"The address is longer than {LENGTH:,} characters.")
    try:
        url = httpx.URL(base).join(text) if base else httpx.URL(text.strip())
        url = url.copy_with(fragment=None, host=url.host.removesuffix("."))
    except (httpx.InvalidURL, ValueError, TypeError):
        raise OutwardRefused("This is not an address that can be fetched.") from None
    if len(url.raw_path) > 2 * LENGTH:
        raise OutwardRefused(f"The address is longer than {LENGTH:,} characters.")
    return url


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _host(url: httpx.URL) -> str:
    """The host as it is looked up, compared and shown in certificates: one spelling of each."""
    host = url.raw_host.decode("ascii").lower()
    if _is_address(host):
        return str(ip_address(host))
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise OutwardRefused("The name of the server in this address is not written correctly.")
    if _NUMBER.fullmatch(labels[-1]):
        raise OutwardRefused("Write the server's name, or its number in the usual way (four numbers with dots).")
    return host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _check(host: str, port: int, is_address: bool) -> None:
    if not 0 < port < 2**16:
        raise OutwardRefused("There is no such port.")
    if allowed().place(host, port) or (is_address and allowed().address(host)):
        return
    if port not in PORTS:
        raise OutwardRefused("We fetch only from the usual ports: 80, 443, 8080 and 8443.")
    if is_address and not is_outer(host):
        raise OutwardRefused(INNER)
    if not is_address and ("." not in host or host.endswith((".localhost", ".local", ".internal"))):
        raise OutwardRefused(INNER)
