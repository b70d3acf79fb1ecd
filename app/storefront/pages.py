"""Every page of the storefront."""

from app.storefront import category_page, choice_pages, content, home, product_page, shelf_pages, together, viewed

handlers = [
    *home.handlers,
    *category_page.handlers,
    product_page.show_product,
    *content.handlers,
    *viewed.handlers,
    *shelf_pages.handlers,
    *choice_pages.handlers,
    *together.handlers,
]
