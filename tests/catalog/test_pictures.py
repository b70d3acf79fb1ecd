"""/art/…: pictures that we draw."""

import httpx
import pytest
from lxml import etree


async def test_a_picture_is_an_svg_that_browsers_keep(client: httpx.AsyncClient) -> None:
    answer = await client.get("/art/lamp-task-bottle-close.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "immutable" in answer.headers["cache-control"]
    assert (await client.get("/art/lamp-task-bottle-close.svg")).content == answer.content


@pytest.mark.parametrize("name", ["stall", "lamp-task-bottle", "mug-terracotta-size", "parcel-wood"])
async def test_a_picture_runs_nothing_and_asks_for_nothing(client: httpx.AsyncClient, name: str) -> None:
    tree = etree.fromstring((await client.get(f"/art/{name}.svg")).content)
    for element in tree.iter():
        assert etree.QName(element).localname not in {"script", "style", "foreignObject", "image", "a"}
        for attribute, value in element.attrib.items():
            assert not str(attribute).startswith("on")
            assert attribute != "style"
            assert "//" not in str(value)


@pytest.mark.parametrize(
    "name", ["nope.svg", "lamp-task-bottle", "lamp-task-bottle.png", "x" * 500 + ".svg", "%00.svg", ".svg"]
)
async def test_what_we_do_not_draw_is_not_there(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/art/{name}")).status_code == 404
