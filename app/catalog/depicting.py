"""Which picture stands for a variant: the supplier's on our own host, else one that we draw."""

from zlib import crc32

from app.catalog.art.addresses import address, choose_way
from app.catalog.art.kinds import KINDS
from app.catalog.art.palette import WAYS
from app.catalog.offered import OfferRow


def picture_of(row: OfferRow, kind: str, form: str | None) -> str:
    """The address of the picture; `kind` and `form` are those of the category, no form: one that fits the product."""
    if row.image and row.image.startswith("/art/"):
        return row.image
    colour = next((value for name, value in row.options.items() if name.casefold() in ("colour", "color")), "")
    way = colour.casefold() if colour.casefold() in WAYS else choose_way(colour.casefold() or row.key)
    forms = KINDS[kind]
    return address(kind, form or forms[crc32(row.key.encode()) % len(forms)], way)
