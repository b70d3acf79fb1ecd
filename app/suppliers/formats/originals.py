"""The rows of a feed as their supplier wrote them: with all columns, under his own names."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from app.suppliers.formats.delimited import Record, Table
from app.suppliers.formats.json_items import json_lines_rows, json_rows
from app.suppliers.formats.raw import BadRow
from app.suppliers.formats.recognising import Recognised
from app.suppliers.formats.tabular import padded
from app.suppliers.formats.vocabulary import Meaning
from app.suppliers.formats.xml_fields import local_name, value_of
from app.suppliers.formats.xml_items import xml_rows

Cells = list[tuple[str, str]]
"""Name and text of every cell, in the order of the file. A name may come twice."""
Original = tuple[int, Callable[[], Cells]]
"""The line or number of a row, as in RawRow, and its cells. Ask for them before the next row is read: the row is
gone then. Most rows are only passed over, so cells are made when they are asked for."""


def originals(found: Recognised) -> Iterator[Original]:
    """The rows that can be read. FeedUnreadable or UnicodeError may come at a broken place."""
    limits, text = found.limits, found.text
    rows: Iterator[Original | BadRow]
    if found.table is not None:
        rows = _records(found.table)
    elif text is None:
        rows = xml_rows(found.source, limits, lambda line, item: (line, lambda: _cells_of_item(item)))
    elif found.format == "json-lines":
        rows = json_lines_rows(text, limits, _entry)
    else:
        rows = json_rows(text, limits, _anything, _entry)
    return (row for row in rows if not isinstance(row, BadRow))


def _records(table: Table) -> Iterator[Original | BadRow]:
    for record in table.records:
        yield record if isinstance(record, BadRow) else _record(table.header, record)


def _record(header: list[str], record: Record) -> Original:
    return record.line, lambda: list(zip(header, padded(record, len(header)), strict=False))


def _entry(line: int, value: dict[str, Any]) -> Original:
    return line, lambda: [(name, _shown(one)) for name, one in value.items()]


def _anything(_: str) -> Meaning:
    """Whatever is no list of products is one product, so that its fields can be seen."""
    return Meaning("title", 0)


def _cells_of_item(item: etree._Element) -> Cells:
    return [(local_name(child.tag), _shown(value_of(child))) for child in item if isinstance(child.tag, str)]


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""
