"""What each supplier asks for a variant, and how much of it lies where."""

from functools import cache
from random import Random

from app.demo.catalogue.making import products
from app.demo.catalogue.pricing import charming
from app.demo.catalogue.sellers import SUPPLIERS
from app.demo.catalogue.specs import WAREHOUSES, OfferSpec, ProductSpec, SupplierSpec, VariantSpec

# Suppliers whose format has one number for stock keep everything in their own warehouse.
ONE_WAREHOUSE = ("som-da-rua", "duas-rodas", "la-e-linho", "brinca")
TO_ORDER = "carpintaria-melo"


@cache
def offers() -> dict[str, tuple[OfferSpec, ...]]:
    """Supplier slug → its offers, in the order of the catalogue."""
    by_slug = {supplier.slug: supplier for supplier in SUPPLIERS}
    lists: dict[str, list[OfferSpec]] = {slug: [] for slug in by_slug}
    for product in products():
        for rank, slug in enumerate(product.sellers):
            lists[slug] += _offers(product, by_slug[slug], rank)
    return {slug: tuple(found) for slug, found in lists.items()}


def _offers(product: ProductSpec, supplier: SupplierSpec, rank: int) -> list[OfferSpec]:
    chance = Random(f"{supplier.slug}/{product.group}")  # noqa: S311 - a catalogue, not a secret
    factor = 1 if rank == 0 else chance.uniform(0.93, 1.12)
    handling = _handling_days(product, supplier, chance)
    return [_offer(product, variant, supplier, (factor, rank, handling), chance) for variant in product.variants]


def _offer(
    product: ProductSpec, variant: VariantSpec, supplier: SupplierSpec, terms: tuple[float, int, int], chance: Random
) -> OfferSpec:
    factor, rank, handling = terms
    price = charming(variant.price * factor)
    was = charming(price * 100 / (100 - product.markdown)) if product.markdown and rank == 0 else None
    return OfferSpec(
        sku=f"{supplier.prefix}-{variant.serial:06d}",
        product=product,
        variant=variant,
        price=price,
        list_price=was if was and was > price else None,
        stock=_stock(supplier, chance),
        handling_days=handling,
    )


def _handling_days(product: ProductSpec, supplier: SupplierSpec, chance: Random) -> int:
    if supplier.slug == TO_ORDER and product.category.startswith("chairs"):
        return chance.choice((2, 3, 5, 5))
    return chance.choices((0, 1, 2, 3), weights=(25, 45, 20, 10))[0]


def _stock(supplier: SupplierSpec, chance: Random) -> dict[str, int]:
    """Most things lie in two or three places. Some are few, and some are sold out everywhere."""
    if chance.random() < 0.05:
        return {supplier.warehouse: 0}
    if supplier.slug in ONE_WAREHOUSE:
        return {supplier.warehouse: _pieces(chance)}
    others = [code for code in WAREHOUSES if code != supplier.warehouse]
    near = chance.choices((0, 1, 2, 3), weights=(4, 46, 38, 12))[0]
    places = {supplier.warehouse, *chance.sample(others, near)}
    return {code: _pieces(chance) for code in WAREHOUSES if code in places}


def _pieces(chance: Random) -> int:
    roll = chance.random()
    if roll < 0.04:
        return 0
    return chance.randint(1, 3) if roll < 0.16 else round(4 + 56 * chance.random() ** 2)
