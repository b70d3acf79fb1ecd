"""The rules of each field of an offer: what is taken, what is mended with a warning, what is refused."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from app.catalog.taxonomy import OTHER_GOODS
from app.suppliers.formats.raw import Fields
from app.suppliers.formats.vocabulary import meaning
from app.suppliers.gtins import GtinInvalid, parse_gtin
from app.suppliers.plain_text import one_line
from app.suppliers.prices import PriceInvalid, is_unsure, known_currency, parse_price
from app.suppliers.problems import Findings
from app.suppliers.row_context import RowContext

SKU_CHARS = 100
TITLE_CHARS = 300
URL_CHARS = 2000
MAX_ATTRIBUTES = 60
NAME_CHARS = 60
VALUE_CHARS = 500
COMMON_CHARS = 40  # of a text that other rows have, too
NO_RATE = "We have no exchange rate for "

_ROUNDED = re.compile(r"[0-9][.,][0-9]+[eE]\+[0-9]{2,3}")
_OWN_PICTURE = re.compile(r"/art/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.svg")
_SEVERAL = re.compile(r"\s*[,;|\n]\s*(?=(?:https?:)?//)|\s+(?=https?://)")
_SHARED_NAMES = {"colour": "Colour", "size": "Size"}


_common = lru_cache(maxsize=20_000)(one_line)


def depends_on_time(fields: Fields) -> bool:
    """Whether the same row may mean something else at another time: its sale has a period."""
    return bool(fields.get("sale_period"))


def sku(fields: Fields, found: Findings) -> str:
    sent = fields.get("sku", "").strip()
    if not sent:
        found.reject("sku", "", "There is no SKU.", "Give every variant a SKU of its own that never changes.")
    elif len(sent) > SKU_CHARS:
        found.reject("sku", sent, f"The SKU is longer than {SKU_CHARS} characters.", "Use a shorter SKU.")
    elif _ROUNDED.fullmatch(sent):
        reason = "A spreadsheet has turned the SKU into a rounded number."
        found.reject(
            "sku", sent, reason, "Several products would share it. Make the column one of text and export again."
        )
    elif not sent.isprintable():
        found.reject("sku", sent, "The SKU contains invisible characters.", "Type it again without them.")
    return sent


def title(fields: Fields, found: Findings) -> str:
    text = one_line(fields.get("title", ""))
    if not (text[:1].isalnum() or any(unicodedata.category(char)[0] in "LNS" for char in text)):  # S: pictographs
        found.reject("title", fields.get("title", ""), "There is no title.", "Name the product in a few words.")
    if len(text) > TITLE_CHARS:
        found.warn("title", text, f"The title is longer than {TITLE_CHARS} characters and was cut.", "Shorten it.")
        text = text[:TITLE_CHARS].rstrip()
    return text


def price(fields: Fields, found: Findings, context: RowContext) -> tuple[int, str]:
    """Minor units and currency; (0, "") with an error found when there is no valid price."""
    sent = _asked_price(fields, context)
    column = fields.get("currency", "").strip().upper()
    if column and not known_currency(column):
        found.reject(
            "currency", column, f'"{column[:10]}" is not a currency that we know.', "Use its ISO code, such as EUR."
        )
        return 0, ""
    try:
        minor, currency = parse_price(sent, column or context.default_currency, "decimal_comma" in fields)
    except PriceInvalid as invalid:
        found.reject("price", sent, invalid.reason, invalid.advice)
        return 0, ""
    if column and currency != column:
        reason = f"The price is in {currency}, but the currency column says {column}."
        found.reject("price", sent, reason, "Correct one of them.")
    elif currency not in context.currencies:
        known = " or ".join(sorted(context.currencies))
        advice = f"Ask the shop's operators to set one, or send prices in {known}."
        found.reject("price", sent, NO_RATE + f"{currency}.", advice)
    elif is_unsure(sent, currency):
        reason = "The point in this price was taken to stand between thousands, as in other prices like this."
        found.warn("price", sent, reason, "Write 1234.00 rather than 1.234.")
    return minor, currency


def _asked_price(fields: Fields, context: RowContext) -> str:
    """The sale price, or the usual one outside the period of the sale ("2026-11-20T00:00Z/2026-11-30T23:59Z")."""
    start, _, end = fields.get("sale_period", "").partition("/")
    if end and context.now:
        try:
            begins, ends = datetime.fromisoformat(start.strip()), datetime.fromisoformat(end.strip())
            if not begins <= context.now <= ends:
                return fields.get("list_price", "")
        except (ValueError, TypeError):  # not a date, or one without its offset from UTC
            return fields.get("price", "")
    return fields.get("price", "")


def list_price(fields: Fields, found: Findings, price_minor: int, currency: str) -> int | None:
    sent = fields.get("list_price", "")
    if not sent.strip():
        return None
    reason = ""
    try:
        minor, listed_in = parse_price(sent, currency, "decimal_comma" in fields)
        if listed_in != currency:
            reason = f"The list price is in {listed_in} and the price in {currency}, so it was ignored."
        elif minor <= price_minor:
            reason = "The list price is not higher than the price, so it was ignored."
    except PriceInvalid as invalid:
        reason = f"The list price was ignored: {invalid.reason}"
    if reason:
        found.warn("list_price", sent, reason, "Send a list price only where the product is reduced.")
        return None
    return minor


def category(fields: Fields, found: Findings, context: RowContext, product: str) -> str:
    """Our path for the supplier's words; else what the title suggests; else the default."""
    sent = one_line(fields.get("category", ""))
    path = context.category_of(sent) if sent else None
    if path and "/" in path:
        return path
    suggested = context.category_of(product) or ""
    if path:
        leaf = suggested if suggested.startswith(f"{path}/") else context.first_leaves.get(path, path)
        reason = f"“{sent[:100]}” is a department; used {leaf}, which is in it."
        found.warn("category", sent, reason, "Send the path of a category, such as lighting/desk-lamps.")
        return leaf
    if "/" not in suggested:
        suggested = ""
    path = suggested or context.default_category or OTHER_GOODS
    if sent:
        reason = f"“{sent[:100]}” is not a category; used {path} instead."
        found.warn("category", sent, reason, "Send the path of one of ours, such as lighting/desk-lamps.")
    elif not suggested:
        found.warn("category", "", f"There is no category; used {path}.", "Use one of our categories.")
    return path


def gtin(fields: Fields, found: Findings) -> str | None:
    sent = fields.get("gtin", "").strip()
    if not sent:
        return None
    try:
        return parse_gtin(sent if sent.isdigit() else _first_of(sent))
    except GtinInvalid as invalid:
        advice = "Send the number below the barcode, as text, or leave the field empty."
        found.warn("gtin", sent, f"The GTIN {invalid}, so it was ignored.", advice)
        return None


def _first_of(sent: str) -> str:
    """Of several numbers in one field the first. "5,6E+12" is one number."""
    return sent if "E+" in sent.upper() else re.split(r"[,;|]", sent, maxsplit=1)[0].strip()


def options(fields: Fields, found: Findings) -> dict[str, str]:
    """What a shopper chooses between. Colour and size have the same name in every feed."""
    sent = dict(fields.get("options", {}))
    for field, name in (("colour", "Colour"), ("size", "Size")):
        if fields.get(field) and not any(_shared_name(one) == name for one in sent):
            sent[name] = fields[field]
    return _clean_pairs("options", {_shared_name(name): text for name, text in sent.items()}, found)


def _shared_name(name: str) -> str:
    """ "Farbe" and "Color" are "Colour", in whatever language the feed is."""
    known = meaning(name[:NAME_CHARS])
    return _SHARED_NAMES.get(known.field, name) if known else name


def attributes(fields: Fields, found: Findings) -> dict[str, str]:
    return _clean_pairs("attributes", fields.get("attributes", {}), found)


def _clean_pairs(field: str, sent: dict[str, str], found: Findings) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for sent_name, sent_text in sent.items():
        name, text = _common(sent_name), _common(sent_text) if len(sent_text) <= COMMON_CHARS else one_line(sent_text)
        if not name or not text:
            continue
        if len(pairs) == MAX_ATTRIBUTES:
            found.warn(field, name, f"There are more than {MAX_ATTRIBUTES} {field}; the others were left out.", "")
            break
        if len(name) > NAME_CHARS or len(text) > VALUE_CHARS:
            reason = f"A name over {NAME_CHARS} or a text over {VALUE_CHARS} characters was cut."
            found.warn(field, f"{name}: {text}", reason, "Shorten it.")
        pairs[name[:NAME_CHARS]] = text[:VALUE_CHARS]
    return pairs


def image(fields: Fields, found: Findings) -> str | None:
    sent = fields.get("image", "").strip()
    if not sent:
        return None
    sent = _SEVERAL.split(sent, maxsplit=1)[0]
    address = "https:" + sent if sent.startswith("//") else sent
    if _OWN_PICTURE.fullmatch(address) or _is_web_address(address):
        return address
    found.warn(
        "image", sent, "The image is not a web address, so it was left out.", "Send a link that begins with https://."
    )
    return None


def _is_web_address(address: str) -> bool:
    if len(address) > URL_CHARS or not address.isprintable() or any(char in address for char in ' <>"\\'):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
