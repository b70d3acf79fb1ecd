"""Suppliers' pictures on disk: FEIRA_DATA/pictures/ab/cd/{key}/{width}.{kind}, each file whole or not there."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.catalog.picture_sizes import WIDTHS
from app.infra.settings import settings

ARRIVING = "arriving"
LEFT_OVER_SECONDS = 3600.0
_KEY = re.compile(r"[0-9a-f]{32}")


class Stored(NamedTuple):
    body: bytes
    media_type: str
    etag: str


def is_key(text: str) -> bool:
    """Whether a picture could have this name; nothing else may become part of a path."""
    return _KEY.fullmatch(text) is not None


def read(key: str, width: int, kind: str) -> Stored | None:
    """The picture at `width`, or as large as there is; None before it has been fetched. `kind` is webp or avif."""
    folder = _folder(key)
    for fitting in sorted((each for each in WIDTHS if each <= width), reverse=True):
        try:
            with (folder / f"{fitting}.{kind}").open("rb") as file:
                said = os.fstat(file.fileno())
                return Stored(file.read(), f"image/{kind}", f'"{said.st_mtime_ns:x}-{said.st_size:x}"')
        except FileNotFoundError:
            continue
    return None


def is_there(key: str) -> bool:
    return any(_folder(key).glob("*.webp"))


@contextmanager
def workplace() -> Iterator[Path]:
    """A new folder beside the pictures, on the same disk; gone after the block."""
    folder = _root() / ARRIVING / secrets.token_hex(12)
    (folder / "made").mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, key: str) -> None:
    """Put new files in the place of the old ones, each in one step; a kill between them leaves work to do again."""
    folder = _folder(key)
    folder.mkdir(parents=True, exist_ok=True)
    new = {path.name for path in made.iterdir()}
    for name in new:
        (made / name).replace(folder / name)
    for old in folder.iterdir():
        if old.name not in new:  # the picture has become smaller
            old.unlink(missing_ok=True)


def remove(keys: Iterable[str]) -> None:
    """All sizes of these pictures, as far as they are there."""
    for key in keys:
        shutil.rmtree(_folder(key), ignore_errors=True)


def clear_left_overs() -> None:
    """Away with what a killed worker was busy with."""
    before = time.time() - LEFT_OVER_SECONDS
    for folder in (_root() / ARRIVING).glob("*"):
        try:
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue


def _root() -> Path:
    return settings().feira_data.absolute() / "pictures"


def _folder(key: str) -> Path:
    if not is_key(key):
        raise ValueError("no key of a picture")
    return _root() / key[:2] / key[2:4] / key
