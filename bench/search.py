"""How fast searching is in one process: queries with facets and ranking, suggestions, indexing, and the start.

    ./feira bench search [--products 20000,100000] [--json]

Made-up catalogues with words as frequent as words are. Queries are of one to four words, some with filters, an order,
a deep page or a typo; no result is kept between them. Beside them Whoosh as it comes answers the same words without
facets, in the same run. `loop_late` is how late a task that only sleeps wakes up while queries and suggestions are
answered in the engine's thread and an index of many changes is taken up: what a page would wait.
"""

import asyncio
import json
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from whoosh import index as whoosh_index
from whoosh.qparser.default import QueryParser

from app.search.answering import answer
from app.search.engine import Engine
from app.search.index import Index
from app.search.query import Query
from app.search.suggesting import suggest
from app.search.writing import write
from bench.search_catalogue import Vocabulary, entries
from bench.search_loop import lateness
from bench.search_queries import arrivals, queries

COMMITTED = 4_000
MS = 1000.0


@dataclass(frozen=True)
class Figures:
    products: int
    indexed_per_second: float
    index_bytes_per_product: int
    start_seconds: float  # until a new process answers
    resident_megabytes: float
    first_query_p95_ms: float  # the first time that its words are read from disk
    query_p50_ms: float
    query_p95_ms: float
    query_p99_ms: float
    whoosh_p50_ms: float
    whoosh_p95_ms: float
    suggestion_p50_ms: float
    suggestion_p95_ms: float
    loop_late_p99_ms: float
    loop_late_most_ms: float
    loop_late_most_ms_while: dict[str, float]  # a bare thread counts; answering; taking up so many changes besides


def measure(count: int, root: Path, told: Callable[[str], None]) -> Figures:
    vocabulary = Vocabulary()
    told(f"{count:,} products are indexed ...")
    index_seconds = build(count, root, vocabulary)
    engine = Engine(root)
    began = time.perf_counter()
    engine.refresh()
    start_seconds = time.perf_counter() - began
    asked, there = queries(vocabulary), arrivals()
    told("Queries ...")

    def once() -> list[float]:
        words = engine.wordlists.current
        return [timed(lambda query=query: answer(engine.snapshot, words, query, there)) for query in asked]

    first, times = once(), once()
    typed = [query.q[:end] for query in asked[:100] for end in range(1, len(query.q) + 1)]
    suggested = [
        timed(lambda text=text: suggest(engine.snapshot, engine.wordlists.current, (), text)) for text in typed
    ]
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    plain = plain_times(root, asked)
    told("The event loop meanwhile ...")
    late = asyncio.run(lateness(engine, asked, vocabulary, count))
    every = [each for name, some in late.items() if name != "bare" for each in some]
    return Figures(
        count,
        round(count / index_seconds),
        size // count,
        round(start_seconds, 2),
        round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        quantile(first, 0.95),
        quantile(times, 0.5),
        quantile(times, 0.95),
        quantile(times, 0.99),
        quantile(plain, 0.5),
        quantile(plain, 0.95),
        quantile(suggested, 0.5),
        quantile(suggested, 0.95),
        quantile(every, 0.99),
        quantile(every, 1.0),
        {name: quantile(some, 1.0) for name, some in late.items()},
    )


def build(count: int, root: Path, vocabulary: Vocabulary) -> float:
    """Seconds for writing the index; making up the products does not count."""
    index = Index(root)
    place, made, seconds = index.new_generation(), entries(count, vocabulary), 0.0
    while some := list(islice(made, COMMITTED)):
        began = time.perf_counter()
        write(whoosh_index.open_dir(str(place)), [], some)
        seconds += time.perf_counter() - began
    index.use(place)
    return seconds


def timed(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def quantile(seconds: Iterable[float], share: float) -> float:
    return round(float(np.quantile(list(seconds), share)) * MS, 2)


def plain_times(root: Path, asked: list[Query]) -> list[float]:
    """Whoosh's default query language, scoring and searcher on the same index, without facets or filters."""
    opened = Index(root).open()
    assert opened is not None
    with opened.searcher() as searcher:
        parser = QueryParser("words", opened.schema)
        return [
            timed(lambda query=query: searcher.search(parser.parse(query.q), limit=48)) for query in asked if query.q
        ]


@click.command(help=__doc__)
@click.option("--products", default="20000,100000", show_default=True, help="Sizes of catalogues, with commas.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(products: str, as_json: bool) -> None:
    console, found = Console(stderr=True, highlight=False), list[Figures]()
    for size in products.split(","):
        if not size.strip().isdecimal() or not int(size):
            raise click.BadParameter(f"{size!r} is no number of products", param_hint="--products")
        with TemporaryDirectory(prefix="feira-bench-") as folder:
            found.append(measure(int(size), Path(folder), console.print))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
        return
    table = Table("figure", *(f"{each.products:,}" for each in found))
    for name in asdict(found[0]):
        table.add_row(name.replace("_", " "), *(_shown(getattr(each, name)) for each in found))
    Console(highlight=False).print(table)


def _shown(value: float | dict[str, float]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each:,}" for name, each in value.items())
    return f"{value:,}"


if __name__ == "__main__":
    main()
