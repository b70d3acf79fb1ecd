"""What may come as a picture, and what becomes of it: in a process of its own, as in the shop."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from app.catalog.fetching import NoPicture, Said, resized
from app.catalog.picture_sizes import WIDTHS
from app.infra.root import ROOT
from tests.catalog.photographs import colour, encoded, looks, photo, photograph


async def made(body: bytes, folder: Path) -> Said:
    """Make our sizes of `body` in folder/"made"."""
    (folder / "sent").write_bytes(body)
    (folder / "made").mkdir(exist_ok=True)
    return await resized(folder / "sent", folder / "made")


def test_hardly_more_than_pillow_is_loaded_for_a_picture() -> None:
    program = "import sys, app.catalog.resizing; print({name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "'PIL'" in loaded
    for large in ("asyncio", "asyncpg", "litestar", "numpy", "pydantic"):
        assert f"'{large}'" not in loaded, large


def result(folder: Path, name: str = "640.webp") -> Image.Image:
    return looks((folder / "made" / name).read_bytes())


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "made").iterdir()}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
async def test_every_usual_format_becomes_webp_and_avif_in_all_widths(kind: str, tmp_path: Path) -> None:
    said = await made(photo((1600, 1200), kind), tmp_path)
    assert (said.width, said.height) == (1600, 1200)
    assert names(tmp_path) == {f"{width}.{end}" for width in WIDTHS for end in ("webp", "avif")}
    for width in WIDTHS:
        for end in ("webp", "avif"):
            shown = result(tmp_path, f"{width}.{end}")
            assert shown.format == end.upper()
            assert shown.size == (width, width * 3 // 4)
            assert (colour(shown, 0.5, 0.5), colour(shown, 0.05, 0.05)) == ("red", "blue")


async def test_a_picture_is_never_made_larger(tmp_path: Path) -> None:
    await made(photo((500, 400)), tmp_path)
    assert {name for name in names(tmp_path) if name.endswith("webp")} == {"160.webp", "320.webp", "640.webp"}
    assert result(tmp_path, "640.webp").size == (500, 400)


async def test_the_longer_side_counts_as_the_width(tmp_path: Path) -> None:
    await made(photo((600, 1800)), tmp_path)
    assert result(tmp_path, "1280.webp").size == (427, 1280)


@pytest.mark.parametrize(
    "body",
    [
        encoded(photograph(mode="CMYK"), "JPEG"),
        encoded(photograph(mode="L"), "PNG"),
        encoded(photograph(mode="1"), "PNG"),
        encoded(photograph().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        encoded(photograph(mode="RGBA"), "WEBP", lossless=True),
        encoded(photograph(mode="LA"), "PNG"),
        encoded(photograph(), "JPEG", progressive=True),
    ],
    ids=["cmyk", "grey", "bits", "palette", "alpha", "grey alpha", "progressive"],
)
async def test_every_kind_of_colour_is_understood(body: bytes, tmp_path: Path) -> None:
    await made(body, tmp_path)
    shown = result(tmp_path)
    assert shown.mode == "RGB"
    assert colour(shown, 0.9, 0.9) == "white"
    assert colour(shown, 0.5, 0.5) != "white"


async def test_sixteen_bits_of_grey_keep_their_tones(tmp_path: Path) -> None:
    rows = b"".join(struct.pack("<H", tone * 257) * 256 for tone in range(256))
    grey = Image.frombytes("I;16", (256, 256), rows)
    await made(encoded(grey, "PNG"), tmp_path)
    shown = result(tmp_path, "320.webp").convert("L")
    tones = [shown.getpixel((shown.width // 2, shown.height * part // 8)) for part in (1, 4, 7)]
    assert all(abs(int(tone) - wanted) < 12 for tone, wanted in zip(tones, (32, 128, 223), strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_what_is_transparent_becomes_white(kind: str, tmp_path: Path) -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((100, 100, 300, 300), fill=(255, 0, 0, 255))
    await made(encoded(image, kind), tmp_path)
    assert (colour(result(tmp_path), 0.05, 0.05), colour(result(tmp_path), 0.5, 0.5)) == ("white", "red")


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (5, (0, 0))])
async def test_a_camera_held_on_its_side_is_turned_upright(
    orientation: int, corner: tuple[int, int], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    said = await made(photo((800, 600), exif=exif), tmp_path)
    shown = result(tmp_path)
    sideways = orientation >= 5
    assert (said.width, said.height) == ((600, 800) if sideways else (800, 600))
    assert shown.size == ((480, 640) if sideways else (640, 480))
    assert colour(shown, 0.05 + 0.9 * corner[0], 0.05 + 0.9 * corner[1]) == "blue"


async def test_nothing_of_what_the_file_told_besides_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "home of the photographer"
    exif.get_ifd(0x8825)[2] = (38.0, 43.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    await made(photo(exif=exif, icc_profile=profile, comment=b"a secret comment"), tmp_path)
    for path in (tmp_path / "made").iterdir():
        body = path.read_bytes()
        assert b"photographer" not in body
        assert b"secret" not in body
        assert not looks(body).getexif()
        assert "icc_profile" not in looks(body).info


async def test_of_something_that_moves_the_first_frame_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (300, 300), shade) for shade in ("red", "blue", "black")]
    for kind in ("GIF", "WEBP", "PNG"):
        await made(encoded(frames[0], kind, save_all=True, append_images=frames[1:]), tmp_path)
        assert colour(result(tmp_path, "320.webp"), 0.5, 0.5) == "red"
        assert getattr(result(tmp_path, "320.webp"), "n_frames", 1) == 1


async def test_a_large_photograph_is_taken(tmp_path: Path) -> None:
    body = encoded(Image.new("RGB", (7200, 5400), "red"), "JPEG")
    said = await made(body, tmp_path)
    assert (said.width, said.height) == (7200, 5400)
    assert result(tmp_path, "1280.avif").size == (1280, 960)


async def test_a_large_drawing_with_transparency_is_taken(tmp_path: Path) -> None:
    await made(encoded(Image.new("RGBA", (6000, 6000), (255, 0, 0, 255)), "PNG", compress_level=1), tmp_path)
    assert colour(result(tmp_path, "1280.webp"), 0.5, 0.5) == "red"


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and hardly holds anything."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1024) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(8000, 5001), (60_000, 60_000), (2_000_000_000, 2_000_000_000)])
async def test_more_pixels_than_we_take_are_refused_before_they_are_unpacked(
    width: int, height: int, tmp_path: Path
) -> None:
    with pytest.raises(NoPicture, match=r"more than 40 million pixels|broken"):
        await made(png_of(width, height), tmp_path)
    assert names(tmp_path) == set()


HTML = b"<!doctype html><script>alert(1)</script>" + b" " * 2000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8\xff",
        HTML,
        SVG,
        HTML + photo(),
        b"%PDF-1.7\n" + bytes(4000),
        encoded(photograph(), "TIFF"),
        encoded(photograph(), "BMP"),
        encoded(photograph(), "ICO"),
        encoded(photograph(), "PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        os.urandom(5000),
    ],
    ids=["nothing", "start", "html", "svg", "html-jpeg", "pdf", "tiff", "bmp", "ico", "ppm", "eps", "noise"],
)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(body: bytes, tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match="not a picture in JPEG"):
        await made(body, tmp_path)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
async def test_half_a_picture_is_refused(kind: str, tmp_path: Path) -> None:
    noise = Image.effect_noise((500, 500), 90).convert("RGB")
    body = encoded(noise, kind)
    with pytest.raises(NoPicture, match=r"broken|not a picture"):
        await made(body[: len(body) // 2], tmp_path)


async def test_a_picture_that_is_a_page_as_well_loses_the_page(tmp_path: Path) -> None:
    body = photo(comment=b"<script>alert(1)</script>") + b"<html><script>alert(2)</script></html>"
    await made(body, tmp_path)
    assert all(b"script" not in path.read_bytes() for path in (tmp_path / "made").iterdir())


async def test_a_counting_pixel_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match="only 1 × 1 pixels"):
        await made(encoded(Image.new("RGB", (1, 1)), "GIF"), tmp_path)


async def test_a_line_is_a_picture(tmp_path: Path) -> None:
    await made(encoded(Image.new("RGB", (9000, 2), "red"), "PNG"), tmp_path)
    assert result(tmp_path, "160.webp").size == (160, 1)


@pytest.mark.parametrize(
    "what",
    [
        {"exif": b"Exif\x00\x00MM\x00*" + bytes(6)},
        {"exif": b"Exif\x00\x00" + b"\xff" * 60},
        {"icc_profile": b"no profile"},
        {"icc_profile": bytes(3000)},
    ],
)
async def test_nonsense_beside_the_picture_does_no_harm(what: dict[str, Any], tmp_path: Path) -> None:
    await made(photo(**what), tmp_path)
    assert colour(result(tmp_path), 0.5, 0.5) == "red"


async def test_damaged_bytes_make_a_refusal_and_never_a_mistake_of_ours(tmp_path: Path) -> None:
    """Bytes changed here and there, in every format: made or refused, nothing else."""
    for number, kind in enumerate(("JPEG", "PNG", "WEBP", "AVIF", "GIF")):
        body = bytearray(photo((200, 150), kind))
        for place in range(7 + number, len(body), 97):
            body[place] ^= 0x5A
        try:
            assert (await made(bytes(body), tmp_path)).width > 0
        except NoPicture as refused:
            assert str(refused)


async def test_the_colours_of_a_wide_profile_are_translated(tmp_path: Path) -> None:
    """A profile in which the numbers of red and green have changed places."""
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    await made(encoded(photograph(ground="white"), "PNG", icc_profile=bytes(swapped)), tmp_path)
    pixel = looks((tmp_path / "made" / "640.webp").read_bytes()).convert("RGB").getpixel((320, 240))
    assert isinstance(pixel, tuple)
    assert pixel[1] > 200 > pixel[0]
