"""A stranger's picture becomes ours, in a process of its own: `python -m app.catalog.resizing PICTURE FOLDER`.

Whatever a hostile file does to a decoder, it does to a process that holds nothing, may use little memory, and is
over after this one picture. Hardly more than Pillow is imported here, so that it starts at once.

It writes WIDTH.webp and WIDTH.avif into FOLDER and one line of JSON to standard output: {"width", "height"} of the
upright original, or {"refused": "a sentence for the supplier"}.
"""

import contextlib
import io
import json
import math
import os
import resource
import signal
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.catalog.picture_sizes import WIDTHS
from app.infra.embedded.processes import die_with_parent

SMALLEST = 40
PIXELS = 40_000_000
MEMORY_BYTES = 512 * 1024**2  # of addresses; what is really used stays far below
PROCESSOR_SECONDS = 40
FILE_BYTES = 20 * 1024**2
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
SAVED: dict[str, dict[str, int]] = {
    "webp": {"quality": 80, "method": 3},
    "avif": {"quality": 58, "speed": 8, "max_threads": 1},
}
STRIP = 256  # rows of the smaller picture that are made at once
AS_SENT = {"L", "RGB", "CMYK"}  # what can be made smaller as it is
ORIENTATION = 0x0112


class Refused(Exception):
    """The file is no picture that we show; the message is a sentence for the supplier."""


def make(picture: Path, folder: Path) -> tuple[int, int]:
    """Write every width that the picture is large enough for; returns its width and height as it is seen.

    Raises:
        Refused: it is no picture, is broken, too small or too large.
    """
    with _opened(picture) as image:
        turned = _orientation(image) >= 5  # these lie on their side
        size = (image.height, image.width) if turned else image.size
        shown = _upright(_in_shop_colours(_smaller(image), image.info.get("icc_profile")), _orientation(image))
    longest = max(size)
    for width in sorted(_widths(longest), reverse=True):
        shown.thumbnail((min(width, longest),) * 2, Image.Resampling.LANCZOS)  # from the larger one: quick
        for kind, how in SAVED.items():
            _save(shown, folder / f"{width}.{kind}", kind, how)
    return size


def _opened(picture: Path) -> Image.Image:
    """By content, whatever the name says; nothing of it has been decoded yet."""
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        image = Image.open(picture, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_large()) from None
    except UnidentifiedImageError:
        raise Refused("This is not a picture in JPEG, PNG, WebP, AVIF or GIF.") from None
    if image.width * image.height > PIXELS:
        raise Refused(_too_large())
    if max(image.size) < SMALLEST:
        raise Refused(f"The picture is only {image.width} × {image.height} pixels.")
    return image


def _too_large() -> str:
    return f"The picture has more than {PIXELS // 1_000_000} million pixels."


def _orientation(image: Image.Image) -> int:
    """As EXIF numbers it; 1 (upright) for nonsense."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - whatever is wrong with what a camera noted, the picture may be good
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _smaller(image: Image.Image) -> Image.Image:
    """On white, and not much larger than we need it: strip by strip, so that only the original is held whole."""
    enough = 2 * max(WIDTHS)
    image.draft(image.mode, (enough, enough))  # a JPEG is not even decoded at full size
    image.load()
    factor = max(1, max(image.size) // enough)
    made: Image.Image | None = None
    for top in range(0, image.height, STRIP * factor):
        rows = image.crop((0, top, image.width, min(image.height, top + STRIP * factor)))
        strip = _on_white(rows).reduce(factor)
        if made is None:
            made = Image.new(strip.mode, tuple(math.ceil(side / factor) for side in image.size))  # type: ignore[arg-type]
        made.paste(strip, (0, top // factor))
    assert made is not None
    return made


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency and palette, eight bits a colour."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode in AS_SENT else image.convert("RGB")


def _in_shop_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, since no profile is kept; a profile that cannot be used is ignored, as browsers do."""
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            if converted := ImageCms.profileToProfile(image, given, ours, outputMode="RGB"):
                return converted
    return image.convert("RGB")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    image.getexif()[ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)


def _widths(longest: int) -> list[int]:
    """Those that the picture fills, and the next one, which holds it as large as it is."""
    filled = [width for width in WIDTHS if width < longest]
    return [*filled, *[width for width in WIDTHS if width >= longest][:1]]


def _save(image: Image.Image, path: Path, kind: str, how: dict[str, int]) -> None:
    """Onto the disk for good: what the database will call ready survives the machine."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # pixels alone: whatever else the file said stays behind
    with path.open("wb") as file:
        clean.save(file, kind, **how)
        file.flush()
        os.fsync(file.fileno())


def _confine() -> None:
    die_with_parent(signal.SIGKILL)
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    _confine()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        width, height = make(Path(sys.argv[1]), Path(sys.argv[2]))
        said: dict[str, int | str] = {"width": width, "height": height}
    except Refused as refused:
        said = {"refused": str(refused)}
    except Exception:  # noqa: BLE001 - decoders raise anything, at a broken file and where memory ends
        said = {"refused": "The picture is broken, not complete, or too large to be read."}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
