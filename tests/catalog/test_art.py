"""Every picture that an address can name is drawn by us, and nothing else has an address."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from app.catalog.art import KINDS, VIEWS, WAYS, draw, stall
from app.catalog.art.addresses import address, choose_way, parse, picture

EVERY = [(kind, form, way, view) for kind, forms in KINDS.items() for form in forms for way in WAYS for view in VIEWS]


def _name(where: str) -> str:
    return where.removeprefix("/art/").removesuffix(".svg")


def test_every_picture_is_well_formed_and_stands_at_an_address_of_its_own() -> None:
    addresses = {address(*parts) for parts in EVERY}
    assert len(addresses) == len(EVERY)
    for kind, form, way, view in EVERY:
        assert ElementTree.fromstring(draw(kind, way, form, view)).tag.endswith("svg")


@pytest.mark.parametrize("parts", EVERY[::37])
def test_parsing_is_the_inverse_of_addressing(parts: tuple[str, str | None, str, str]) -> None:
    assert parse(_name(address(*parts))) == parts


def test_addresses_leave_out_what_goes_without_saying() -> None:
    assert address("lamp", "task", "bottle") == "/art/lamp-task-bottle.svg"
    assert address("lamp", None, "bottle") == "/art/lamp-task-bottle.svg"
    assert address("mug", None, "terracotta") == "/art/mug-terracotta.svg"
    assert address("lamp", "task", "bottle", "close") == "/art/lamp-task-bottle-close.svg"


def test_the_same_picture_has_the_same_bytes() -> None:
    assert draw("plant", "plum", "rubber") == draw("plant", "plum", "rubber")
    assert stall() == stall() == picture("stall")


HOSTILE = (
    *("", "\0", "-" * 100_000, "../../etc/passwd", "lamp-task-<svg>", "lamp-task-bottle\n", "LAMP-task-bottle"),
    *("lamp", "lamp-task", "lamp-task-bottle-", "lamp-task-bottle-front", "lamp-task-bottle-close-close"),
    *("mug--terracotta", "stall-close", "stall.svg"),
)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_that_we_did_not_give_is_nobodys(name: str) -> None:
    assert parse(name) is None
    assert picture(name) is None


def test_what_cannot_be_drawn_has_no_address() -> None:
    with pytest.raises(ValueError, match="no such picture"):
        address("lamp", "spiral", "bottle")
    with pytest.raises(KeyError):
        address("dragon", None, "bottle")


def test_a_thing_without_a_colour_keeps_the_one_it_was_given() -> None:
    chosen = {choose_way(f"SKU-{number}") for number in range(500)}
    assert chosen == set(WAYS)
    assert choose_way("F7K2M9QX") == choose_way("F7K2M9QX")


def test_the_picture_of_a_parcel_is_there_for_goods_of_no_kind() -> None:
    assert draw("parcel", "ink").startswith("<svg")


def test_every_picture_that_a_template_names_is_drawn() -> None:
    pages = (Path(__file__).resolve().parents[2] / "templates").rglob("*.html")
    named = {found for page in pages for found in re.findall(r'"(/art/[a-z-]+\.svg)"', page.read_text())}
    assert named and all(picture(_name(where)) for where in named), named
