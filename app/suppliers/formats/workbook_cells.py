"""What stands in a cell of a workbook, as text: as its supplier sees it where that can be known."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from lxml import etree

from app.suppliers.formats.workbook import Texts, text_in
from app.suppliers.formats.xml_fields import local_name

_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_BUILT_IN_CENTS = frozenset(("2", "4", "7", "8", "39", "40", "43", "44"))
_NOT_PLACES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # texts, colours and conditions, fillers
_WHOLE = re.compile(r"-?[0-9]{1,40}")
_MOST_DIGITS = 1e15  # beyond it a spreadsheet has rounded


class ErrorCell(str):
    """`#N/A` and its like: what a formula could not reckon out."""


class CellTexts:
    """`text` of any cell of one workbook."""

    def __init__(self, texts: Texts, formats: list[str], from_1904: bool) -> None:
        self._texts = texts
        self._epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self._kinds = [_shown(one) for one in formats]

    def text(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        value = inline = ""
        for child in cell:
            name = local_name(child.tag) if isinstance(child.tag, str) else ""
            if name == "v":
                value = child.text or ""
            elif name == "is":
                inline = text_in(child)
        match kind:
            case "s":
                return self._shared(value)
            case "inlineStr":
                return inline
            case "b":
                return "TRUE" if value.strip() in ("1", "true") else "FALSE" if value else ""
            case "e":
                return ErrorCell(value or "#N/A")
            case "n":
                return self._number(value.strip(), cell.get("s"))
        return value

    def _shared(self, value: str) -> str:
        try:
            return self._texts[int(value)] if value else ""
        except (ValueError, IndexError):
            return ErrorCell("a text that is not in the workbook")

    def _number(self, value: str, style: str | None) -> str:
        known = style and style.isdecimal() and len(style) < 9 and int(style) < len(self._kinds)
        shown = self._kinds[int(style)] if known and style else _PLAIN
        if shown.is_date:
            return self._date(value) or plain_number(value)
        return plain_number(value, shown.decimals).zfill(shown.digits)

    def _date(self, value: str) -> str:
        """ISO 8601; empty when the number is no date."""
        try:
            days = float(value)
            if days < 0:
                return ""
            moment = self._epoch + timedelta(days=days + (self._epoch.year == 1899 and 1 <= days < 60))
        except (ValueError, OverflowError):
            return ""
        moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
        if days < 1:
            return moment.strftime("%H:%M:%S")
        return moment.date().isoformat() if days.is_integer() else moment.isoformat()


class _Shown(NamedTuple):
    """How a style shows numbers: filled up with zeros to `digits`, rounded to `decimals` (0: not rounded)."""

    is_date: bool = False
    digits: int = 0
    decimals: int = 0


_PLAIN = _Shown()


def _shown(code: str) -> _Shown:
    if code in _BUILT_IN_DATES:
        return _Shown(is_date=True)
    if code in _BUILT_IN_CENTS:
        return _Shown(decimals=2)
    if code.isdecimal() and code.strip("0"):
        return _PLAIN
    bare = _NOT_PLACES.sub("", code.partition(";")[0])
    if bare.lower() != "general" and re.search("[ymdhs]", bare, re.IGNORECASE):
        return _Shown(is_date=True)
    if re.fullmatch("0{2,40}", bare):
        return _Shown(digits=len(bare))
    cents = re.fullmatch(r"[^0#%eE]*[#,]*0\.(0{2,9})[^0#%eE/]*", bare)
    return _Shown(decimals=len(cents.group(1))) if cents else _PLAIN


def plain_number(value: str, decimals: int = 0) -> str:
    """`"48.899999999999999"` → `"48.9"`, `"5.601234567892E+12"` → `"5601234567892"`: the 15 digits that a spreadsheet
    keeps, without exponent. What is no number, or larger than that, stays as it is. Three decimals get a zero: a point
    before them could be taken for one between thousands."""
    if _WHOLE.fullmatch(value) or len(value) > 40:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not abs(number) < _MOST_DIGITS or 0 < abs(number) < 1e-9:
        return value
    exact = Decimal(format(number, ".15g"))
    if decimals and -int(exact.as_tuple().exponent) > decimals:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if exact == exact.to_integral_value():
        return str(int(exact))
    text = format(exact, "f")
    return f"{text}0" if text[-4:-3] == "." else text
