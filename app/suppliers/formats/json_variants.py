"""A product with its variants inside it, as shops export it in JSON: one offer for each variant."""

from collections.abc import Iterator
from typing import Any

from app.suppliers.formats.fields import as_text, assemble
from app.suppliers.formats.mapping import Meanings
from app.suppliers.formats.raw import Fields
from app.suppliers.formats.vocabulary import Meaning

MOST_VARIANTS = 2_500
_NO_OPTIONS = "Default Title"  # what Shopify writes where a product has none
_EMPTY: tuple[Any, ...] = ("", None, [], {})
# What a variant says of one of these replaces all that its product says of them.
_TOGETHER = (
    frozenset({"price", "sale_price", "sale_period", "list_price"}),
    frozenset({"stock", "stocks", "availability"}),
)
_OF_PRODUCT = ("product_id", "productId")
_NOT_INHERITED = frozenset({"gtin", "options"})

Pairs = list[tuple[Meaning, Any]]


def variants_of(entry: dict[str, Any]) -> list[Any]:
    """What stands in the entry's list of variants; empty when the entry is an offer itself."""
    listed = entry.get("variants") or entry.get("hasVariant")
    if isinstance(listed, dict):  # GraphQL: {"edges": [{"node": {…}}]} or {"nodes": [{…}]}
        edges = listed.get("edges")
        listed = [edge.get("node") for edge in edges if isinstance(edge, dict)] if edges else listed.get("nodes")
    return listed if isinstance(listed, list) else []


def offers_of(entry: dict[str, Any], names: Meanings) -> Iterator[Fields]:
    """The fields of each variant with those of its product, or of the entry itself when it has no variants."""
    variants = variants_of(entry)
    if not variants:
        yield assemble(_known(entry, names))
        return
    product = _product(entry, names)
    axes = _axes(entry.get("options"))
    for one in variants:
        variant = _variant(one, names, axes) if isinstance(one, dict) else []
        yield assemble([*variant, *_inherited(product, variant)])


def _known(entry: dict[str, Any], names: Meanings) -> Iterator[tuple[Meaning, Any]]:
    if "offers" in entry:
        entry = _with_its_offer(entry)
    return ((found, one) for name, one in entry.items() if (found := names(name[:200])))


def _with_its_offer(entry: dict[str, Any]) -> dict[str, Any]:
    """schema.org puts price, currency and availability of a product into an object of their own."""
    offer = entry["offers"]
    if isinstance(offer, list):
        offer = offer[0] if offer else None
    return {**offer, **entry} if isinstance(offer, dict) else entry


def _product(entry: dict[str, Any], names: Meanings) -> Pairs:
    """Its own number or SKU is not that of a variant: it holds the variants together."""
    pairs: Pairs = []
    for found, one in _known({name: one for name, one in entry.items() if name != "variants"}, names):
        if found.field == "sku":
            pairs.append((Meaning("group", 1_000 + found.rank), one))
        elif found.field not in _NOT_INHERITED:
            pairs.append((found, one))
    return pairs


def _axes(options: Any) -> list[str]:
    """Names for option1, option2 and option3."""
    return [as_text(one) for one in options] if isinstance(options, list) else []


def _variant(entry: dict[str, Any], names: Meanings, axes: list[str]) -> Pairs:
    """An id stands in for a SKU that is left empty: where both are there, the shop that exports knows the id."""
    own = {name: one for name, one in entry.items() if one not in _EMPTY and name not in _OF_PRODUCT}
    pairs = list(_known(own, names))
    for number in (1, 2, 3):
        value = as_text(entry.get(f"option{number}"))
        if value and value != _NO_OPTIONS:
            name = axes[number - 1] if number <= len(axes) and axes[number - 1] else f"Option {number}"
            pairs.append((Meaning("options", 0, name), value))
    if chosen := entry.get("selectedOptions"):
        pairs.append((Meaning("options", 0), [one for one in chosen if _is_choice(one)]))
    if image := entry.get("featured_image"):
        pairs.append((Meaning("image", 0), image))
    if "inventory_management" in entry and entry["inventory_management"] is None:  # nobody counts it: it is for sale
        pairs = [pair for pair in pairs if pair[0].field not in ("stock", "availability")]
        pairs.append((Meaning("availability", 0), "in stock"))
    return pairs


def _is_choice(one: Any) -> bool:
    return isinstance(one, dict) and one.get("value") != _NO_OPTIONS


def _inherited(product: Pairs, variant: Pairs) -> Pairs:
    said = {found.field for found, _ in variant}
    for together in _TOGETHER:
        if said & together:
            said |= together
    said -= {"attributes", "title"}
    # A variant's title ("Small / Red") only tells its options, so the product's comes first.
    return [
        (found._replace(rank=-1) if found.field == "title" else found, one)
        for found, one in product
        if found.field not in said
    ]
