"""The API of suppliers' programs: send feeds and follow them, set single offers and read them."""

from typing import Any
from urllib.parse import quote, unquote

from litestar import Response, get, post, put
from litestar.enums import MediaType
from litestar.params import FromPath

from app.suppliers import api_feeds
from app.suppliers.api_access import admitted
from app.suppliers.api_feeds import PLACE, links_of, whole
from app.suppliers.api_keys import Scope
from app.suppliers.api_offers import accept, wrong_of
from app.suppliers.offer_standing import standing_of
from app.web.refusals import Refused, writable
from app.web.rendering import WebRequest

OFFER_BYTES = 256 * 1024
PAGE = 20
MOST = 100
PROBLEMS = 100
MOST_PROBLEMS = 1000
LARGEST = 2**63 - 1


@post(f"{PLACE}/feeds", status_code=202, request_max_body_size=None)
async def send_feed(request: WebRequest) -> Response[Any]:
    caller = await admitted(request, "feeds", Scope.FEEDS_WRITE)
    feed = await api_feeds.receive(request, caller.supplier)
    sent = await api_feeds.own_feed(caller.supplier, feed)
    return _answer(api_feeds.as_sent(sent), 202, location=links_of(feed)["self"])


@get(f"{PLACE}/feeds")
async def list_feeds(request: WebRequest) -> Response[Any]:
    caller = await admitted(request, "reads", Scope.FEEDS_READ)
    before = whole(request.query_params, "before", LARGEST, 1, LARGEST)
    limit = whole(request.query_params, "limit", PAGE, 1, MOST)
    return _answer(await api_feeds.feeds_page(caller.supplier, before, limit))


@get(f"{PLACE}/feeds/{{feed_id:int}}")
async def show_feed(request: WebRequest, feed_id: FromPath[int]) -> Response[Any]:
    caller = await admitted(request, "reads", Scope.FEEDS_READ)
    return _answer(api_feeds.as_sent(await api_feeds.own_feed(caller.supplier, feed_id)))


@get(f"{PLACE}/feeds/{{feed_id:int}}/problems")
async def list_problems(request: WebRequest, feed_id: FromPath[int]) -> Response[Any]:
    caller = await admitted(request, "reads", Scope.FEEDS_READ)
    feed = await api_feeds.own_feed(caller.supplier, feed_id)
    after = whole(request.query_params, "after", 0, 0, LARGEST)
    limit = whole(request.query_params, "limit", PROBLEMS, 1, MOST_PROBLEMS)
    return _answer(await api_feeds.problems_page(feed.id, after, limit))


@put(f"{PLACE}/offers/{{sku:path}}", request_max_body_size=OFFER_BYTES, opt={"judges_text": True})
async def set_offer(request: WebRequest) -> Response[Any]:
    caller = await admitted(request, "offers", Scope.OFFERS_WRITE)
    api_feeds.refuse_encoding(request, "", "identity")
    accepted = await accept(caller.supplier, _sku(request), await request.body())
    warnings = [{name: writable(text) for name, text in vars(wrong_of(one)).items()} for one in accepted.warnings]
    links = {"offer": f"{PLACE}/offers/{quote(accepted.sku, safe='')}", "feed": links_of(accepted.feed)["self"]}
    said = {"state": "accepted", "sku": accepted.sku, "feed": accepted.feed, "warnings": warnings, "links": links}
    return _answer(said)


@get(f"{PLACE}/offers/{{sku:path}}")
async def show_offer(request: WebRequest) -> Response[Any]:
    caller = await admitted(request, "reads", Scope.OFFERS_WRITE, Scope.FEEDS_READ)
    standing = await standing_of(caller.supplier, _sku(request).strip())
    if standing is None:
        raise Refused(404, "There is no offer of yours with this SKU.")
    return _answer(standing)


def _answer(said: Any, status: int = 200, **headers: str) -> Response[Any]:
    headers = {"cache-control": "no-store", **headers}
    return Response(said, status_code=status, media_type=MediaType.JSON, headers=headers)


def _sku(request: WebRequest) -> str:
    """The rest of the address, of which a SKU may need any character: "a%2Fb" and "a/b" are the same SKU.

    Raises:
        Refused: it is no UTF-8.
    """
    path = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    sent = path.partition(b"?")[0].partition(f"{PLACE}/offers/".encode())[2]
    try:
        return unquote(sent.decode("ascii").removesuffix("/"), errors="strict")
    except UnicodeError:
        raise Refused(
            400, "The SKU in the address is not UTF-8. Encode it as UTF-8, then with percent signs."
        ) from None


handlers = [send_feed, list_feeds, show_feed, list_problems, set_offer, show_offer]
