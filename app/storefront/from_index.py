"""A product as the search index holds it: what its page can show while PostgreSQL is away and no cache has it."""

from app.reviews.ratings import Rating
from app.search.documents import Document
from app.search.engine import engine
from app.search.query import PAGE_SIZE, Query
from app.storefront.products import OfferView, ProductView, VariantView


async def product_in_index(slug: str) -> ProductView | None:
    """The product in its best offer, without description; None when the index does not find it by the words of its
    address."""
    found = await engine().search(Query(q=slug.replace("-", " "), reading="typed", size=PAGE_SIZE))
    document = next((each for each in found.documents if each.slug == slug), None)
    return _viewed(document) if document else None


def _viewed(document: Document) -> ProductView:
    offer = OfferView(
        id=document.offer,
        supplier=document.supplier,
        supplier_place="",
        price_minor=document.price_minor,
        list_price_minor=document.list_price_minor,
        prior_minor=None,
        handling_days=document.handling_days,
        stock=document.stock,
        supplier_slug=next((slug for slug, name in document.suppliers if name == document.supplier), ""),
    )
    variant = VariantView(sku="", gtin=None, options={}, image=document.image, note=document.note, offers=(offer,))
    return ProductView(
        id=document.product,
        version=document.version,
        slug=document.slug,
        name=document.name,
        brand=document.brand,
        note=document.note,
        description="",
        image=document.image,
        categories=document.categories,
        attributes={},
        variants=(variant,),
        rating=Rating(document.stars, document.reviews),
        reviews=(),
        read_at=0.0,
        is_short=True,
    )
