"""The rules of each field of an offer: what is taken, what is mended with a warning, what is refused."""

import re
import unicodedata
from datetime import datetime
from urllib.parse import urlsplit

from app.suppliers.availability import availability
from app.suppliers.formats.raw import Fields
from app.suppliers.gtins import GtinInvalid, parse_gtin
from app.suppliers.plain_text import one_line
from app.suppliers.prices import PriceInvalid, known_currency, parse_price
from app.suppliers.problems import Findings
from app.suppliers.row_context import RowContext

SKU_CHARS = 100
TITLE_CHARS = 300
URL_CHARS = 2000
MAX_PIECES = 1_000_000
MAX_HANDLING_DAYS = 30
MAX_ATTRIBUTES = 60
NAME_CHARS = 60
VALUE_CHARS = 500
FALLBACK_CATEGORY = "other/other-goods"

_PIECES = re.compile(r"(-?[0-9]{1,12})(?:[.,]0+)?")
_OWN_PICTURE = re.compile(r"/art/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.svg")
_SHARED_NAMES = {"color": "Colour", "colour": "Colour", "size": "Size"}


def depends_on_time(fields: Fields) -> bool:
    """Whether the same row may mean something else at another time: its sale has a period."""
    return bool(fields.get("sale_period"))


def sku(fields: Fields, found: Findings) -> str:
    sent = fields.get("sku", "").strip()
    if not sent:
        found.reject("sku", "", "There is no SKU.", "Give every variant a SKU of its own that never changes.")
    elif len(sent) > SKU_CHARS:
        found.reject("sku", sent, f"The SKU is longer than {SKU_CHARS} characters.", "Use a shorter SKU.")
    elif not sent.isprintable():
        found.reject("sku", sent, "The SKU contains invisible characters.", "Type it again without them.")
    return sent


def title(fields: Fields, found: Findings) -> str:
    text = one_line(fields.get("title", ""))
    if not any(unicodedata.category(char)[0] in "LNS" for char in text):  # letters, digits, pictographs
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
        minor, currency = parse_price(sent, column or context.default_currency)
    except PriceInvalid as invalid:
        found.reject("price", sent, invalid.reason, invalid.advice)
        return 0, ""
    if column and currency != column:
        reason = f"The price is in {currency}, but the currency column says {column}."
        found.reject("price", sent, reason, "Correct one of them.")
    elif currency not in context.currencies:
        known = ", ".join(sorted(context.currencies))
        found.reject("price", sent, f"We have no exchange rate for {currency}.", f"Send prices in one of {known}.")
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
        minor, listed_in = parse_price(sent, currency)
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


def stock(fields: Fields, found: Findings, context: RowContext) -> tuple[dict[str, int] | None, bool]:
    """Pieces per warehouse (None: not counted), and whether the offer can be bought."""
    words = fields.get("availability", "")
    state = availability(words) if words.strip() else None
    if words.strip() and state is None:
        advice = 'Write "in stock" or "out of stock".'
        found.warn("availability", words, "We do not know this word, so it counts as out of stock.", advice)
        state = "out"
    elif state == "later":
        found.warn("availability", words, "Orders in advance are not sold here, so it counts as out of stock.", "")
    counted = _counted(fields, found, context)
    if counted is None and state is None:
        advice = "Send the number of pieces in a column named stock."
        found.warn("stock", "", "There is neither stock nor availability, so it counts as out of stock.", advice)
    if counted is None:
        return None, state == "in"
    if state in ("out", "later") and any(counted.values()):
        counted = dict.fromkeys(counted, 0)
        if state == "out":
            reason = "There is stock, but the availability says otherwise, so it counts as out of stock."
            found.warn("availability", words, reason, "Correct one of them.")
    return counted, any(counted.values())


def _counted(fields: Fields, found: Findings, context: RowContext) -> dict[str, int] | None:
    if sent := fields.get("stocks"):
        for code in sent.keys() - context.warehouses:
            known = ", ".join(sorted(context.warehouses))
            found.reject("stocks", code, f'"{code[:60]}" is not one of our warehouses.', f"Use one of {known}.")
        return {code: _pieces("stocks", sent[code], found) for code in sorted(sent)}
    if not fields.get("stock", "").strip():
        return None
    where = context.default_warehouse or min(context.warehouses, default="")
    return {where: _pieces("stock", fields["stock"], found)}


def _pieces(field: str, sent: str, found: Findings) -> int:
    match = _PIECES.fullmatch(sent.strip())
    pieces = int(match.group(1)) if match else -1
    if match is None:
        found.reject(field, sent, "The stock is not a whole number.", "Send the number of pieces, such as 12.")
    elif not 0 <= pieces <= MAX_PIECES:
        found.reject(
            field, sent, f"The stock must be from 0 to {MAX_PIECES:,}.", "Send the pieces you can really ship."
        )
    return pieces


def handling_days(fields: Fields, found: Findings) -> int | None:
    sent = fields.get("handling_days", "").strip()
    if not sent:
        return None
    match = _PIECES.fullmatch(sent)
    days = int(match.group(1)) if match else -1
    if not 0 <= days <= MAX_HANDLING_DAYS:
        reason = f"The handling days must be a whole number from 0 to {MAX_HANDLING_DAYS}."
        found.reject("handling_days", sent, reason, "Send the working days until you hand over the parcel.")
    return days


def category(fields: Fields, found: Findings, context: RowContext, product: str) -> str:
    """Our path for the supplier's words; else what the title suggests; else the default."""
    sent = one_line(fields.get("category", ""))
    if sent and (path := context.category_of(sent)):
        return path
    suggested = context.category_of(product)
    path = suggested or context.default_category or FALLBACK_CATEGORY
    if sent:
        found.warn(
            "category",
            sent,
            f"“{sent[:100]}” is not a category; used {path} instead.",
            "Send the path of one of ours, such as lighting/desk-lamps.",
        )
    elif not suggested:
        found.warn("category", "", f"There is no category; used {path}.", "Use one of our categories.")
    return path


def gtin(fields: Fields, found: Findings) -> str | None:
    sent = fields.get("gtin", "").strip()
    if not sent:
        return None
    first = re.split(r"[,;|]", sent, maxsplit=1)[0].strip()
    try:
        return parse_gtin(first)
    except GtinInvalid as invalid:
        advice = "Send the number below the barcode, as text, or leave the field empty."
        found.warn("gtin", sent, f"The GTIN {invalid}, so it was ignored.", advice)
        return None


def options(fields: Fields, found: Findings) -> dict[str, str]:
    """What a shopper chooses between. Colour and size have the same name in every feed."""
    sent = dict(fields.get("options", {}))
    for field, name in (("colour", "Colour"), ("size", "Size")):
        if fields.get(field) and not any(_SHARED_NAMES.get(one.lower()) == name for one in sent):
            sent[name] = fields[field]
    return _clean_pairs("options", {_SHARED_NAMES.get(name.lower(), name): text for name, text in sent.items()}, found)


def attributes(fields: Fields, found: Findings) -> dict[str, str]:
    return _clean_pairs("attributes", fields.get("attributes", {}), found)


def _clean_pairs(field: str, sent: dict[str, str], found: Findings) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for sent_name, sent_text in sent.items():
        name, text = one_line(sent_name), one_line(sent_text)
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
