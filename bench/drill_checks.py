"""What must hold after every kill, once the shop has come to rest: compared with what the files say."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.events.log import StreamLog
from app.infra.database import fetch
from app.search import auditing
from app.search.index import Index, folder
from app.suppliers import progress
from bench.drill_feeds import Outcome, Shelf
from workers.consumers import topics

EXAMPLES = 3  # of one kind of violation


@dataclass(frozen=True)
class Sent:
    """A feed that the shop has taken over, and what has to come of it."""

    feed: int
    expected: Outcome


async def unfinished(sent: Sequence[Sent], log: StreamLog) -> list[str]:
    """What the shop still has to do by itself; empty when it has come to rest."""
    found = [each for feed in sent if not (each := await progress.of(feed.feed)).is_settled]
    waits = [f"feed {each.id} is {each.state}: {each.counts()}" for each in found]
    waits += [f"{count} events of {topic} wait for {name}" for topic, name, count in await _unprocessed()]
    left = [topic for topic, names in topics().items() if await log.lag(topic, names)]
    return waits + [f"something is left in the log of {topic}" for topic in left]


async def _unprocessed() -> list[tuple[str, str, int]]:
    pairs = [(topic, name) for topic, names in topics().items() for name in names]
    rows = await fetch(
        """SELECT c.topic, c.name, count(*) AS count FROM unnest($1::text[], $2::text[]) AS c(topic, name)
           JOIN outbox o ON o.topic = c.topic
           WHERE NOT EXISTS (SELECT FROM processed p WHERE p.consumer = c.name AND p.event_id = o.event_id)
             AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.consumer = c.name AND d.event_id = o.event_id)
           GROUP BY c.topic, c.name""",
        [topic for topic, _ in pairs],
        [name for _, name in pairs],
    )
    return [(row["topic"], row["name"], row["count"]) for row in rows]


async def violations(sent: Sequence[Sent], shelves: Mapping[int, Shelf]) -> list[str]:
    """Of a shop at rest; `shelves` are the suppliers' by their ids."""
    found = [problem for feed in sent for problem in await _of_feed(feed)]
    found += await _of_leftovers(sent)
    offers = {supplier: await _offers(supplier) for supplier in shelves}
    for supplier, shelf in shelves.items():
        found += _few(_of_offers(offers[supplier], shelf))
    index = await auditing.compare(at_rest=True)
    found += _few((each.rule, str(each.row)) for each in index.broken)
    return found + _few(_of_versions(offers, shelves)) + _few(_of_shared(offers, shelves))


async def _of_feed(sent: Sent) -> list[str]:
    page, expected = await progress.of(sent.feed), sent.expected
    good = expected.received - expected.rejected
    said = (page.received, page.rejected, page.warned, page.applied, page.unchanged, page.withdrawn, page.searchable)
    meant = (expected.received, expected.rejected, expected.warned, expected.applied, expected.unchanged)
    found = []
    if page.state not in ("finished", "unchanged"):
        found.append(f"feed {page.id} is {page.state}: {page.failure}")
    if said != (*meant, expected.withdrawn, good) or page.left_out or page.withheld:
        found.append(f"feed {page.id}: its page says {page}, the file {expected}")
    if page.received != page.rejected + page.left_out + page.unchanged + page.applied:
        found.append(f"feed {page.id}: the counts do not add up: {page.counts()}")
    if page.state == "finished":
        rows = await fetch("SELECT line FROM feed_problem WHERE feed = $1 AND severity = 'rejected'", page.id)
        if sorted(row["line"] for row in rows) != list(expected.faults):
            found.append(f"feed {page.id}: the report names {len(rows)} faults, the file has {len(expected.faults)}")
    return found


async def _of_leftovers(sent: Sequence[Sent]) -> list[str]:
    """Every batch is an event, is applied once and leaves nothing behind; no event was given up."""
    rows = await fetch(
        """SELECT f.id, f.batches, f.state,
             (SELECT count(*) FROM applied_batch a WHERE a.feed = f.id) AS applied,
             (SELECT count(DISTINCT o.payload ->> 'number') FROM outbox o WHERE o.topic IN ('offers', 'offers-bulk')
                AND o.payload ->> 'feed' = f.id::text AND o.payload ->> 'kind' = 'batch') AS events,
             (SELECT count(*) FROM offer_batch b WHERE b.feed = f.id) AS kept,
             (SELECT count(*) FROM unlisted_offers u WHERE u.feed = f.id) AS unlisted
           FROM feed f WHERE f.id = ANY($1) ORDER BY f.id""",
        [each.feed for each in sent],
    )
    found = [f"some feeds are gone: {len(sent) - len(rows)}"] if len(rows) < len(sent) else []
    for row in rows:
        whole = row["batches"] + (row["state"] == "finished")  # its end is recorded, too
        if (row["applied"], row["events"], row["kept"], row["unlisted"]) != (whole, row["batches"], 0, 0):
            found.append(f"batches of a feed: {dict(row)}")
    letters = await fetch("SELECT consumer, topic, payload, reason FROM dead_letter ORDER BY id")
    return found + [f"dead letter: {dict(letter)}" for letter in letters]


async def _offers(supplier: int) -> dict[str, Any]:
    """All of a supplier's offers, sold or withdrawn, with what hangs on them."""
    rows = await fetch(
        """SELECT o.supplier_sku AS sku, o.price_minor, o.withdrawn_at IS NULL AS live, v.id AS variant, v.gtin,
                  p.id AS product, p.version, s.stocks, s.on_hand, s.reserved, h.prices, h.price_now
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           LEFT JOIN LATERAL (SELECT count(*) AS stocks, sum(on_hand)::int AS on_hand, sum(reserved)::int AS reserved
                              FROM stock WHERE offer = o.id) s ON true
           LEFT JOIN LATERAL (SELECT count(*) AS prices, max(price_minor) AS price_now
                              FROM price_history WHERE offer = o.id AND until IS NULL) h ON true
           WHERE o.supplier = $1""",
        supplier,
    )
    return {row["sku"]: row for row in rows}


def _of_offers(offers: Mapping[str, Any], shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Every good row is one offer on sale with the last price and stock; no other is."""
    live = {sku for sku, row in offers.items() if row["live"]}
    for sku in sorted(live ^ shelf.live.keys()):
        yield ("lost" if sku in shelf.live else "on sale although withdrawn"), sku
    for sku in live & shelf.live.keys():
        row, said = offers[sku], shelf.live[sku]
        price, pieces = int(said[5].replace(".", "")), int(said[8])
        if row["price_minor"] != price:
            yield "wrong price", f"{sku}: {row['price_minor']}, not {price}"
        if (row["stocks"], row["on_hand"], row["reserved"]) != (1, pieces, 0):
            yield "wrong stock", f"{sku}: {row['on_hand']} in {row['stocks']} places, not {pieces}"
        if (row["prices"], row["price_now"]) != (1, price):
            yield "wrong history of prices", f"{sku}: {row['prices']} prices now, {row['price_now']}"
    for sku in offers.keys() - shelf.steps.keys():
        yield "an offer that no file has", sku


def _of_versions(offers: Mapping[int, Mapping[str, Any]], shelves: Mapping[int, Shelf]) -> Iterator[tuple[str, str]]:
    """A product's version counts what its suppliers have changed: what is applied twice would count twice."""
    versions, steps = dict[int, int](), Counter[int]()
    for supplier, shelf in shelves.items():
        for sku, row in offers[supplier].items():
            versions[row["product"]] = row["version"]
            steps[row["product"]] += shelf.steps[sku]
    for product, version in versions.items():
        if version != steps[product]:
            yield "wrong version", f"product {product}: {version} for {steps[product]} changes"


def _of_shared(offers: Mapping[int, Mapping[str, Any]], shelves: Mapping[int, Shelf]) -> Iterator[tuple[str, str]]:
    """One GTIN is one variant, whoever came first."""
    variants = defaultdict[str, set[int]](set)
    for supplier, shelf in shelves.items():
        for sku in shelf.live:
            if (gtin := shelf.gtin_of(sku)) and sku in offers[supplier]:
                variants[gtin].add(offers[supplier][sku]["variant"])
    for gtin, found in variants.items():
        if len(found) > 1:
            yield "one article is two", f"{gtin}: variants {sorted(found)}"


def _few(found: Iterator[tuple[str, str]]) -> list[str]:
    kinds = defaultdict[str, list[str]](list)
    for kind, example in found:
        kinds[kind].append(example)
    return [f"{kind}, {len(some)} times: {', '.join(some[:EXAMPLES])}" for kind, some in kinds.items()]


def indexed() -> dict[str, tuple[Any, dict[bytes, float]]]:
    """Product → its stored document in the search index, and its words with their weights."""
    opened = Index(folder()).open()
    if opened is None:
        return {}
    reader, words = opened.reader(), defaultdict[int, dict[bytes, float]](dict)
    for term in reader.lexicon("words"):
        matcher = reader.postings("words", term)
        while matcher.is_active():
            words[matcher.id()][term] = matcher.weight()
            matcher.next()
    found: dict[str, tuple[Any, dict[bytes, float]]] = {}
    for number in reader.all_doc_ids():
        said = reader.stored_fields(number)
        if said["key"] in found:
            found[f"{said['key']} again"] = (None, {})
        found[said["key"]] = (msgspec.json.decode(said["document"]), words[number])
    return found


def differences(by_events: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> list[str]:
    """Between the index that events have made and one that was built anew."""
    different = [key for key in by_events.keys() | rebuilt.keys() if by_events.get(key) != rebuilt.get(key)]
    return _few(("the index is not what a rebuild makes", f"product {key}") for key in sorted(different))
