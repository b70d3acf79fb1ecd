"""Products in XML: <item> of RSS 2.0 and <entry> of Atom, with or without the g: prefix, or <product> and the like.

What an element of them means is in `xml_fields`.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, cast

from lxml import etree

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.raw import BadRow, FeedUnreadable, excerpt
from app.suppliers.formats.source import Source
from app.suppliers.formats.xml_fields import local_name, shown

T = TypeVar("T")
Build = Callable[[int, etree._Element], T]
"""What is made of an item: its number and its element, which is gone after that."""


class Chunks(Protocol):
    def chunk(self, size: int) -> bytes: ...


CHUNK_BYTES = 32 * 1024
_ROOT = re.compile(rb"<[A-Za-z_]")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_ITEMS = frozenset([
    "item", "entry", "product", "produkt", "produit", "producto", "produto", "prodotto", "artikel", "article",
    "articulo", "artigo", "articolo", "shopitem", "offer", "o", "row", "record",
])  # fmt: skip
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
    parser = pull_parser("end", tuple(f"{{*}}{name}" for name in _item_names(source)))
    count, since_item = 0, 0
    for data, failure in fed(parser, source):
        since_item += len(data)
        for _, found in parser.read_events():
            item = cast(etree._Element, found)
            count, since_item = count + 1, 0
            yield _row(count, item, limits, build)
            forget(item)
        if failure is not None:
            raise _explain(failure, count)
        if since_item > limits.max_row_bytes + CHUNK_BYTES:
            raise _no_item(limits, count)
    if not count:
        raise FeedUnreadable("There is no <item>, <entry> or <product> in this XML.", _SEND_MERCHANT)


def _item_names(source: Source) -> tuple[str, ...]:
    """The element that holds one product, the outermost with such a name: in a shop's own export <product> has its
    pictures in <item>s. Rewinds."""
    parser = pull_parser("start", None)
    begin = source.sample().lstrip(b" \t\r\n")
    source.restart()
    with suppress(etree.XMLSyntaxError):  # it comes again when the items are read
        parser.feed(begin)
    for _, found in parser.read_events():
        element = cast(etree._Element, found)
        name = local_name(element.tag) if isinstance(element.tag, str) else ""
        if name.lower() in _ITEMS and element.getparent() is not None:
            return (name,)
    return ("item", "entry")


def pull_parser(event: Literal["start", "end"], tags: tuple[str, ...] | None) -> "etree.XMLPullParser":
    return etree.XMLPullParser(
        events=(event,),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def fed(parser: "etree.XMLPullParser", source: Chunks) -> Iterator[tuple[bytes, "Breakage | None"]]:
    """Every piece of the file once the parser has it, with what was wrong in it. The last piece is empty."""
    data = source.chunk(CHUNK_BYTES).lstrip(b" \t\r\n")
    tail = b""
    while data:
        yield data, _feed(parser, data)
        tail = data[-100:].rstrip(b"\0 \t\r\n") or tail
        data = source.chunk(CHUNK_BYTES)
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


def forget(item: etree._Element) -> None:
    """Free the item and everything before it, so that memory does not grow with the feed."""
    item.clear()
    parent = item.getparent()
    while parent is not None and item.getprevious() is not None:
        del parent[0]


def _row(count: int, item: etree._Element, limits: Limits, build: Build[T]) -> T | BadRow:
    if item.getroottree().docinfo.internalDTD is not None:
        raise FeedUnreadable("The XML declares a document type or entities, which we do not read.", _REFUSED)
    if len(item) > limits.max_fields:
        return BadRow(count, f"The item has more than {limits.max_fields} fields.", shown(item))
    return build(count, item)


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
