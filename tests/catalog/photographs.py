"""Real pictures for tests, made on the spot."""

import io
from typing import Any

from PIL import Image, ImageDraw


def photograph(size: tuple[int, int] = (1000, 750), mode: str = "RGB", ground: str = "white") -> Image.Image:
    """A red disc with a blue corner at the upper left."""
    image = Image.new("RGB", size, ground)
    drawing = ImageDraw.Draw(image)
    width, height = size
    drawing.ellipse((width * 0.3, height * 0.3, width * 0.7, height * 0.7), fill="red")
    drawing.rectangle((0, 0, width * 0.2, height * 0.2), fill="blue")
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def photo(size: tuple[int, int] = (1000, 750), kind: str = "JPEG", **how: Any) -> bytes:
    return encoded(photograph(size), kind, **how)


def looks(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def colour(image: Image.Image, x: float, y: float) -> str:
    """The name of the colour at a place given in parts of width and height, or its numbers."""
    pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    strong = "".join("+" if value > 200 else "-" if value < 60 else "." for value in pixel)
    return {"+++": "white", "+--": "red", "--+": "blue", "---": "black"}.get(strong, str(pixel))
