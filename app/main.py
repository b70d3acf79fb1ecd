"""Puts the application together: the only place that knows every slice."""

import os

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.types import ASGIApp, ControllerRouterHandler

from app.accounts import joining, leaving, taking_along
from app.accounts import pages as accounts
from app.activity import keeping as activity_keeping
from app.activity import leaving as activity_leaving
from app.activity import noting as activity_noting
from app.admin import pages as admin
from app.cart import leaving as cart_leaving
from app.cart import merging as cart_merging
from app.cart import pages as cart
from app.cart import sharing_pages as cart_sharing
from app.catalog import navigation, pictures
from app.checkout import again_pages as checkout_again
from app.checkout import discount_pages
from app.checkout import leaving as checkout_leaving
from app.checkout import pages as checkout
from app.checkout import payment_pages as checkout_payments
from app.delivery import address_book
from app.delivery import address_pages as delivery_addresses
from app.delivery import estimate as delivery_estimate
from app.delivery import pages as delivery
from app.delivery import places as delivery_places
from app.discounts import giving
from app.infra import database, logs, metrics, pulse, queue, redis
from app.infra.embedded.processes import die_with_parent
from app.infra.recurring import Recurring
from app.notifications import leaving as mail_leaving
from app.notifications import outbox_pages as mail_outbox
from app.notifications.wishes import pages as wish_mails
from app.orders import leaving as order_leaving
from app.orders import links as order_links
from app.orders import ownership as order_ownership
from app.orders import pages as orders
from app.payments import registry as payment_providers
from app.payments import sandbox_pages
from app.reviews import leaving as review_leaving
from app.reviews import merging as review_merging
from app.reviews import pages as reviews
from app.search import asked as searches_asked
from app.search import engine as search_engine
from app.search import pages as search
from app.search import suggestion_pages as search_suggestions
from app.search.synonyms.spreading import SPREADING
from app.storefront import choice_pages
from app.storefront import pages as storefront
from app.suppliers import api as supplier_api
from app.suppliers import api_pages as supplier_api_pages
from app.suppliers import application_pages as supplier_applications
from app.suppliers import key_pages as supplier_keys
from app.suppliers import mapping_pages as supplier_mapping
from app.suppliers import offer_pages as supplier_offers
from app.suppliers import pages as suppliers
from app.suppliers import picture_pages as supplier_pictures
from app.suppliers import review_pages as supplier_reviews
from app.suppliers import sales_pages as supplier_sales
from app.suppliers import source_pages as supplier_sources
from app.web import assets, cross_site, errors, health, middleware, paths
from app.web.rendering import ShellPart
from app.wishlists import hearts
from app.wishlists import leaving as wishlist_leaving
from app.wishlists import merging as wishlist_merging
from app.wishlists import pages as wishlists

FORM_BYTES = 256 * 1024


def handlers() -> list[ControllerRouterHandler]:
    return [
        assets.serve_asset,
        health.alive,
        health.ready,
        *accounts.handlers,
        *cart.handlers,
        *cart_sharing.handlers,
        *delivery.handlers,
        *delivery_addresses.handlers,
        *pictures.handlers,
        *search.handlers,
        *search_suggestions.handlers,
        *storefront.handlers,
        *checkout.handlers,
        *discount_pages.handlers,
        *checkout_payments.handlers,
        *checkout_again.handlers,
        *orders.handlers,
        *wishlists.handlers,
        *reviews.handlers,
        *sandbox_pages.handlers,
        *mail_outbox.handlers,
        *wish_mails.handlers,
        *admin.handlers,
        *supplier_applications.handlers,
        *suppliers.handlers,
        *supplier_offers.handlers,
        *supplier_sales.handlers,
        *supplier_mapping.handlers,
        *supplier_keys.handlers,
        *supplier_api.handlers,
        *supplier_api_pages.handlers,
        *supplier_pictures.handlers,
        *supplier_sources.handlers,
        *supplier_reviews.handlers,
    ]


def shell_parts() -> list[ShellPart]:
    """What the header shows, slice by slice."""
    return [accounts.shell_part, hearts.shell_part, delivery_places.shell_part, navigation.shell_part]


async def open_connections(_: Litestar) -> None:
    await database.open_pool(command_seconds=database.PAGE_SECONDS)


async def close_connections(_: Litestar) -> None:
    await queue.close()
    await redis.close()
    await database.close_pool()


def _tell_slices() -> None:
    """What slices below do not know: who has something to do when an account comes, is proved, or goes."""
    joining.on_sign_in[:] = [
        cart_merging.merge,
        wishlist_merging.merge,
        order_ownership.attach,
        activity_keeping.merge,
        review_merging.merge,
    ]
    joining.on_arrival[:] = [delivery_places.arrive, choice_pages.arrive]
    joining.on_departure[:] = [choice_pages.depart, delivery_places.depart, order_links.forget]
    joining.on_proof[:] = [review_merging.prove, order_ownership.attach_by_email]
    leaving.on_holding[:] = [cart_leaving.hold, wishlist_leaving.hold]
    leaving.on_deletion[:] = [order_leaving.part, mail_leaving.forget, review_leaving.unname, giving.forget]
    taking_along.parts.update(
        addresses=address_book.export,
        cart=cart_leaving.export,
        checkout=checkout_leaving.export,
        wishlists=wishlist_leaving.export,
        orders=order_leaving.export,
        returns=order_leaving.export_returns,
        activity=activity_leaving.export,
        choices=activity_leaving.export_choices,
        reviews=review_leaving.export,
        review_votes=review_leaving.export_votes,
        review_reports=review_leaving.export_reports,
    )


def create_app() -> ASGIApp:
    """A new application: tests, benchmarks and every web process make their own."""
    logs.configure()
    _tell_slices()
    middleware.FORM_TARGETS[:] = payment_providers.page_origins()
    pulse.questions[:] = [delivery_estimate.follow]
    if os.environ.get("FEIRA_SUPERVISED"):
        die_with_parent()
    metrics.begin()
    figures = Recurring("figures", metrics.watching("web", database.pool_figures))
    shop = Litestar(
        route_handlers=handlers(),
        state=State({"shell": shell_parts()}),
        on_startup=[
            open_connections,
            pulse.PULSE.start,
            figures.start,
            search_engine.start,
            searches_asked.WRITING.start,
            SPREADING.start,
            activity_noting.TELLING.start,
        ],
        on_shutdown=[
            figures.stop,
            pulse.PULSE.stop,
            SPREADING.stop,
            searches_asked.stop,
            activity_noting.stop,
            search_engine.stop,
            close_connections,
        ],
        before_request=cross_site.refuse_cross_site,
        guards=[paths.refuse_impossible],
        exception_handlers={**errors.HANDLERS, **accounts.exception_handlers},
        compression_config=CompressionConfig(
            backend="brotli",
            brotli_quality=4,
            brotli_gzip_fallback=True,
            minimum_size=800,
            exclude_opt_key="no_compression",
        ),
        request_max_body_size=FORM_BYTES,
        logging_config=None,
        openapi_config=None,
    )
    return middleware.ShopMiddleware(shop)
