"""Which variant of a product is shown, and the way from it to each of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.catalog.colours import colours_named
from app.catalog.depicting import same_picture
from app.storefront.products import ProductView, VariantView


@dataclass(frozen=True)
class OptionValue:
    label: str
    href: str
    image: str  # "" where a word says it
    chosen: bool
    sold_out: bool


@dataclass(frozen=True)
class OptionGroup:
    name: str
    chosen: str
    values: tuple[OptionValue, ...]


def choose(product: ProductView, sku: str, colour: str = "") -> VariantView | None:
    """The variant asked for, else the one whose best offer is the best, in the colour asked for if there is one;
    None if nothing is on sale.
    """
    on_sale = [variant for variant in product.variants if variant.offers]
    asked = next((variant for variant in on_sale if variant.sku == sku), None)
    coloured = [variant for variant in on_sale if colour in colours_named(variant.options)]
    return asked or min(coloured or on_sale, key=lambda v: (not v.in_stock, v.offers[0].price_minor), default=None)


def option_groups(product: ProductView, chosen: VariantView) -> list[OptionGroup]:
    """The options in which the product's variants differ, each value with the variant it leads to."""
    on_sale = [variant for variant in product.variants if variant.offers]
    names = dict.fromkeys(name for variant in on_sale for name in variant.options)
    groups = [_group(product, name, on_sale, chosen) for name in names]
    return [group for group in groups if len(group.values) > 1]


def _group(product: ProductView, name: str, variants: Sequence[VariantView], chosen: VariantView) -> OptionGroup:
    here = str(chosen.options.get(name, ""))
    values = dict.fromkeys(str(variant.options[name]) for variant in variants if name in variant.options)
    leads = {value: _closest(name, value, variants, chosen) for value in values}
    pictures = {value: lead.image for value, lead in leads.items()}
    pictured = all(pictures.values()) and len(set(map(same_picture, pictures.values()))) == len(values)
    return OptionGroup(
        name,
        here,
        tuple(
            OptionValue(
                value,
                f"/p/{product.slug}?{urlencode({'variant': lead.sku})}",
                pictures[value] if pictured else "",
                chosen=value == here,
                sold_out=not lead.in_stock,
            )
            for value, lead in leads.items()
        ),
    )


def _closest(name: str, value: str, variants: Sequence[VariantView], chosen: VariantView) -> VariantView:
    """Of the variants with this value, the one that shares most with the chosen one, rather one in stock."""
    candidates = [variant for variant in variants if str(variant.options.get(name)) == value]

    def likeness(variant: VariantView) -> tuple[int, bool]:
        shared = sum(variant.options.get(other) == kept for other, kept in chosen.options.items() if other != name)
        return shared, variant.in_stock

    return max(candidates, key=likeness)
