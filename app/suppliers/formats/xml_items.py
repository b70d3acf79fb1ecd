"""Google Merchant XML: <item> of RSS 2.0 and <entry> of Atom, with or without the g: prefix."""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from lxml import etree

from app.suppliers.formats.fields import assemble
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import Meanings
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow, excerpt
from app.suppliers.formats.source import Source
from app.suppliers.formats.vocabulary import Meaning

T = TypeVar("T")
Build = Callable[[int, etree._Element], T]
"""What is made of an item: its number and its element, which is gone after that."""

_CHUNK_BYTES = 32 * 1024
_GOOGLE = "{http://base.google.com/ns/1.0}"
_ROOT = re.compile(rb"<[A-Za-z_]")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_SEND_MERCHANT = "Send a Google Merchant feed (RSS or Atom)."
_REFUSED = "Remove the DOCTYPE from the top of the file: a product feed needs none."


def refuse_declarations(sample: bytes) -> None:
    """A document type can declare entities that grow without end or that name our own files: none is read."""
    plain = sample.replace(b"\0", b"")
    root = _ROOT.search(plain)
    prolog = plain[: root.start()] if root else plain
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
        raise FeedUnreadable("The XML declares a document type or entities, which we do not read.", _REFUSED, 1)
    declared = _DECLARED.match(plain.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if declared:
        _check_declared(declared.group(1).decode("ascii", "replace"), wide=b"\0" in sample[:200])


def _check_declared(name: str, wide: bool) -> None:
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise FeedUnreadable(
            f"The XML says that its encoding is {excerpt(name)}, which we do not know.", "Save the file as UTF-8.", 1
        ) from None
    if codec.startswith(("utf-16", "utf-32")) != wide:
        raise FeedUnreadable(
            f"The XML says that its encoding is {name}, but it is not.",
            "Correct the encoding in the first line, or save the file as UTF-8.",
            1,
        )


def xml_rows(source: Source, limits: Limits, build: Build[T]) -> Iterator[T | BadRow]:
    """Rows of all complete items; then FeedUnreadable when the XML breaks off or is broken."""
    source.restart()
    parser = _parser()
    count, since_item = 0, 0
    for data, failure in _fed(parser, source):
        since_item += len(data)
        for _, found in parser.read_events():
            item = cast(etree._Element, found)
            count, since_item = count + 1, 0
            yield _row(count, item, limits, build)
            _forget(item)
        if failure is not None:
            raise _explain(failure, count)
        if since_item > limits.max_row_bytes + _CHUNK_BYTES:
            raise _no_item(limits, count)
    if not count:
        raise FeedUnreadable("There is no <item> and no <entry> in this XML.", _SEND_MERCHANT)


def _parser() -> "etree.XMLPullParser":
    return etree.XMLPullParser(
        events=("end",),
        tag=("{*}item", "{*}entry"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def _fed(parser: "etree.XMLPullParser", source: Source) -> Iterator[tuple[bytes, "Breakage | None"]]:
    """Every piece of the file once the parser has it, with what was wrong in it. The last piece is empty."""
    data = source.chunk(_CHUNK_BYTES).lstrip(b" \t\r\n")
    tail = b""
    while data:
        yield data, _feed(parser, data)
        tail = data[-100:].rstrip(b"\0 \t\r\n") or tail
        data = source.chunk(_CHUNK_BYTES)
    failure = _feed(parser, b"")
    # A file cut inside a tag is first of all cut, whatever that tag now looks like.
    cut = failure is not None and not tail.endswith(b">")
    yield b"", failure._replace(message="Premature end") if failure and cut else failure


class Breakage(NamedTuple):
    message: str
    line: int | None


def _feed(parser: "etree.XMLPullParser", data: bytes) -> Breakage | None:
    """What is wrong in `data`, if anything. An entity that is not known raises nothing in lxml but loses the
    item around it, so the parser's own log decides and not only its exceptions."""
    raised: etree.XMLSyntaxError | None = None
    try:
        if data:
            parser.feed(data)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        raised = error
    log: Any = parser.feed_error_log
    wrong = [entry for entry in log if entry.level >= etree.ErrorLevels.ERROR]
    if wrong:
        return Breakage(str(wrong[0].message), wrong[0].line or None)
    return Breakage(raised.msg or "", raised.lineno or None) if raised is not None else None


def _forget(item: etree._Element) -> None:
    """Free the item and everything before it, so that memory does not grow with the feed."""
    item.clear()
    parent = item.getparent()
    while parent is not None and item.getprevious() is not None:
        del parent[0]


def _row(count: int, item: etree._Element, limits: Limits, build: Build[T]) -> T | BadRow:
    if item.getroottree().docinfo.internalDTD is not None:
        raise FeedUnreadable("The XML declares a document type or entities, which we do not read.", _REFUSED)
    if len(item) > limits.max_fields:
        return BadRow(count, f"The item has more than {limits.max_fields} fields.", _shown(item))
    return build(count, item)


def offers_in_xml(names: Meanings, limits: Limits) -> Build[RawRow | BadRow]:
    """Makes a RawRow of each item."""
    meanings = _by_tag(names)

    def build(count: int, item: etree._Element) -> RawRow | BadRow:
        found: list[tuple[Meaning, Any]] = []
        for child in item:
            place = meanings(child.tag) if isinstance(child.tag, str) else None
            if place is None:
                continue
            value = value_of(child)
            if isinstance(value, str) and len(value) > limits.max_field_chars:
                reason = f"{place.field} is longer than {limits.max_field_chars:,} characters."
                return BadRow(count, reason, _shown(item))
            found.append((place, value))
        return RawRow(count, assemble(found))

    return build


def _by_tag(names: Meanings) -> Meanings:
    """Google's own elements come before RSS's and Atom's of the same name: an Atom <id> is an address."""

    @lru_cache(maxsize=2048)
    def look_up(tag: str) -> Meaning | None:
        name = local_name(tag)
        if name == "product_detail":
            return Meaning("attributes", 0)
        place = names(name[:200])
        return place if place is None or tag.startswith(_GOOGLE) else place._replace(rank=place.rank + 100)

    return look_up


def local_name(tag: str) -> str:
    """`"{http://base.google.com/ns/1.0}price"` → `"price"`."""
    return tag.rpartition("}")[2]


def value_of(child: etree._Element) -> Any:
    """Text of an element, or its parts where they are an attribute's name and value."""
    if not len(child):
        return (child.text or child.get("href") or "").strip()
    parts = {local_name(part.tag): _words(part).strip() for part in child if isinstance(part.tag, str)}
    if "attribute_name" in parts:
        return [parts]
    return _words(child).strip()


def _words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _shown(item: etree._Element) -> str:
    return excerpt(" ".join(_words(child) for child in list(item)[:10]))


def _no_item(limits: Limits, count: int) -> FeedUnreadable:
    size = limits.max_row_bytes // 1024
    if count:
        return FeedUnreadable(
            f"After item {count} no other item ends within {size:,} KB.", "Check that item of the file."
        )
    return FeedUnreadable(f"No product ends within the first {size:,} KB.", _SEND_MERCHANT)


def _explain(broken: Breakage, count: int) -> FeedUnreadable:
    message, line = broken
    where = f"on line {line}" if line else "at its end"
    after = f"after {count:,} complete item{'' if count == 1 else 's'}"
    if re.search("encoding|not proper UTF|Invalid bytes", message):
        advice = "Save the file as UTF-8, or name the right encoding in its first line."
        return FeedUnreadable(f"The XML has bytes that do not fit its encoding, {where}, {after}.", advice, line)
    if "amplification" in message:
        return FeedUnreadable("The XML declares entities that grow without end.", _REFUSED, line)
    if re.search("Excessive depth|Resource limit|huge text|XML_PARSE_HUGE", message):
        reason = f"The XML is nested too deeply or has a field that is too long, {where}, {after}."
        return FeedUnreadable(reason, "Shorten it and upload the file again.", line)
    if entity := re.search(r"Entity '([^']{1,40})' not defined", message):
        advice = f"Write the character itself instead of &{entity.group(1)}; and & as &amp;."
        return FeedUnreadable(f"XML does not know &{entity.group(1)};, {where}, {after}.", advice, line)
    if re.search("Premature end|no element found|Document is empty|Couldn't find end|not closed|unclosed", message):
        return FeedUnreadable(f"The XML ends too early, {where}, {after}.", "Upload the whole file again.", line)
    detail = excerpt(re.sub(r",? line \d+, column \d+\s*$", "", message)) or "it is not well-formed"
    advice = "Correct it and upload the file again. A bare & must be written &amp;."
    return FeedUnreadable(f"The XML is broken {where}, {after}: {detail}.", advice, line)
