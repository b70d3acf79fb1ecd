"""Every command that people and programs rely on."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from app.cli.dead_letter_commands import dead_letters
from app.cli.operator_commands import operators
from app.cli.order_commands import orders
from app.cli.surroundings import python, run_python, surroundings
from app.infra.root import ROOT
from app.infra.settings import Settings, settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Feira: an online shop that many suppliers sell through."""
    settings()  # a bad setting is said before anything starts


@main.command()
@click.option("--demo/--no-demo", default=True, help="Fill an empty shop with the demo catalogue.")
def run(demo: bool) -> None:
    """Set everything up and run the shop until Ctrl-C."""
    from app.cli.shop import run as run_shop

    run_shop(demo=demo)


@main.command()
@click.option("--browser/--no-browser", default=True, help="Also the journeys in a real browser.")
@click.argument("paths", nargs=-1)
def test(browser: bool, paths: tuple[str, ...]) -> None:
    """Run every test, or those in PATHS; exit status 0 only when all pass."""
    from app.cli.testing import run_tests

    sys.exit(run_tests(list(paths), browser=browser))


@main.command()
def lint() -> None:
    """Style, types and the order of imports."""
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy", "app", "workers", "tests", "bench"))
    failed = [check[0] for check in checks if run_python("-m", *check)]
    if subprocess.run([str(Path(sys.executable).with_name("lint-imports"))], check=False, cwd=ROOT).returncode:
        failed.append("import order")
    if failed:
        click.echo(f"feira: not clean: {', '.join(failed)}", err=True)
        sys.exit(1)


@main.command("settings")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show_settings(as_json: bool) -> None:
    """List every setting, its value and what it means."""
    current = settings()
    rows: dict[str, dict[str, Any]] = {
        name.upper(): {"value": str(getattr(current, name)), "means": field.description}
        for name, field in Settings.model_fields.items()
    }
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for name, row in rows.items():
        click.echo(f"{name:<20} {row['value'] or '(empty)':<24} {row['means']}")


@main.command()
def migrate() -> None:
    """Bring the database to the newest migration and the shop's categories, and build the search index if this version
    has another kind."""
    from app.cli.indexing import prepare_index
    from app.cli.migrating import migrated

    with surroundings():
        advice = asyncio.run(migrated())
        prepare_index()
    for each in advice:
        click.echo(f"PostgreSQL: {each}", err=True)
    click.echo("The database is up to date.")


@main.command()
def web() -> None:
    """Run the web server alone (DATABASE_URL and REDIS_URL must be set, or a shop be running on the data folder)."""
    from app.cli.shop import check_port, run_alone, web_command

    check_port()
    with surroundings():
        sys.exit(run_alone("web", web_command()))


@main.command()
def worker() -> None:
    """Run a worker alone: jobs, relay and consumers."""
    from app.cli.shop import run_alone, worker_command

    with surroundings():
        sys.exit(run_alone("worker", worker_command()))


@main.command()
def demo() -> None:
    """Bring in the demo catalogue through the supplier pipeline, if it is not there."""
    from rich.console import Console

    from app.cli.demo import bring_in
    from app.cli.feeds import with_worker

    with surroundings() as started, with_worker(bool(started)):
        bring_in(Console(stderr=True, highlight=False))


@main.group()
def feed() -> None:
    """Suppliers' feeds."""


@feed.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--supplier", required=True, help="Name or slug of the supplier; a new name makes a new supplier.")
@click.option("--mode", type=click.Choice(["full", "delta"]), default="full", show_default=True)
@click.option("--dry-run", is_flag=True, help="Only show what would change; waits for it.")
@click.option("--wait", is_flag=True, help="Until shoppers can find the products.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts for programs.")
def import_feed(file: Path, supplier: str, mode: str, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Take FILE as a feed of a supplier, as if it had been uploaded."""
    from app.cli.feeds import import_file

    import_file(file, supplier, mode, dry_run=dry_run, wait=wait or dry_run, as_json=as_json)


@main.group()
def index() -> None:
    """The search index."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print how many products it holds, for programs.")
def rebuild(as_json: bool) -> None:
    """Build a new index from the database beside the old one, then swap."""
    from app.cli.indexing import rebuild_index

    rebuild_index(as_json=as_json)


@main.group()
def cache() -> None:
    """What Redis keeps of products."""


@cache.command("rebuild")
def rebuild_cache() -> None:
    """Drop it, and read the products that shoppers look at again from the database."""
    from app.cli.caching import rebuild_cache

    rebuild_cache()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def audit(as_json: bool) -> None:
    """Check what must always be true of stock, orders and money, and of the index and the cache.

    Exit status 1 if something is not so; what waits for a person is told and is no fault.
    """
    from app.cli.auditing import audit

    audit(as_json=as_json)


@main.command()
@click.option("--days", type=click.IntRange(1, 3650), default=35, show_default=True, help="How far back to compare.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def reconcile(days: int, as_json: bool) -> None:
    """Ask providers what became of payments, send what waits, and compare our books with theirs."""
    from app.cli.money import reconcile

    reconcile(days, as_json=as_json)


@main.group()
def transit() -> None:
    """How long parcels take, and what is learned from it."""


@transit.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_transit(file: Path, as_json: bool) -> None:
    """Take a carrier's FILE (CSV): when parcels were handed over and delivered."""
    from app.cli.transit import take_file

    take_file(file, as_json=as_json)


@transit.command("learn")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def learn_transit(as_json: bool) -> None:
    """Learn the days of every lane anew, as workers do each night."""
    from app.cli.transit import learn

    learn(as_json=as_json)


main.add_command(dead_letters)
main.add_command(operators)
main.add_command(orders)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", default="pages")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, arguments: tuple[str, ...]) -> None:
    """Measure a hot path against a reference in the same run: NAME is a file in bench/."""
    if not (ROOT / "bench" / f"{name}.py").is_file() or not name.isidentifier():
        known = ", ".join(sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py")))
        raise click.BadParameter(f"there is no bench {name!r}; there are: {known}")
    sys.exit(subprocess.run(python("-m", f"bench.{name}", *arguments), check=False, cwd=ROOT).returncode)
