"""/pictures/…: a supplier's picture where there is one, our drawing while there is none."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalog import picture_files
from app.catalog.depicting import key_of
from app.catalog.picture_files import publish, read, workplace
from app.infra.settings import settings
from app.web import rendering
from tests.catalog.photographs import encoded, looks, photograph

KEY = key_of("https://maker.example/lamp.jpg")
ADDRESS = f"/pictures/{KEY}/lamp-task-bottle"
BROWSER = {"accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def empty_folder(environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "feira_data", tmp_path)


def keep(key: str = KEY, widths: tuple[int, ...] = (160, 320, 640, 1280), ground: str = "white") -> None:
    with workplace() as folder:
        for width in widths:
            for kind in ("webp", "avif"):
                (folder / "made" / f"{width}.{kind}").write_bytes(body(width, kind, ground))
        publish(folder / "made", key)


@cache
def body(width: int, kind: str, ground: str) -> bytes:
    return encoded(photograph((width, width // 2), ground=ground), kind.upper())


async def test_until_it_has_been_fetched_our_drawing_stands_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(ADDRESS, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.content == (await client.get("/art/lamp-task-bottle.svg")).content


async def test_a_picture_is_kept_by_browsers_for_a_month(client: httpx.AsyncClient) -> None:
    keep()
    answer = await client.get(f"{ADDRESS}?w=320", headers=BROWSER)
    assert answer.headers["cache-control"] == "public, max-age=2592000, immutable"
    assert "accept" in answer.headers["vary"].lower()
    again = await client.get(f"{ADDRESS}?w=320", headers={**BROWSER, "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    keep(ground="black")
    changed = await client.get(f"{ADDRESS}?w=320", headers={**BROWSER, "if-none-match": answer.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [(BROWSER["accept"], "avif"), ("image/webp,*/*", "webp"), ("*/*", "webp"), ("image/png", "webp"), ("", "webp")],
)
async def test_who_can_show_avif_gets_it(client: httpx.AsyncClient, accept: str, kind: str) -> None:
    keep()
    answer = await client.get(ADDRESS, headers={"accept": accept})
    assert answer.headers["content-type"] == f"image/{kind}"
    assert looks(answer.content).format == kind.upper()
    assert "content-encoding" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("asked", "width"), [("160", 160), ("320", 320), ("640", 640), ("1280", 1280), ("", 1280)])
async def test_the_width_asked_for_is_given(client: httpx.AsyncClient, asked: str, width: int) -> None:
    keep()
    answer = await client.get(ADDRESS, params={"w": asked} if asked else {}, headers=BROWSER)
    assert looks(answer.content).width == width


async def test_a_small_picture_is_given_as_large_as_it_is(client: httpx.AsyncClient) -> None:
    keep(widths=(160, 320))
    assert looks((await client.get(f"{ADDRESS}?w=1280", headers=BROWSER)).content).width == 320


async def test_an_address_names_one_link_for_ever(client: httpx.AsyncClient) -> None:
    keep()
    other = key_of("https://maker.example/chair.jpg")
    assert hashlib.sha256(b"https://maker.example/lamp.jpg").hexdigest().startswith(KEY)
    answer = await client.get(f"/pictures/{other}/lamp-task-bottle", headers=BROWSER)
    assert answer.headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        f"/pictures/{KEY}/nope",
        f"/pictures/{KEY}/lamp-task-bottle.svg",
        f"/pictures/{KEY}/lamp-task-bottle?w=161",
        f"/pictures/{KEY}/lamp-task-bottle?w=-1",
        f"/pictures/{KEY}/lamp-task-bottle?w=" + "9" * 400,
        f"/pictures/{KEY}/lamp-task-bottle?w=٣٢٠",
        f"/pictures/{KEY}/lamp-task-bottle/320",
        f"/pictures/{KEY.upper()}/lamp-task-bottle",
        f"/pictures/{KEY[:-1]}/lamp-task-bottle",
        f"/pictures/{KEY}%0a/lamp-task-bottle",
        f"/pictures/{KEY}%00/lamp-task-bottle",
        "/pictures/../../etc/passwd",
        "/pictures/..%2f..%2fsecret_key/lamp-task-bottle",
        "/pictures/%2e%2e/lamp-task-bottle",
        f"/pictures/{KEY}/..%2f..%2f..%2fsecret_key",
        f"/pictures/{KEY}/https:%2f%2fevil.example",
        "/pictures//evil.example/lamp-task-bottle",
        f"/pictures/{KEY}/" + "x" * 5000,
        "/pictures/",
        "/pictures/arriving/lamp-task-bottle",
    ],
)
async def test_no_other_address_leads_anywhere(client: httpx.AsyncClient, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("the secret")
    keep()
    answer = await client.get(path, headers=BROWSER, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "the secret" not in answer.text


def test_only_keys_become_part_of_a_path() -> None:
    for text in ("", "..", "../" * 10, KEY + "/..", KEY[:-1] + "/", KEY + "\n", "\u0660" * 32):
        assert not picture_files.is_key(text)
        with pytest.raises(ValueError, match="no key"):
            read(text, 640, "webp")


def test_a_new_picture_takes_the_place_of_the_old_one_in_every_width() -> None:
    keep(widths=(160, 320, 640, 1280))
    keep(widths=(160, 320), ground="black")
    stored = read(KEY, 1280, "webp")
    assert stored
    assert looks(stored.body).width == 320
    assert looks(stored.body).convert("RGB").getpixel((310, 10)) == (0, 0, 0)


def test_files_lie_fanned_out_and_only_there(tmp_path: Path) -> None:
    keep()
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) == 8
    assert all(name.startswith(f"pictures/{KEY[:2]}/{KEY[2:4]}/{KEY}/") for name in files)


def test_what_a_killed_worker_left_is_cleared_away_and_what_is_going_on_is_not(tmp_path: Path) -> None:
    left = tmp_path / "pictures" / "arriving" / "0123"
    (left / "made").mkdir(parents=True)
    (left / "sent").write_bytes(b"half of it")
    os.utime(left, (1, 1))
    with workplace() as folder:
        picture_files.clear_left_overs()
        assert not left.exists()
        assert folder.exists()
    assert not folder.exists()


def test_pages_offer_every_width_of_a_suppliers_picture_and_leave_drawings_as_they_are() -> None:
    macro = picture_macro()
    sent = str(macro(ADDRESS, "A lamp", sizes="15rem"))
    assert f"{ADDRESS}?w=160 160w, {ADDRESS}?w=320 320w, {ADDRESS}?w=640 640w, {ADDRESS}?w=1280 1280w" in sent
    assert 'alt="A lamp" width="480" height="480" loading="lazy"' in sent
    drawn = str(macro("/art/stall.svg", lazy=False))
    assert drawn == '<img class="art" src="/art/stall.svg" alt="" width="480" height="480">'
    assert 'alt="&#34;&gt;&lt;script&gt;"' in str(macro(ADDRESS, '"><script>'))


def picture_macro() -> Any:
    return vars(rendering.environment().get_template("parts/picture.html").module)["picture"]
