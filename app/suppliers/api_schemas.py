"""What the API answers, as JSON Schema."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
WRONG_FIELDS = ("field", "value", "reason", "advice")


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every property is always there, unless it is `optional`; no other ever is."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _several(schema: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    return {**kind, "type": [kind["type"], "null"]}


NEXT = {**_or_null(TEXT), "description": "The address of the next page; null on the last."}
STATES = ("waiting", "reading", "applying", "finished", "unchanged", "failed")
COUNTS = {
    "received": "Rows read so far.",
    "rejected": "Rows that were not taken.",
    "warned": "Rows that were taken and could be better.",
    "left_out": "Rows that you do not sell in your own shop either.",
    "unchanged": "Rows that say what we knew.",
    "applied": "Rows that changed the catalogue.",
    "withdrawn": "Offers that a full feed no longer lists.",
    "searchable": "Rows that shoppers can find by now.",
    "withheld": "Offers whose withdrawal you have to confirm at the desk.",
}

WOULD = {
    "add": (COUNT, "Rows that would come on sale."),
    "change": (COUNT, "Rows that would change an offer."),
    "stay": (COUNT, "Rows that say what we know."),
    "withdraw": (COUNT, "Offers that a full feed does not list."),
    "wait": ({"type": "boolean"}, "So many that you would have to confirm their withdrawal."),
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "Feed": _object(
        {
            "id": COUNT,
            "state": {"enum": list(STATES)},
            **{name: {**COUNT, "description": says} for name, says in COUNTS.items()},
            "settled": {"type": "boolean", "description": "Nothing more will happen by itself."},
            "failure": {**TEXT, "description": "Why it was not taken to its end; empty otherwise."},
            "mode": {"enum": ["full", "delta"]},
            "dry_run": {"type": "boolean", "description": "It only shows what would change."},
            "would": {
                **_or_null(_object({name: {**kind, "description": says} for name, (kind, says) in WOULD.items()})),
                "description": "What a dry run would do, as far as it has been read; null for any other feed.",
            },
            "filename": TEXT,
            "created_at": MOMENT,
            "finished_at": _or_null(MOMENT),
            "links": _object({"self": TEXT, "problems": TEXT, "page": TEXT}),
        }
    ),
    "Feeds": _object({"feeds": _several("Feed"), "next": NEXT}),
    "RowProblem": _object(
        {
            "id": COUNT,
            "line": {**COUNT, "description": "Of the row in the file; 0 is the file as a whole."},
            "sku": TEXT,
            **dict.fromkeys(WRONG_FIELDS, TEXT),
            "severity": {"enum": ["rejected", "warned"]},
        }
    ),
    "RowProblems": _object({"problems": _several("RowProblem"), "next": NEXT}),
    "Wrong": _object(dict.fromkeys(WRONG_FIELDS, TEXT)),
    "Accepted": _object(
        {
            "state": {"const": "accepted"},
            "sku": TEXT,
            "feed": {**COUNT, "description": "The feed of one row by which it goes into the catalogue."},
            "warnings": _several("Wrong"),
            "links": _object({"offer": TEXT, "feed": TEXT}),
        }
    ),
    "Standing": _object(
        {
            "sku": TEXT,
            "state": {"enum": ["on_sale", "sold_out", "withdrawn"]},
            "title": TEXT,
            "product": {**TEXT, "description": "The address of its page."},
            "variant": {**TEXT, "description": "Our own SKU."},
            "price": {**TEXT, "description": "As you sent it, in `currency`."},
            "currency": TEXT,
            "shown_price": {**TEXT, "description": "What shoppers see, in `shown_currency`."},
            "shown_list_price": _or_null(TEXT),
            "shown_currency": TEXT,
            "handling_days": COUNT,
            "stocks": {"type": "object", "additionalProperties": COUNT},
            "reserved": {"type": "object", "additionalProperties": COUNT, "description": "Of those, held for orders."},
            "feed": {**COUNT, "description": "The feed that changed it last."},
            "updated_at": MOMENT,
        }
    ),
    "Problem": _object(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": {**TEXT, "description": "One sentence for a person."},
            "reference": {**TEXT, "description": "Tell us this when you ask about it."},
            "errors": _several("Wrong"),
        }
    ),
}
