"""The demo catalogue: some 2,400 products that never existed, sold by 14 suppliers, the same ones every time."""

from app.demo.catalogue.feeds import write_feeds
from app.demo.catalogue.making import products
from app.demo.catalogue.offering import offers
from app.demo.catalogue.sellers import suppliers
from app.demo.catalogue.specs import FeedFile, OfferSpec, ProductSpec, SupplierSpec, VariantSpec

__all__ = [
    "FeedFile",
    "OfferSpec",
    "ProductSpec",
    "SupplierSpec",
    "VariantSpec",
    "offers",
    "products",
    "suppliers",
    "write_feeds",
]
