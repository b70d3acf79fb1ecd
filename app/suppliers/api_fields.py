"""The fields of an offer as programs set it: their names, what each says, and an example of each."""

from dataclasses import dataclass
from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": ["string", "number"]}
WHOLE: dict[str, Any] = {"type": ["string", "integer"]}


@dataclass(frozen=True)
class OfferField:
    """`schema` is JSON Schema; the names are those of feeds, whose other spellings are understood as well."""

    name: str
    schema: dict[str, Any]
    says: str
    example: Any
    needed: bool = False


FIELDS = (
    OfferField("title", TEXT, "The product’s name, without its colour or size.", "Alcova desk lamp", needed=True),
    OfferField(
        "price", NUMBER, "What it sells for: VAT included, unless the shop sells without it.", "48.90", needed=True
    ),
    OfferField("currency", TEXT, "ISO 4217; your own usual one if it is left out.", "EUR"),
    OfferField("list_price", NUMBER, "What it cost before, if it is reduced.", "56.00"),
    OfferField("stock", WHOLE, "Pieces in your usual warehouse.", 14),
    OfferField(
        "stocks",
        {"type": "object", "additionalProperties": WHOLE},
        "Pieces in each warehouse; one that is not named has none.",
        {"LIS": 6, "OPO": 8},
    ),
    OfferField(
        "availability",
        {"type": ["string", "boolean"]},
        "“in stock” or “out of stock”, in place of stock. The way to take an offer out of sale.",
        "in stock",
    ),
    OfferField("handling_days", WHOLE, "Working days until you hand over the parcel, 0 to 30.", 1),
    OfferField("description", TEXT, "Plain sentences. Markup is taken out.", "A steel task lamp with two arms."),
    OfferField("brand", TEXT, "Who makes it.", "Oficina do Vale"),
    OfferField("category", TEXT, "One of our categories, by path or by name.", "lighting/desk-lamps"),
    OfferField("gtin", TEXT, "The number under the barcode, as text.", "5601234567892"),
    OfferField("group", TEXT, "Offers with the same group are variants of one product.", "alcova"),
    OfferField("note", TEXT, "A few words under the name.", "Weighted base"),
    OfferField("colour", TEXT, "The variant’s colour.", "Bottle green"),
    OfferField("size", TEXT, "The variant’s size.", "46 cm"),
    OfferField(
        "options",
        {"type": "object", "additionalProperties": TEXT},
        "What else a shopper chooses between.",
        {"Cable": "3 m"},
    ),
    OfferField(
        "attributes", {"type": "object", "additionalProperties": TEXT}, "Any other facts, by name.", {"Bulb": "E27"}
    ),
    OfferField("image", TEXT, "The address of a picture.", "https://example.com/alcova.jpg"),
)


def offer_schema() -> dict[str, Any]:
    properties = {
        field.name: {**field.schema, "description": field.says, "examples": [field.example]} for field in FIELDS
    }
    return {"type": "object", "required": [field.name for field in FIELDS if field.needed], "properties": properties}
