"""Feira's tables as one Piccolo application with one migration history."""

from piccolo.conf.apps import AppConfig, table_finder

from app.infra.migrations import MIGRATIONS

SLICES = (
    "accounts",
    "activity",
    "catalog",
    "cart",
    "checkout",
    "delivery",
    "discounts",
    "events",
    "inventory",
    "notifications",
    "orders",
    "payments",
    "recommendations",
    "reviews",
    "search",
    "suppliers",
    "wishlists",
)

APP_CONFIG = AppConfig(
    app_name="shop",
    migrations_folder_path=str(MIGRATIONS),
    # by name, so that infra imports no slice
    table_classes=table_finder([f"app.{name}.tables" for name in SLICES], exclude_imported=True),
)
