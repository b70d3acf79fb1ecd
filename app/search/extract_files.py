"""Extracts on disk, each beside the segment that it was made of: mapped into memory, so that processes share them.

A file is named after its segment, so Whoosh drops it together with that one, and it is there before the commit that
makes the segment visible. Its name says how it is laid out: some bytes that say so, too, a checksum of all that
follows, the length of the header, the header (MessagePack), then arrays as they lie in memory and blocks of words.
"""

import math
import mmap
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.infra.logs import log
from app.search.attributes import AttributeColumn, Attributes
from app.search.columns import NUMBERED, Columns, Many
from app.search.extracts import Block, Extract
from app.search.titles import Titles
from app.search.vocabularies import Held

LAYOUT = 3  # raised with every change of what is written: files of another one are not looked at
_BEGINNING = struct.Struct("<8sII")  # mark, checksum, length of the header
_MARK = b"FEIRA%03d" % LAYOUT
_ALIGNED = 16
_KINDS = {"<i8": np.int64, "<i4": np.int32, "|i1": np.int8, "|b1": np.bool_}
_BOUNDS = "attributes.bounds"
_OF_PARTS = {"categories", "suppliers", "colours", "titles", "attributes"}
_PLAIN = [each.name for each in fields(Columns) if each.name not in _OF_PARTS]


class _Array(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    shape: tuple[int, ...]
    start: int


class _Header(msgspec.Struct, frozen=True):
    segment: str
    arrays: dict[str, _Array]
    blocks: list[tuple[int, int]]  # (start, length); this and starts of arrays count from where the header ends


_header = msgspec.msgpack.Decoder(_Header)
_block = msgspec.msgpack.Decoder(Block)


def beside(storage: Any, segment: Any) -> Path:
    """Where the extract of a segment of Whoosh's lies."""
    return Path(storage.folder) / f"{segment.segment_id()}.extract{LAYOUT}"


def forget_others(path: Path) -> None:
    """Drop what lies beside the same segment in another layout. Who has it mapped, keeps it."""
    for other in path.parent.glob(f"{path.stem}.extract*"):
        if other != path:
            other.unlink(missing_ok=True)


def keep(extract: Extract, path: Path) -> None:
    """Whole or not at all. Raises OSError."""
    arrays, blocks, parts, end = dict[str, _Array](), list[tuple[int, int]](), list[bytes](), 0

    def put(content: bytes) -> int:
        nonlocal end
        start = end
        parts.append(content + bytes(_padding(len(content))))
        end += len(parts[-1])
        return start

    for name, array in _arrays(extract):
        arrays[name] = _Array(array.dtype.str, array.shape, put(array.tobytes()))
    for block in extract.blocks():
        content = msgspec.msgpack.encode(block)
        blocks.append((put(content), len(content)))
    header = msgspec.msgpack.encode(_Header(path.stem, arrays, blocks))
    body = b"".join([header, bytes(_padding(_BEGINNING.size + len(header))), *parts])
    aside = path.with_name(f"{path.name}.new")
    aside.write_bytes(_BEGINNING.pack(_MARK, crc32(body), len(header)) + body)
    aside.replace(path)


def kept(path: Path) -> Extract | None:
    """What lies there of a segment; None, and it is made anew, if that is nothing or damaged."""
    try:
        with path.open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return _read(content, path.stem)
    except FileNotFoundError:
        return None  # written by an older program
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any way
        log("search").warning("extract unreadable", file=path.name, error=repr(error))
        return None


def _read(content: memoryview, segment: str) -> Extract:
    mark, checksum, length = _BEGINNING.unpack_from(content)
    if mark != _MARK or crc32(content[_BEGINNING.size :]) != checksum:
        raise ValueError("it is not as it was written")
    header = _header.decode(content[_BEGINNING.size : _BEGINNING.size + length])
    if header.segment != segment:
        raise ValueError(f"it is of {header.segment}")
    data = content[_BEGINNING.size + length + _padding(_BEGINNING.size + length) :]

    def array(name: str) -> NDArray[Any]:
        found = header.arrays[name]
        flat: NDArray[Any] = np.frombuffer(data, _KINDS[found.kind], math.prod(found.shape), found.start)
        return flat.reshape(found.shape)

    def blocks() -> Iterator[Block]:
        return (_block.decode(data[start : start + size]) for start, size in header.blocks)

    return Extract(_columns(array), Held(array("held.bounds"), array("held.documents")), blocks)


def _padding(size: int) -> int:
    return -size % _ALIGNED


def _arrays(extract: Extract) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array by its name, no larger than it needs be."""
    yield "held.bounds", extract.held.bounds
    yield "held.documents", extract.held.documents
    for column in fields(Columns):
        found = getattr(extract.columns, column.name)
        if isinstance(found, Attributes):
            [(_, found)] = found.parts
        if not is_dataclass(found):
            yield column.name, found.astype(np.int32) if column.name in NUMBERED else found
            continue
        for part in fields(found):
            name, array = f"{column.name}.{part.name}", getattr(found, part.name)
            if name == _BOUNDS:
                array = np.array([(attribute, *bounds) for attribute, bounds in array.items()], np.int64).reshape(-1, 3)
            yield name, array.astype(np.int32) if isinstance(found, Many) else array


def _columns(array: Callable[[str], NDArray[Any]]) -> Columns:
    def many(name: str) -> Many:
        return Many(array(f"{name}.documents"), array(f"{name}.values"))

    said: dict[str, Any] = {each.name: array(f"attributes.{each.name}") for each in fields(AttributeColumn)}
    said["bounds"] = {attribute: (first, last) for attribute, first, last in said["bounds"].tolist()}
    plain: dict[str, Any] = {name: array(name) for name in _PLAIN}
    return Columns(
        **plain,
        categories=many("categories"),
        suppliers=many("suppliers"),
        colours=many("colours"),
        titles=Titles(**{each.name: array(f"titles.{each.name}") for each in fields(Titles)}),
        attributes=Attributes([(0, AttributeColumn(**said))]),
    )
