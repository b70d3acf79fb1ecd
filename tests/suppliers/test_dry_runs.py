"""A dry run shows what a feed would change, and changes nothing."""

from datetime import timedelta

import pytest

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.suppliers import cutting, dry_runs, feeds, progress, reading, receiving
from app.suppliers.api_keys import Scope
from app.suppliers.arriving import Arrival
from app.suppliers.progress import Progress
from app.suppliers.reading import read_feed
from app.suppliers.rereading import read_again
from tests.accounts.people import Client
from tests.suppliers.desks import desk
from tests.suppliers.line import as_csv, offers, row, rows, send, send_and_take, take_all
from tests.suppliers.programs import program
from tests.world import World


async def waiting(supplier: int, content: list[dict[str, str]], mode: str = "full") -> int:
    with Arrival() as arrival:
        arrival.write(as_csv(content))
        return await receiving.receive(supplier, "try.csv", arrival, mode=mode, dry_run=True)


async def tried(supplier: int, content: list[dict[str, str]], mode: str = "full") -> Progress:
    feed = await waiting(supplier, content, mode)
    await read_feed(feed)
    return await progress.of(feed)


def would(feed: Progress) -> tuple[int, int, int, int, bool]:
    return feed.would_add, feed.would_change, feed.would_stay, feed.would_withdraw, feed.would_wait


async def test_it_counts_what_would_happen_and_nothing_happens(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(4))
    before, events = await offers(supplier), await fetch("SELECT count(*) FROM outbox")
    content = [*rows(2), row("S2", "Lamp 2", "9.00"), row("New"), row("Bad", price="free")]
    found = await tried(supplier, content)
    assert would(found) == (1, 1, 2, 1, False)
    assert (found.state, found.is_settled) == ("finished", True)
    assert (found.received, found.rejected, found.applied, found.searchable, found.batches) == (5, 1, 0, 0, 0)
    assert await offers(supplier) == before
    assert await fetch("SELECT count(*) FROM outbox") == events
    assert len(await fetch("SELECT 1 FROM feed_problem WHERE feed = $1", found.id)) == 1
    real = await send_and_take(supplier, content)
    assert (real.applied, real.unchanged, real.withdrawn) == (2, 2, 1)


async def test_the_examples_say_what_differs(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("P"), row("T"), row("S"), row("D"), row("Gone"), row("Back")])
    await send_and_take(supplier, [row("P"), row("T"), row("S"), row("D"), row("Gone")])
    content = [row("P", price="9.00"), row("T", "Other lamp"), row("S", stock=1), row("Back"), row("New")]
    found = await tried(supplier, [*content, row("D", note="Now with a bulb")])
    examples = await dry_runs.examples_of(found.id)
    assert {one["sku"]: one["fields"] for one in examples["changed"]} == {
        "P": ["price"],
        "T": ["title"],
        "S": ["stock"],
        "D": ["other details"],
    }
    assert {one["sku"]: one["fields"] for one in examples["added"]} == {"Back": ["on sale again"], "New": []}
    assert [one["sku"] for one in examples["withdrawn"]] == ["Gone"]
    priced = examples["changed"][0]
    assert (priced["price_before"], priced["price_after"], priced["currency_after"]) == (4890, 900, "EUR")


async def test_only_changes_would_withdraw_nothing_and_most_of_the_range_would_wait(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(50))
    assert would(await tried(supplier, rows(5), "delta")) == (0, 0, 5, 0, False)
    assert would(await tried(supplier, rows(5))) == (0, 0, 5, 45, True)
    assert (await send_and_take(supplier, rows(5))).withheld == 45


async def test_examples_have_a_limit_and_counts_have_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_runs, "EXAMPLES", {"added": 3, "changed": 2, "withdrawn": 1})
    monkeypatch.setattr(cutting, "GOOD_ROWS", 2)
    supplier = await world.supplier()
    await send_and_take(supplier, rows(10))
    found = await tried(supplier, [*rows(5, "9.00"), *[row(f"N{n}") for n in range(7)]])
    assert would(found) == (7, 5, 0, 5, False)
    assert {kind: len(kept) for kind, kept in (await dry_runs.examples_of(found.id)).items()} == dry_runs.EXAMPLES


async def test_a_dry_run_that_another_reader_goes_on_with_counts_every_row_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "GOOD_ROWS", 2)
    supplier = await world.supplier()
    await send_and_take(supplier, rows(3))
    feed = await waiting(supplier, rows(9, "9.00"))
    take, taken = reading.Reading.take, 0

    async def take_or_die(self: reading.Reading, portion: cutting.Portion) -> None:
        nonlocal taken
        taken += 1
        if taken == 3:
            raise SystemExit
        await take(self, portion)

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(reading.Reading, "take", take_or_die)
        await read_feed(feed)
    await execute("UPDATE feed SET heartbeat_at = $1 WHERE id = $2", now() - timedelta(minutes=2), feed)
    await read_feed(feed)
    found = await progress.of(feed)
    assert (found.received, would(found)) == (9, (6, 3, 0, 0, False))
    assert len(await fetch("SELECT DISTINCT sku FROM feed_change WHERE feed = $1", feed)) == 9


async def test_a_dry_run_is_not_the_feed_before(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(3))
    await tried(supplier, rows(2))
    assert (await send_and_take(supplier, rows(3))).state == "unchanged"
    await tried(supplier, rows(2))
    real = await send_and_take(supplier, rows(2))
    assert (real.state, real.withdrawn) == ("finished", 1)


async def test_a_dry_run_of_the_file_that_is_in_says_that_nothing_would_change(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(3))
    found = await tried(supplier, rows(3))
    assert (found.state, would(found)) == ("finished", (0, 0, 3, 0, False))


async def test_a_dry_run_takes_no_withdrawal_away_and_no_feed_the_right_to_be_read_again(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(50))
    short = await send_and_take(supplier, rows(5))
    await tried(supplier, rows(50, "9.00"))
    assert await feeds.confirm_withdrawal(short.id)
    await take_all()
    assert (await progress.of(short.id)).withdrawn == 45
    await tried(supplier, rows(4))
    assert await read_again(short.id) is not None


async def test_the_next_feed_does_not_wait_for_a_dry_run_that_is_over(world: World) -> None:
    supplier = await world.supplier()
    dry, real = await waiting(supplier, rows(1)), await send(supplier, rows(2))
    await read_feed(real)
    assert (await progress.of(real)).state == "waiting"
    await read_feed(dry)
    await read_feed(real)
    await take_all()
    assert (await progress.of(real)).state == "finished"


async def test_a_file_that_cannot_be_used_fails_as_ever(world: World) -> None:
    found = await tried(await world.supplier(), [row("A", price="free")])
    assert (found.state, found.rejected) == ("failed", 1) and found.failure and found.is_settled


async def test_a_dry_run_is_sent_by_the_form_and_then_for_real_by_a_button(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    await send_and_take(supplier, [row("A", price="48.90"), row("Gone")])
    files = {"file": ("new.csv", as_csv([row("A", price="9.00"), row("<b>")]))}
    answer = await client.post("/supplier/feeds", files=files, data={"dry_run": "true"}, follow_redirects=False)
    path = answer.headers["location"]
    assert "as soon as the file has been read" in (await client.get(path)).text
    await read_feed(int(path.rpartition("/")[2]))
    page = (await client.get(path)).text
    assert "What would change" in page and '<s class="soft">€48.90</s> €9.00' in page and "&lt;b&gt;" in page
    assert set(await offers(supplier)) == {"A", "Gone"}
    answer = await client.post(f"{path}/real-run", follow_redirects=False)
    real = answer.headers["location"]
    assert answer.status_code == 303 and real != path
    await read_feed(int(real.rpartition("/")[2]))
    await take_all()
    assert set(await offers(supplier)) == {"A", "<b>"}
    assert (await client.post(f"{path}/real-run")).url.path == path
    assert "was no dry run" in (await client.post(f"{real}/real-run")).text
    assert len(await fetch("SELECT 1 FROM feed")) == 3


async def test_a_dry_run_is_not_sent_for_real_once_another_feed_has_come(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    dry = await tried(supplier, rows(1))
    await send_and_take(supplier, rows(2))
    answer = await client.post(f"/supplier/feeds/{dry.id}/real-run")
    assert answer.url.path == f"/supplier/feeds/{dry.id}" and "A later feed has been taken" in answer.text
    assert len(await fetch("SELECT 1 FROM feed")) == 2


async def test_a_word_that_is_neither_yes_nor_no_is_refused(world: World, client: Client) -> None:
    await desk(world, client)
    answer = await client.post("/supplier/feeds", files={"file": ("a.csv", b"x")}, data={"dry_run": "perhaps"})
    assert answer.status_code == 422 and "Say true or false" in answer.text


async def test_a_program_may_ask_what_would_change(world: World, client: Client) -> None:
    shop = await program(client, await world.supplier(), Scope.FEEDS_WRITE, Scope.FEEDS_READ)
    key, content = {"idempotency-key": "night-1"}, as_csv(rows(2))
    sent = await shop.call("POST", "/feeds?dry_run=true", key, content=content)
    assert (sent.status_code, sent.json()["dry_run"]) == (202, True)
    assert (await shop.call("POST", "/feeds", key, content=content)).status_code == 422  # no longer the same
    await read_feed(sent.json()["id"])
    followed = (await shop.call("GET", f"/feeds/{sent.json()['id']}")).json()
    assert followed["would"] == {"add": 2, "change": 0, "stay": 0, "withdraw": 0, "wait": False}
    assert (followed["settled"], followed["applied"], followed["searchable"]) == (True, 0, 0)
    form = await shop.call("POST", "/feeds", files={"file": ("a.csv", content)}, data={"dry_run": "true"})
    assert form.json()["dry_run"] is True
    real = (await shop.call("POST", "/feeds", content=content)).json()
    assert (real["dry_run"], real["would"]) == (False, None)
    assert (await shop.call("POST", "/feeds?dry_run=perhaps", content=content)).status_code == 422
