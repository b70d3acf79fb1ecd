"""Writes the demo catalogue as its suppliers would send it: one feed each, and together every format there is."""

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

from app.demo.catalogue.google import atom, rss
from app.demo.catalogue.offering import offers
from app.demo.catalogue.own_formats import delimited, json_array, json_lines
from app.demo.catalogue.sellers import SUPPLIERS
from app.demo.catalogue.shopify import shopify
from app.demo.catalogue.specs import FeedFile, OfferSpec, SupplierSpec

Writer = Callable[[SupplierSpec, Sequence[OfferSpec]], str]

WRITERS: dict[str, tuple[str, Writer]] = {  # format as told, and who writes it
    "semicolons.csv": ("csv", lambda _, offers: delimited(offers, ";")),
    "commas.csv": ("csv", lambda _, offers: delimited(offers, ",")),
    "tsv": ("tsv", lambda _, offers: delimited(offers, "\t")),
    "json": ("json", lambda _, offers: json_array(offers)),
    "jsonl": ("jsonl", lambda _, offers: json_lines(offers)),
    "rss.xml": ("google-rss", rss),
    "atom.xml": ("google-atom", atom),
    "shopify.csv": ("shopify", lambda _, offers: shopify(offers)),
}
FORMATS = {
    "oficina-do-vale": "semicolons.csv",
    "casa-pratas": "commas.csv",
    "barro-e-luz": "tsv",
    "tres-irmas": "json",
    "passo-leve": "semicolons.csv",
    "som-da-rua": "rss.xml",
    "duas-rodas": "atom.xml",
    "horto-da-ajuda": "semicolons.csv",
    "livraria-lume": "jsonl.gz",
    "la-e-linho": "shopify.csv",
    "mala-posta": "commas.csv",
    "brinca": "shopify.csv.gz",
    "carpintaria-melo": "commas.csv",
    "vidraria-sul": "tsv",
}


def write_feeds(folder: Path) -> list[FeedFile]:
    """One file per supplier in `folder`, which is made. The same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, supplier) for supplier in SUPPLIERS]


def _write(folder: Path, supplier: SupplierSpec) -> FeedFile:
    ending = FORMATS[supplier.slug]
    name, writer = WRITERS[ending.removesuffix(".gz")]
    data = writer(supplier, offers()[supplier.slug]).encode()
    path = folder / f"{supplier.slug}.{ending}"
    path.write_bytes(gzip.compress(data, mtime=0) if ending.endswith(".gz") else data)
    return FeedFile(supplier.slug, path, name)
