"""Every page of the storefront."""

from app.storefront import category_page, content, home, product_page, viewed

handlers = [*home.handlers, *category_page.handlers, product_page.show_product, *content.handlers, *viewed.handlers]
