"""Addresses of strangers lead into the open internet or nowhere."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.outward import OutwardRefused, destination
from app.infra.outward.addresses import is_outer
from app.infra.settings import SettingInvalid, settings

INNER_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
INNER_6 = [
    IPv6Network(network)
    for network in (
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:db8::/32",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
]


def somewhere_in_4(networks: list[IPv4Network]) -> st.SearchStrategy[IPv4Address]:
    return st.sampled_from(networks).flatmap(lambda network: st.ip_addresses(network=network)).map(_as_4)


def _as_4(address: IPv4Address | IPv6Address) -> IPv4Address:
    assert isinstance(address, IPv4Address)
    return address


inner_4 = somewhere_in_4(INNER_4)
outer_4 = st.ip_addresses(v=4).map(_as_4).filter(lambda address: not any(address in network for network in INNER_4))
inner_6 = st.sampled_from(INNER_6).flatmap(lambda network: st.ip_addresses(network=network))


def carriers(address: IPv4Address) -> list[IPv6Address]:
    """Every way in which an IPv6 address leads to an IPv4 one."""
    number = int(address)
    return [
        IPv6Address(0xFFFF_0000_0000 | number),
        IPv6Address((0x64_FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x2A00_1450 << 96) | (0x5EFE << 32) | number),
        IPv6Address((0x2A00_1450 << 96) | (0x0200_5EFE << 32) | number),
    ]


@given(inner_4)
def test_no_inner_ipv4_address_is_reached(address: IPv4Address) -> None:
    assert not is_outer(str(address))


@given(inner_6)
def test_no_inner_ipv6_address_is_reached(address: IPv6Address) -> None:
    assert not is_outer(str(address))


@given(inner_4)
def test_no_ipv6_spelling_leads_to_an_inner_ipv4_address(address: IPv4Address) -> None:
    assert not [carrier for carrier in carriers(address) if is_outer(str(carrier))]


@given(
    outer_4.filter(lambda address: not str(address).startswith(("192.88.99.", "168.63.129.16", "192.31.", "192.52.")))
)
def test_the_open_internet_is_reached(address: IPv4Address) -> None:
    assert is_outer(str(address))
    assert all(is_outer(str(carrier)) for carrier in carriers(address))


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "::",
        "::1",
        "fe80::1%eth0",
        "2a00:1450::1%1",
        "127.1",
        "not an address",
        "",
    ],
)
def test_metadata_and_odd_addresses_are_not_reached(address: str) -> None:
    assert not is_outer(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:4700:4700::1111", "64:ff9b::5db8:d70e", "2a00:1450:4003::200e"]
)
def test_public_servers_are_reached(address: str) -> None:
    assert is_outer(address)


REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0177.1/",
    "http://0177.0.0.01/",
    "http://0/",
    "http://127.0.0.1./",
    "http://127.0.0.1../",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://feira.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://intranet/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[::ffff:0x7f.1]/",
    "http://[fe80::1%25eth0]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[::]/",
    "http://0.0.0.0/",
    "http://user:secret@feed.example/",
    "http://feed.example\\@127.0.0.1/",
    "http://feed.example@127.0.0.1/",
    "http://127.0.0.1#@feed.example/",
    "http://127.0.0.1%2f@feed.example/",
    "http://feed.example:22/",
    "http://feed.example:6379/",
    "http://feed.example:0/",
    "http://feed.example:65536/",
    "http://feed.example:99999/",
    "http://feed.example:-1/",
    "http://feed.example:4 43/",
    "ftp://feed.example/",
    "file:///etc/passwd",
    "gopher://feed.example/",
    "javascript:alert(1)",
    "//feed.example/",
    "feed.example/shoes.csv",
    "http://",
    "http:///shoes.csv",
    "http://./",
    "http://a..example/",
    "http://-feed.example/",
    "http://fe ed.example/",
    "http://fe%65d.example/",
    "http://feed.example%00.other.example/",
    "http://feed.example\r\nhost: other/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://feed.example/" + "x" * 2_000,
    "http://xn--/",
    "",
    "   ",
    "\x00",
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_no_public_address_is_refused_before_anybody_is_asked(address: str) -> None:
    with pytest.raises(OutwardRefused) as refused:
        destination(address)
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("https://feed.example/shoes.csv?key=1", "feed.example", 443),
        ("HTTP://Feed.Example.:8080/a b", "feed.example", 8080),
        ("https://sapatos-são-joão.example/", "xn--sapatos-so-joo-yhbe.example", 443),
        (" https://93.184.215.14/x#part ", "93.184.215.14", 443),
        ("https://[2606:4700:4700:0::1111]:8443/", "2606:4700:4700::1111", 8443),
    ],
)
def test_ordinary_addresses_are_taken_apart(address: str, host: str, port: int) -> None:
    found = destination(address)
    assert (found.host, found.port) == (host, port)
    assert b"#" not in found.target
    assert b" " not in found.target


@given(st.text(max_size=60).map(lambda text: "http://" + text))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = destination(text)
    except OutwardRefused:
        return
    assert found.host.isascii()
    assert found.is_address or not _looks_like_an_address(found.host)


def _looks_like_an_address(host: str) -> bool:
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


def test_development_may_allow_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "outward_allow", "localhost:9000, 10.1.0.0/16 [::1]:8000")
    assert destination("http://localhost:9000/").port == 9000
    assert destination("http://10.1.2.3:5000/").port == 5000
    assert destination("http://[::1]:8000/").host == "::1"
    for other in ("http://localhost:9001/", "http://10.2.0.1/", "http://[::1]:8001/"):
        with pytest.raises(OutwardRefused):
            destination(other)
    for port in (0, 65536):
        with pytest.raises(OutwardRefused):
            destination(f"http://10.1.2.3:{port}/")


def test_a_setting_that_names_no_place_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTWARD_ALLOW", "everything")
    with pytest.raises(SettingInvalid, match="OUTWARD_ALLOW: everything is neither"):
        settings.__wrapped__()
