"""What stands in one product of an XML feed: its elements, their attributes, and lists of names with values."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml import etree

from app.suppliers.formats.fields import assemble
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import DICTS, Meanings
from app.suppliers.formats.raw import BadRow, RawRow, excerpt
from app.suppliers.formats.vocabulary import Meaning

_GOOGLE = "{http://base.google.com/ns/1.0}"
_DEEPEST = 4
# Elements that only hold others together. Not, say, <shipping>: the price inside it is not the product's.
_HOLDERS = frozenset([
    "articledetails", "articlepricedetails", "articleprice", "productdetails", "productpricedetails", "productprice",
    "details", "attrs", "attributes", "params", "parameters", "features", "articlefeatures", "productfeatures",
    "specifications", "imgs", "prices", "pricing", "inventory", "mimeinfo",
])  # fmt: skip
_LISTS = frozenset({"attributes", "features", "specifications"})  # their elements are named for what they say
_NAMED = frozenset(["param", "parameter", "a", "attribute", "attr", "property", "feature", "spec", "specification"])
_PAIRS = (("attribute_name", "attribute_value"), ("param_name", "val"), ("fname", "fvalue"), ("name", "value"))
_WORTH = ("name", "title", "value", "url", "src")  # what an element with parts says itself


def offers_in_xml(names: Meanings, limits: Limits) -> Callable[[int, etree._Element], RawRow | BadRow]:
    """Makes a RawRow of each item."""
    meanings = _by_tag(names)

    def build(count: int, item: etree._Element) -> RawRow | BadRow:
        found: list[tuple[Meaning, Any]] = []
        _read(item, meanings, found)
        for place, value in found:
            if len(value) > limits.max_field_chars:
                reason = f"{place.field} is longer than {limits.max_field_chars:,} characters."
                return BadRow(count, reason, shown(item))
        return RawRow(count, assemble(found))

    return build


def _read(item: etree._Element, meanings: Meanings, found: list[tuple[Meaning, Any]], depth: int = 0) -> None:
    """Adds what the item says to `found`."""
    for name, text in item.items():
        place = meanings(str(name)) if name not in ("type", "name") else None
        if place is not None:
            found.append((place._replace(rank=place.rank + 200), str(text).strip()))
    for child in item:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        place = meanings(tag)
        if place is not None and place.field not in DICTS:
            words = None if len(child) else child.text
            found.append((place, words.strip() if words else value_of(child)))
        elif pair := _pair(child):
            found.append((_meaning_of(pair[0], meanings), pair[1]))
        elif len(child) and depth < _DEEPEST and _is_holder(child):
            _read(child, meanings, found, depth + 1)
        elif place is not None:
            found.append((place, value_of(child)))
        elif depth and item.tag in _LISTS and not len(child):
            found.append((Meaning("attributes", 0, local_name(tag)[:200]), value_of(child)))


def _is_holder(child: etree._Element) -> bool:
    return _plain(str(child.tag)) in _HOLDERS and not (child.get("price_type") or "").startswith("net")  # without tax


def _meaning_of(name: str, meanings: Meanings) -> Meaning:
    """What a name in a list of names and values means: one of our fields, or an attribute of the product."""
    known = meanings(name)
    if known is None or known.field in ("sku", "title", "price", "attributes", "options"):
        return Meaning("attributes", 0, name)
    return known._replace(rank=known.rank + 300)


def _by_tag(names: Meanings) -> Meanings:
    """Google's own elements come before RSS's and Atom's of the same name: an Atom <id> is an address."""

    @lru_cache(maxsize=2048)
    def look_up(tag: str) -> Meaning | None:
        place = names(local_name(tag)[:200])
        return place if place is None or tag.startswith(_GOOGLE) else place._replace(rank=place.rank + 100)

    return look_up


def local_name(tag: str) -> str:
    """`"{http://base.google.com/ns/1.0}price"` → `"price"`."""
    return tag.rpartition("}")[2]


@lru_cache(maxsize=2048)
def _plain(tag: str) -> str:
    return local_name(tag).replace("_", "").replace("-", "").lower()


def _pair(child: etree._Element) -> tuple[str, str] | None:
    """`<param name="Colour">Red</param>`, or a name and a value in elements of their own."""
    if len(child):
        parts = _parts(child)
        for name, value in _PAIRS[: None if _plain(str(child.tag)) in _NAMED else -1]:
            if parts.get(name):
                return parts[name][:200], parts.get(value, "")
    elif (called := child.get("name")) and _plain(str(child.tag)) in _NAMED:
        return called[:200], (child.text or child.get("value") or "").strip()
    return None


def value_of(child: etree._Element) -> str:
    """Text of an element. Of one with parts the part that names it; several alike are lines of their own."""
    if not len(child):
        return (child.text or child.get("href") or child.get("url") or child.get("src") or "").strip()
    if not (child.text or "").strip():
        parts = _parts(child)
        if len(parts) == 1 and len(child) > 1:
            return "\n".join(value_of(part) for part in child if isinstance(part.tag, str))
        if worth := next((parts[name] for name in _WORTH if parts.get(name)), ""):
            return worth
    return _words(child).strip() or next((text for part in child if (text := value_of(part))), "")


def _parts(element: etree._Element) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in element:
        if isinstance(part.tag, str):
            parts.setdefault(local_name(part.tag).lower(), _words(part).strip() or value_of(part))
    return parts


def _words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def shown(item: etree._Element) -> str:
    """The beginning of an item, to be shown."""
    return excerpt(" ".join(_words(child) for child in list(item)[:10]))
