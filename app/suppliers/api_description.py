"""The API described once: for its documentation and for programs, as OpenAPI 3.1."""

from dataclasses import dataclass
from typing import Any

from app.infra.settings import settings
from app.suppliers.api import MOST, MOST_PROBLEMS, OFFER_BYTES, PAGE, PROBLEMS
from app.suppliers.api_access import LIMITS
from app.suppliers.api_feeds import KEY_CHARS, PLACE
from app.suppliers.api_fields import FIELDS, offer_schema
from app.suppliers.api_keys import Scope
from app.suppliers.api_schemas import SCHEMAS
from app.suppliers.upload import MODES, shown_size

VERSION = "1.0.0"


@dataclass(frozen=True)
class Parameter:
    """`place` is path, query or header."""

    name: str
    place: str
    schema: dict[str, Any]
    says: str


@dataclass(frozen=True)
class Endpoint:
    """`answer` names a schema of SCHEMAS; `refusals` are statuses beside those of every endpoint."""

    method: str
    path: str
    name: str
    says: str
    scopes: tuple[Scope, ...]
    limit: str
    answer: str
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    body: str = ""  # "" | file | offer
    refusals: tuple[int, ...] = ()

    @property
    def rate(self) -> str:
        """ "50 a second, 200 at once"."""
        limit = LIMITS[self.limit]
        often = f"{limit.rate:g} a second" if limit.rate >= 1 else f"{limit.rate * 60:g} a minute"
        return f"{often}, {limit.burst} at once"


def _id(least: int, says: str, name: str) -> Parameter:
    return Parameter(name, "query", {"type": "integer", "minimum": least}, says)


def _page_size(usual: int, most: int) -> Parameter:
    return Parameter(
        "limit", "query", {"type": "integer", "minimum": 1, "maximum": most, "default": usual}, "Entries of a page."
    )


FEED_ID = Parameter("feed_id", "path", {"type": "integer"}, "The feed’s number.")
SKU = Parameter("sku", "path", {"type": "string", "maxLength": 100}, "Your SKU, percent-encoded: “a/b” is a%2Fb.")

ENDPOINTS = (
    Endpoint(
        "POST",
        "/feeds",
        "Send a feed",
        "The body is the file itself, in any format that the desk takes (CSV, Excel .xlsx, JSON, XML), in gzip or ZIP "
        "or not; or a form with "
        "the fields file, mode and dry_run. It is read in the background: follow the address in Location.",
        (Scope.FEEDS_WRITE,),
        "feeds",
        "Feed",
        202,
        (
            Parameter("mode", "query", {"enum": list(MODES), "default": "full"}, "full withdraws what is missing."),
            Parameter("dry_run", "query", {"type": "boolean", "default": False}, "true only shows what would change."),
            Parameter("filename", "query", {"type": "string"}, "What the desk calls it."),
            Parameter(
                "Idempotency-Key",
                "header",
                {"type": "string", "minLength": 1, "maxLength": KEY_CHARS},
                "Sent again with the same file, it gives the same feed; with another file, nothing is taken.",
            ),
        ),
        "file",
        (413, 415, 422),
    ),
    Endpoint(
        "GET",
        "/feeds",
        "List feeds",
        "Your feeds, newest first. Single offers are not among them.",
        (Scope.FEEDS_READ,),
        "reads",
        "Feeds",
        parameters=(_id(1, "Only feeds before this one.", "before"), _page_size(PAGE, MOST)),
        refusals=(422,),
    ),
    Endpoint(
        "GET",
        "/feeds/{feed_id}",
        "Follow a feed",
        "How far a feed has come. Ask again until settled is true.",
        (Scope.FEEDS_READ,),
        "reads",
        "Feed",
        parameters=(FEED_ID,),
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/feeds/{feed_id}/problems",
        "Read a feed’s report",
        "What was wrong, row by row: the first 10,000 problems of a feed.",
        (Scope.FEEDS_READ,),
        "reads",
        "RowProblems",
        parameters=(FEED_ID, _id(0, "Only problems after this one.", "after"), _page_size(PROBLEMS, MOST_PROBLEMS)),
        refusals=(404, 422),
    ),
    Endpoint(
        "PUT",
        "/offers/{sku}",
        "Set an offer",
        "The body is the whole offer; a field that is left out is empty. It is judged as a row of a feed is, and is "
        "your newest word: it overtakes feeds that are still being read.",
        (Scope.OFFERS_WRITE,),
        "offers",
        "Accepted",
        parameters=(SKU,),
        body="offer",
        refusals=(400, 413, 415, 422),
    ),
    Endpoint(
        "GET",
        "/offers/{sku}",
        "Read an offer",
        "What we have of it now: price, stock, and whether it is on sale. An offer is there a moment after it was set.",
        (Scope.OFFERS_WRITE, Scope.FEEDS_READ),
        "reads",
        "Standing",
        parameters=(SKU,),
        refusals=(400, 404),
    ),
)

REFUSALS = {
    400: "The request cannot be read: no UTF-8, no JSON.",
    401: "No key, an unknown one, or one that is revoked.",
    403: "The key lacks the scope, or the supplier may not sell now.",
    404: "You have nothing of this name.",
    413: f"Too large: an offer over {shown_size(OFFER_BYTES)}, a feed over the limit of the desk.",
    415: "Packed in a way that we do not unpack.",
    422: "Something in it is wrong; errors says what, field by field.",
    429: "Too many requests with this key; Retry-After says when to go on.",
    500: "A fault on our side. Sending the same again does no harm.",
    503: "The shop is not answering; send it again in a moment.",
}
ALWAYS = (401, 403, 429, 500, 503)


def openapi() -> dict[str, Any]:
    """The document that `/openapi.json` serves."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Feira for suppliers",
            "version": VERSION,
            "description": "Send feeds and follow them, set single offers and read them.",
        },
        "servers": [{"url": settings().public_url + PLACE}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "feira_…"}},
            "schemas": {**SCHEMAS, "Offer": offer_schema()},
            "headers": {name: {"description": says, "schema": {"type": "integer"}} for name, says in RATES.items()},
        },
    }


RATES = {
    "RateLimit-Limit": "Requests at once.",
    "RateLimit-Remaining": "Requests left now.",
    "RateLimit-Reset": "Seconds until all are there again.",
}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    refusals = sorted({*ALWAYS, *endpoint.refusals})
    made: dict[str, Any] = {
        "summary": endpoint.name,
        "operationId": endpoint.name.lower().replace("’s", "").replace(" ", "_"),
        "description": f"{endpoint.says} Scope: {' or '.join(endpoint.scopes)}. Limit: {endpoint.rate}.",
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": {
            str(endpoint.status): _answer(endpoint),
            **{str(status): _refusal(status) for status in refusals},
        },
    }
    if endpoint.body:
        made["requestBody"] = {"required": True, "content": _content(endpoint.body)}
    return made


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.says,
        "schema": parameter.schema,
    }


def _content(body: str) -> dict[str, Any]:
    if body == "offer":
        example = {field.name: field.example for field in FIELDS if field.name not in ("stock", "availability")}
        return {"application/json": {"schema": {"$ref": "#/components/schemas/Offer"}, "example": example}}
    fields = {"file": {"type": "string"}, "mode": {"enum": list(MODES)}, "dry_run": {"type": "boolean"}}
    form = {"type": "object", "properties": fields}
    return {"application/octet-stream": {}, "multipart/form-data": {"schema": form}}


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in RATES}
    if endpoint.status == 202:
        headers["Location"] = {"description": "Where to follow it.", "schema": {"type": "string"}}
    schema = {"$ref": f"#/components/schemas/{endpoint.answer}"}
    return {"description": endpoint.name, "headers": headers, "content": {"application/json": {"schema": schema}}}


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": REFUSALS[status], "content": {"application/problem+json": {"schema": schema}}}
