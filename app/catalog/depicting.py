"""Which picture stands for a variant: the supplier's, on our own host, else one that we draw.

The address of a supplier's picture never changes: it names the picture by its link, and the drawing that stands in
for it until it has been fetched: "/pictures/0f3c…/lamp-task-bottle".
"""

import hashlib
from functools import lru_cache
from zlib import crc32

from app.catalog.art.addresses import address, choose_way
from app.catalog.art.kinds import KINDS
from app.catalog.art.palette import WAYS
from app.catalog.offered import OfferRow

OURS = "/art/"


def link_of(row: OfferRow) -> str | None:
    """Where the supplier's own picture is to be fetched, if there is one."""
    return row.image if row.image and not row.image.startswith(OURS) else None


def key_of(link: str) -> str:
    """What a supplier's picture is called here: 32 hexadecimal digits. `note_wishes` says the same in SQL."""
    return hashlib.sha256(link.encode()).hexdigest()[:32]


def same_picture(address: str) -> str:
    """What two addresses of one picture have in common: another drawing may stand in for it."""
    return address.rpartition("/")[0] if address.startswith("/pictures/") else address


def picture_of(row: OfferRow, kind: str, form: str | None) -> str:
    """The address of the picture; `kind` and `form` are those of the category, no form: one that fits the product."""
    if row.image and row.image.startswith(OURS):
        return row.image
    drawn, link = _drawn(row, kind, form), link_of(row)
    return f"/pictures/{key_of(link)}/{drawn.removeprefix(OURS).removesuffix('.svg')}" if link else drawn


def _drawn(row: OfferRow, kind: str, form: str | None) -> str:
    colour = ""
    for name, value in row.options.items():
        if name.casefold() in ("colour", "color"):
            colour = value.casefold()
            break
    return _drawing(kind, form, colour, row.key)


@lru_cache(maxsize=8_192)  # a product and its variant have the same
def _drawing(kind: str, form: str | None, colour: str, key: str) -> str:
    way = colour if colour in WAYS else choose_way(colour or key)
    forms = KINDS[kind]
    return address(kind, form or forms[crc32(key.encode()) % len(forms)], way)
