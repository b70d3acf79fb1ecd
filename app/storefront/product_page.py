"""/p/{slug}: one product."""

import re
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markupsafe import Markup

from app.accounts.owners import owner_of
from app.activity.choices import choice_here
from app.activity.noting import note
from app.activity.tables import Kind
from app.catalog.art.addresses import address, parse
from app.catalog.art.scene import VIEWS
from app.catalog.slugs import LONGEST
from app.infra.clock import now
from app.infra.money import SHOP_CURRENCY, cents
from app.infra.outages import DatabaseUnavailable, ask_nothing_while_away
from app.infra.settings import settings
from app.reviews.reading import ReviewView
from app.reviews.standing import NOBODY, Standing, standing
from app.search.listing import whereabouts
from app.storefront.buying import Buying, buying
from app.storefront.choosing import choose, option_groups
from app.storefront.from_index import product_in_index
from app.storefront.products import ProductView, VariantView, product_by_slug
from app.storefront.together import neighbours
from app.storefront.viewed import remember
from app.web.rendering import WebRequest, is_fragment, page
from app.wishlists.contents import Place, lists_for

_OURS = re.compile(r"^/art/([a-z-]+)\.svg$")
SEEN = {
    "front": "{name}, seen from the front",
    "close": "Close view of {name}",
    "other": "{name} from its other side",
    "size": "{name} with its measures",
}


@get("/p/{slug:str}")
async def show_product(request: WebRequest, slug: FromPath[str]) -> Response[str]:
    ask_nothing_while_away()
    product = await _product(slug) if len(slug) <= LONGEST else None
    if product is None:
        raise NotFoundException
    place, there = await whereabouts(request)
    around = await neighbours(product, there)
    asked = request.query_params
    variant = choose(product, asked.get("variant") or "", asked.get("colour") or "")
    if variant is None:
        return await page(request, "storefront/withdrawn.html", status=404, product=product, similar=around.similar)
    remember(request, product.id)
    deal = buying(variant, place, there, now(), _quantity(request))
    response = await page(
        request,
        "storefront/product.html",
        fragment="storefront/_product.html",
        product=product,
        variant=variant,
        deal=deal,
        groups=option_groups(product, variant),
        pictures=gallery(variant.image or product.image, _described(product, variant)),
        around=around,
        hidden=choice_here(request).hidden,
        standing=await _standing(request, product),
        wishlists=await _wishlists(request, deal.offer.id),
        here=product.categories[0][0],
        root=settings().public_url,
        canonical=f"/p/{product.slug}",
        linked_data=linked_data(product, variant, deal),
    )
    if not is_fragment(request):  # another variant of it is no other look
        note(request, Kind.VIEWED, product=product.id)
    return response


async def _product(slug: str) -> ProductView | None:
    """The product, or what the index holds of it while PostgreSQL is away.

    Raises:
        DatabaseUnavailable: the index does not find it either.
    """
    try:
        return await product_by_slug(slug)
    except DatabaseUnavailable:
        if found := await product_in_index(slug):
            return found
        raise


async def _standing(request: WebRequest, product: ProductView) -> Standing:
    """What the shopper has to do with its reviews; nothing while that cannot be asked or nobody sees it."""
    if is_fragment(request):
        return NOBODY
    try:
        return await standing(await owner_of(request), product.id, [each.id for each in product.reviews])
    except DatabaseUnavailable:
        return NOBODY


async def _wishlists(request: WebRequest, offer: int) -> list[Place]:
    """The shopper's lists; none while they cannot be asked."""
    try:
        return await lists_for(await owner_of(request), offer)
    except DatabaseUnavailable:
        return []


def _quantity(request: WebRequest) -> int:
    """As typed, one more or one fewer; 1 for anything that is no number."""
    typed = request.query_params.get("quantity") or ""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    return number + ("more" in request.query_params) - ("less" in request.query_params)


def _described(product: ProductView, variant: VariantView) -> str:
    values = ", ".join(str(value) for value in variant.options.values())
    return f"{product.name} ({values})" if values else product.name


def gallery(image: str, name: str) -> list[tuple[str, str]]:
    """(address, what is seen) of each picture: four views of what we draw ourselves, else the one there is."""
    ours = _OURS.match(image)
    drawn = parse(ours[1]) if ours else None
    if drawn is None:
        return [(image, name)]
    return [(address(drawn.kind, drawn.form, drawn.way, view), SEEN[view].format(name=name)) for view in VIEWS]


def _linked_review(review: ReviewView) -> dict[str, Any]:
    return {
        "@type": "Review",
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars},
        "author": {"@type": "Person", "name": review.author},
        "datePublished": review.written_at.date(),
        "name": review.title,
        "reviewBody": review.text,
    }


def linked_data(product: ProductView, variant: VariantView, deal: Buying) -> Markup:
    """schema.org's Product for search engines, safe inside a <script>."""
    root = settings().public_url
    offers = [
        {
            "@type": "Offer",
            "url": f"{root}/p/{product.slug}",
            "price": cents(row.offer.price_minor).replace(",", ""),
            "priceCurrency": SHOP_CURRENCY,
            "availability": f"https://schema.org/{'InStock' if row.offer.stock else 'OutOfStock'}",
            "seller": {"@type": "Organization", "name": row.offer.supplier},
        }
        for row in deal.rows
    ]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "image": root + (variant.image or product.image),
        "description": product.description,
        "sku": variant.sku,
        "brand": {"@type": "Brand", "name": product.brand},
        "offers": offers,
    }
    if (mean := product.rating.mean) is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": mean,
            "reviewCount": product.rating.count,
        }
    if product.reviews:
        data["review"] = [_linked_review(each) for each in product.reviews]
    if variant.gtin:
        data["gtin"] = variant.gtin
    text = msgspec.json.encode(data).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
