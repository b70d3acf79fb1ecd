"""Products in JSON: an array, an object that holds an array, or one object per line."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from app.suppliers.formats.json_text import DECODER, JsonText
from app.suppliers.formats.json_variants import MOST_VARIANTS, offers_of, variants_of
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.lines import TooLong, has_undecodable, physical_lines
from app.suppliers.formats.mapping import Meanings
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow, excerpt
from app.suppliers.formats.vocabulary import meaning

T = TypeVar("T")
Build = Callable[[int, dict[str, Any]], T]
"""What is made of an entry: its line (or number) and its fields as sent."""

LISTS = frozenset([
    "products", "items", "offers", "rows", "entries", "data", "feed", "variants", "itemListElement", "@graph",
    "results", "records", "articles", "catalog", "edges", "nodes", "hits", "docs",
])  # fmt: skip
_INSIDE = frozenset({"node", "item", "product", "_source"})  # what an entry may be wrapped in
_DEEPEST_LIST = 4
_SEND_A_LIST = 'Send a list of products, or an object such as {"products": [...]}.'


def is_json_lines(sample: str) -> bool:
    """Whether a text that begins with { holds one product per line rather than one object around them all."""
    first = sample.lstrip("\ufeff \t\r\n").partition("\n")[0]
    try:
        value = DECODER.decode(first.strip())
    except RecursionError:
        return "\n{" in sample.lstrip("\ufeff \t\r\n")
    except json.JSONDecodeError as error:
        # An object that goes on after its first line is one around them all. Else the line is only broken, and
        # another line that opens an object decides.
        goes_on = error.pos >= len(first.strip())
        return not goes_on and "\n{" in sample.lstrip("\ufeff \t\r\n")
    if not isinstance(value, dict):
        return True
    direct = any(isinstance(one, list) and _is_list(name, value) for name, one in value.items())
    return not direct and (_has_title(value) or not _holds_list(value))


def _holds_list(value: Any, depth: int = 0) -> bool:
    if not isinstance(value, dict) or depth == _DEEPEST_LIST:
        return False
    inside = [one for name, one in value.items() if _is_list(name, value)]
    return any(isinstance(one, list) or _holds_list(one, depth + 1) for one in inside)


def _is_list(key: str, around: dict[str, Any]) -> bool:
    """Whether a key of the outer object holds the feed's list: the variants of a product with a title do not."""
    return key in LISTS and not (key in ("variants", "offers") and _has_title(around))


def _has_title(entry: dict[str, Any]) -> bool:
    return any((found := meaning(name[:200])) and found.field == "title" for name in entry)


def offers_in_json(names: Meanings) -> Build[list[RawRow | BadRow]]:
    """Makes a RawRow of each entry, or of each of its variants."""

    def build(line: int, value: dict[str, Any]) -> list[RawRow | BadRow]:
        if len(variants_of(value)) > MOST_VARIANTS:
            reason = f"The product has more than {MOST_VARIANTS:,} variants."
            return [BadRow(line, reason, excerpt(str(list(value)[:20])), "Send it as several products.")]
        return [RawRow(line, fields) for fields in offers_of(value, names)]

    return build


def each(rows: Iterator[list[RawRow | BadRow] | BadRow]) -> Iterator[RawRow | BadRow]:
    """One by one what `offers_in_json` has made."""
    for found in rows:
        if isinstance(found, BadRow):
            yield found
        else:
            yield from found


def json_lines_rows(text: io.TextIOWrapper, limits: Limits, build: Build[T]) -> Iterator[T | BadRow]:
    """One row or BadRow per line that is not blank."""
    for number, line in enumerate(physical_lines(text, limits.max_row_bytes), 1):
        if isinstance(line, TooLong):
            yield BadRow(number, f"The line is longer than {limits.max_row_bytes:,} characters.", excerpt(line))
        elif has_undecodable(line):
            reason = "The line contains bytes that are not in the same encoding as the rest of the file."
            yield BadRow(number, reason, excerpt(line))
        elif plain := line.strip("\ufeff \t\r\n"):
            yield _line_row(number, plain, limits, build)


def _line_row(number: int, line: str, limits: Limits, build: Build[T]) -> T | BadRow:
    try:
        return _row(number, DECODER.decode(line), limits, build)
    except RecursionError:
        return BadRow(number, "The JSON is nested too deeply.", excerpt(line))
    except json.JSONDecodeError as error:
        return BadRow(
            number, f"The line is not valid JSON: {error.msg.lower()} (character {error.colno}).", excerpt(line)
        )


def json_rows(text: io.TextIOWrapper, limits: Limits, names: Meanings, build: Build[T]) -> Iterator[T | BadRow]:
    """Rows of the array, or of every list of products inside the outer object; `names` tell a product from others."""
    window = JsonText(text, limits)
    if window.peek() == "[":
        yield from (row for _, row in _array(window, limits, 0, build))
    else:
        yield from _object(window, limits, names, build)
    if window.peek():
        raise window.broken("There is something after the end of the JSON")


def _array(window: JsonText, limits: Limits, count: int, build: Build[T]) -> Iterator[tuple[int, T | BadRow]]:
    window.take("[")
    while window.peek() != "]":
        count += 1
        yield count, _row(count, window.value(), limits, build)
        if window.peek() != "]":
            window.take(",")
    window.take("]")


def _object(window: JsonText, limits: Limits, names: Meanings, build: Build[T]) -> Iterator[T | BadRow]:
    found = _Found()
    yield from _lists_in(window, limits, build, found, 0)
    if not found.lists:
        if not {known.field for name in found.single if (known := names(name[:200]))} & {"sku", "title"}:
            raise FeedUnreadable("There is no list of products in this JSON.", _SEND_A_LIST, 1)
        yield _row(1, found.single, limits, build)


class _Found:
    """How many lists and entries there were so far, and what stands in the outer object beside them."""

    def __init__(self) -> None:
        self.lists = self.count = 0
        self.single: dict[str, Any] = {}


def _lists_in(window: JsonText, limits: Limits, build: Build[T], found: _Found, depth: int) -> Iterator[T | BadRow]:
    window.take("{")
    beside: dict[str, Any] = {}
    while window.peek() != "}":
        key = str(window.value())
        window.take(":")
        is_list = _is_list(key, beside)
        if is_list and window.peek() == "[":
            found.lists += 1
            for number, row in _array(window, limits, found.count, build):
                found.count = number
                yield row
        elif is_list and window.peek() == "{" and depth < _DEEPEST_LIST and not _has_title(beside):
            yield from _lists_in(window, limits, build, found, depth + 1)
        elif len(beside) < limits.max_fields:
            beside[key] = window.value()
        else:
            window.value()
        if window.peek() != "}":
            window.take(",")
    window.take("}")
    if not found.lists:
        found.single = beside | found.single


def _inside(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The product of an entry that is no product itself."""
    found = [one for name, one in entry.items() if name in _INSIDE and isinstance(one, dict)]
    return found[0] if found and not _has_title(entry) else None


def _row(line: int, value: Any, limits: Limits, build: Build[T]) -> T | BadRow:
    if not isinstance(value, dict):
        return BadRow(line, "This entry is not an object with fields.", excerpt(str(value)), _SEND_A_LIST)
    if not _INSIDE.isdisjoint(value) and (inside := _inside(value)):
        return _row(line, inside, limits, build)
    if len(value) > limits.max_fields:
        return BadRow(line, f"The entry has more than {limits.max_fields} fields.", excerpt(str(list(value)[:20])))
    for name, one in value.items():
        if isinstance(one, str) and len(one) > limits.max_field_chars:
            return BadRow(line, f"{name[:60]} is longer than {limits.max_field_chars:,} characters.", excerpt(one))
    return build(line, value)
