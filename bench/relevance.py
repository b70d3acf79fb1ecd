"""How well searching finds what people judge relevant, beside Whoosh as it comes.

    ./feira bench relevance --products FILE --judgments FILE [--results FILE] [--fit] [--json]

The catalogue comes in as a supplier's feed (kept for the next run where FEIRA_DATA is set), and each query is answered
as the search page answers it, with what is shown below few products. `judged` counts what nobody judged as irrelevant,
`dropped` leaves it out. The same again after one seeded typo in the longest word. `--fit` fits the weights of the
ranking, cross-validated by query.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from app.search.answering import answer
from app.search.engine import Engine
from app.search.index import folder
from app.search.query import PAGE_SIZE, Query
from bench import relevance_fit
from bench.relevance_catalogue import Judgments, read_judgments
from bench.relevance_measures import mistyped, ndcg, ndcg_of_judged, precision, recall
from bench.relevance_shop import shop_with
from bench.relevance_whoosh import plain_whoosh

SEEDS = range(5)  # of typos

Search = Callable[[str], Sequence[str]]
"""From a query to the document ids of its first page."""


@dataclass(frozen=True)
class Figures:
    """Means over the queries with a relevant product; the share of nothing found is of all queries."""

    ndcg_judged: float
    ndcg_dropped: float
    precision_10: float
    recall_48: float
    no_result: float
    queries: int


def figures(search: Search, asked: Iterable[tuple[str, str]], judged: Judgments) -> Figures:
    """Of (query judged, query typed)."""
    pairs = [(judged[query], search(typed)) for query, typed in asked]
    scored = [(ratings, found) for ratings, found in pairs if ndcg(found, ratings) is not None]

    def mean(values: Iterable[float | None]) -> float:
        known = [value for value in values if value is not None]
        return round(sum(known) / max(len(known), 1), 4)

    return Figures(
        mean(ndcg(found, ratings) for ratings, found in scored),
        mean(ndcg_of_judged(found, ratings) for ratings, found in scored),
        mean(precision(found, ratings) for ratings, found in scored),
        mean(recall(found, ratings, PAGE_SIZE) for ratings, found in scored),
        mean(float(not found) for _, found in pairs),
        len(scored),
    )


def feira(engine: Engine, documents: dict[int, str]) -> Search:
    def search(text: str) -> list[str]:
        found = answer(engine.snapshot, engine.wordlists.current, Query(q=text), None)
        return [documents[each.product] for each in found.documents + found.nearly]

    return search


def with_typos(judged: Judgments) -> list[tuple[str, str]]:
    pairs = [(query, mistyped(query, seed)) for seed in SEEDS for query in judged]
    return [(query, typed) for query, typed in pairs if typed != query]


def write_results(path: Path, search: Search, queries: Iterable[str]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("query", "rank", "docid"))
        for query in queries:
            writer.writerows((query, rank, document) for rank, document in enumerate(search(query), 1))


def show(found: dict[str, Figures]) -> None:
    table = Table("", "nDCG@10", "of judged only", "P@10", "recall@48", "nothing found", "queries")
    for name, of in found.items():
        table.add_row(
            name.replace("_", " "),
            *(f"{value:.3f}" for value in (of.ndcg_judged, of.ndcg_dropped, of.precision_10, of.recall_48)),
            f"{of.no_result:.1%}",
            str(of.queries),
        )
    Console().print(table)


@click.command(help=__doc__)
@click.option("--products", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--judgments", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path), help="Write 48 results per query (CSV).")
@click.option("--fit", is_flag=True, help="Fit the weights, cross-validated; prints them, changes nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(products: Path, judgments: Path, results: Path | None, fit: bool, as_json: bool) -> None:
    judged = read_judgments(judgments)
    with shop_with(products, Console(stderr=True, highlight=False)) as documents:
        engine = Engine(folder())
        engine.refresh()
        search, clean = feira(engine, documents), [(query, query) for query in judged]
        found = {
            "feira": figures(search, clean, judged),
            "feira_mistyped": figures(search, with_typos(judged), judged),
            "whoosh": figures(plain_whoosh(engine.snapshot, documents), clean, judged),
        }
        fitted = relevance_fit.fitted(engine, documents, judged) if fit else None
        if results:
            write_results(results, search, judged)
        engine.close()
    if as_json:
        click.echo(json.dumps({name: asdict(of) for name, of in found.items()} | (fitted or {}), indent=2))
        return
    show(found)
    for name, value in (fitted or {}).items():
        click.echo(f"{name.replace('_', ' ')}: {value}")


if __name__ == "__main__":
    main()
