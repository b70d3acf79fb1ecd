"""An Excel workbook (.xlsx, .xlsm): the parts of its archive that say what stands in its sheets, each read as a stream.

What is not asked for here (macros, pictures, links to other files, pivot tables) is never unpacked.
"""

import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

from app.suppliers.formats.limits import MIB, Limits
from app.suppliers.formats.raw import FeedUnreadable
from app.suppliers.formats.source import Source, refuse_unpacking
from app.suppliers.formats.xml_fields import local_name
from app.suppliers.formats.xml_items import CHUNK_BYTES, fed, forget, pull_parser, refuse_declarations
from app.suppliers.formats.zipped import BROKEN, SAVE_AGAIN, damaged_workbook

_BOOK = "xl/workbook.xml"
_LISTS_BYTES = 32 * MIB  # of sheets, of formats
_MOST_STYLES = 65_536
TEXTS_BYTES = 128 * MIB
"""Of the part in which a workbook keeps its texts, unpacked: it is held in memory, as rows refer to it by number."""

_AS_CSV = "Save the sheet with your products as CSV and upload that file."
_SEND_TABLE = "Put your products into a workbook (.xlsx) or a CSV file and upload that."
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Sheet(NamedTuple):
    name: str
    part: str
    is_hidden: bool


class Part:
    """One unpacked file of the archive, counted. Raises FeedUnreadable: too large, damaged, locked."""

    def __init__(self, file: zipfile.ZipExtFile, info: zipfile.ZipInfo, source: Source, most: int, limits: Limits):
        self._file, self._packed, self._most = file, info.compress_size, most
        self._source, self._limits = source, limits
        self._begun = b""
        self.bytes_out = 0
        self._begun = self.chunk(CHUNK_BYTES)
        refuse_declarations(self._begun)

    def chunk(self, size: int) -> bytes:
        if self._begun:
            data, self._begun = self._begun, b""
            return data
        try:
            data = self._file.read1(size)
        except BROKEN:
            raise damaged_workbook() from None
        self.bytes_out += len(data)
        self._source.tell_progress()
        if self.bytes_out > self._most:
            reason = f"A part of the Excel workbook is larger than {self._most // MIB:,} MB unpacked."
            raise FeedUnreadable(reason, _AS_CSV)
        refuse_unpacking(self.bytes_out, self._packed, self._limits)
        return data

    def close(self) -> None:
        self._file.close()


class Workbook:
    """Sheets in the order of their tabs. Raises FeedUnreadable when they cannot be found."""

    def __init__(self, source: Source, file: BinaryIO, limits: Limits) -> None:
        self._source, self._limits = source, limits
        try:
            self._archive = zipfile.ZipFile(file)
        except (*BROKEN, ValueError):
            raise damaged_workbook() from None
        self._names = set(self._archive.namelist())
        if _BOOK not in self._names:
            raise _no_xlsx(self._names)
        parts, others = self._related()
        self.from_1904 = False
        self.sheets: list[Sheet] = []
        for one in self._listed(_BOOK):
            name = _name(one)
            if name == "workbookPr":
                self.from_1904 = one.get("date1904") in ("1", "true")
            elif name == "sheet" and (part := parts.get(_reference(one))):
                self.sheets.append(Sheet(one.get("name", "")[:200], part, one.get("state", "visible") != "visible"))
        self._texts_part, self._styles_part = others.get("sharedStrings", ""), others.get("styles", "")

    def rows(self, sheet: Sheet) -> Iterator[tuple[etree._Element, int]]:
        """Elements of rows, each gone when the next is taken, with the bytes that were unpacked so far."""
        for element, read in self._elements(sheet.part, self._limits.max_bytes, ("{*}row", "{*}sheetData")):
            if _name(element) == "sheetData":
                return  # what stands below (merged cells, links, rules) may be long
            yield element, read

    def texts(self) -> "Texts":
        texts = Texts()
        if self._texts_part:
            for element, _ in self._elements(self._texts_part, TEXTS_BYTES, ("{*}si",)):
                texts.add(text_in(element))
        return texts

    def formats(self) -> list[str]:
        """The number format of each style that cells refer to, as Excel writes it; built-in ones as their number."""
        own: dict[str, str] = {}
        formats: list[str] = []
        for one in self._listed(self._styles_part) if self._styles_part else ():
            parent = one.getparent()
            above, number = _name(parent) if parent is not None else "", one.get("numFmtId", "0")[:20]
            if above == "numFmts":
                own[number] = one.get("formatCode", "")[:200]
            elif above == "cellXfs" and _name(one) == "xf" and len(formats) < _MOST_STYLES:
                formats.append(own.get(number, number))
        return formats

    def _related(self) -> tuple[dict[str, str], dict[str, str]]:
        """Parts of sheets by the id that names them, and other parts by what they are."""
        sheets: dict[str, str] = {}
        others: dict[str, str] = {}
        for one in self._listed("xl/_rels/workbook.xml.rels"):
            part = posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
            if one.get("TargetMode") == "External" or part not in self._names:
                continue
            kind = one.get("Type", "").rpartition("/")[2]
            if kind == "worksheet":
                sheets[one.get("Id", "")] = part
            else:
                others[kind] = part
        return sheets, others

    def _listed(self, part: str) -> Iterator[etree._Element]:
        """Every element of a part of which only attributes matter."""
        return (element for element, _ in self._elements(part, _LISTS_BYTES, None))

    def _elements(self, part: str, most: int, tags: tuple[str, ...] | None) -> Iterator[tuple[etree._Element, int]]:
        stream, row_bytes = self._open(part, most), self._limits.max_row_bytes
        parser = pull_parser("end", tags)
        since, is_checked = 0, False
        try:
            for data, failure in fed(parser, stream):
                since += len(data)
                for _, found in parser.read_events():
                    element = cast(etree._Element, found)
                    if not is_checked and element.getroottree().docinfo.internalDTD is not None:
                        raise damaged_workbook()
                    since, is_checked = 0, True
                    yield element, stream.bytes_out
                    forget(element)
                if failure is not None:
                    raise damaged_workbook()
                if since > row_bytes + CHUNK_BYTES:
                    reason = f"A row or text of the Excel workbook takes more than {row_bytes // 1024:,} KB."
                    raise FeedUnreadable(reason, SAVE_AGAIN)
        finally:
            stream.close()

    def _open(self, part: str, most: int) -> Part:
        try:
            info = self._archive.getinfo(part)
            if info.flag_bits & 1:
                raise FeedUnreadable("The Excel workbook is locked with a password.", "Save it without one.")
            file = cast(zipfile.ZipExtFile, self._archive.open(info))
        except (*BROKEN, KeyError, ValueError):
            raise damaged_workbook() from None
        return Part(file, info, self._source, most, self._limits)


class Texts:
    """Texts by number, close together: a list of them would take many times their size."""

    def __init__(self) -> None:
        self._data, self._ends = bytearray(), array("Q", [0])

    def add(self, text: str) -> None:
        self._data += text.encode()
        self._ends.append(len(self._data))

    def __getitem__(self, number: int) -> str:
        """Raises IndexError."""
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return self._data[self._ends[number] : self._ends[number + 1]].decode()


def text_in(element: etree._Element) -> str:
    """Of a text in one piece or in runs; without how it is pronounced."""
    found = []
    for child in element:
        name = _name(child)
        if name == "t":
            found.append(child.text or "")
        elif name == "r":
            found += [part.text or "" for part in child.iterchildren("{*}t")]
    text = "".join(found)
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    char = chr(int(found.group(1), 16))
    return char if char.isprintable() or char in "\n\t" else " "


def _name(element: etree._Element) -> str:
    return local_name(str(element.tag))


def _reference(sheet: etree._Element) -> str:
    """The id of its part, whichever of the two namespaces of Office it is written in."""
    return next((str(value) for key, value in sheet.items() if str(key).endswith("}id")), "")


def _no_xlsx(names: set[str]) -> FeedUnreadable:
    if any(name.endswith("workbook.bin") for name in names):
        return FeedUnreadable("This file is a binary Excel workbook (.xlsb), which we do not read.", SAVE_AGAIN)
    if not any(name.startswith("xl/") for name in names):
        return FeedUnreadable("This file is a document of Office, not a product feed.", _SEND_TABLE)
    return damaged_workbook()
