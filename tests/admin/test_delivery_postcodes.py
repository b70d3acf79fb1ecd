"""Operators send the table of postcodes: looked at first, applied at once, and nothing is lost by a bad file."""

import asyncio
import csv
import io
from datetime import timedelta

from app.delivery import postcode_uploads
from app.delivery.estimate import delivery_map
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from tests.accounts.people import Client
from tests.admin.delivering import MORE, TABLE, apply, counts, fields_in, kept, send, table
from tests.admin.delivering import POSTCODES as PLACE


async def test_a_table_is_looked_at_before_it_counts(desk: Client) -> None:
    before = await table()
    address = await kept(desk, "prefix;place;zone\n1;Lisbon;lisboa\n1200-109;Sé;lisboa\n")
    text = (await desk.get(address)).text
    assert counts(text) == [1, 1, 1, 0]
    assert "<code>1200-109</code>" in text and "Lisbon" in text and "Porto" in text
    assert await table() == before and not await fetch("SELECT FROM delivery_change")


async def test_an_applied_table_counts_at_once_and_is_in_the_history(desk: Client) -> None:
    answer = await apply(desk, await kept(desk, MORE))
    assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
    assert len(await table()) == 4
    place = (await delivery_map()).place_of("1200-109")
    assert place and (place.name, place.zone) == ("Sé", "lisboa")
    (change,) = await fetch("SELECT subject, before, after FROM delivery_change")
    assert change["subject"] == "Postcodes from table.csv" and change["before"] == "2 prefixes"
    assert change["after"].startswith("4 prefixes: 2 new (1200-109 Sé in lisboa, 45 Penafiel in porto)")


async def test_applied_twice_it_counts_once(desk: Client) -> None:
    address = await kept(desk, MORE)
    seen = fields_in((await desk.get(address)).text)
    answers = await asyncio.gather(*(send(desk, f"{address}/application", seen) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len(await fetch("SELECT FROM delivery_change")) == 1
    assert "has been applied already" in (await desk.get(address)).text


async def test_the_download_sent_back_changes_nothing(desk: Client) -> None:
    odd = ["=1+1", "'=1+1", "''@x", "+351", "-1", "'quoted'", 'a "b", c', "São João; da | Pesqueira", "=x'"]
    for number, place in enumerate(odd):
        await execute(
            "INSERT INTO postcode_area (prefix, place, zone) SELECT $1, $2, id FROM zone WHERE code = 'porto'",
            f"12{number}",
            place,
        )
    before = await table()
    download = await desk.get(f"{PLACE}/table.csv")
    assert download.headers["content-type"] == "text/csv; charset=utf-8"
    cells = [cell for row in csv.reader(io.StringIO(download.content.decode("utf-8-sig"))) for cell in row]
    assert len(cells) == 3 * (len(before) + 1) and not [cell for cell in cells if cell[0] in "=+-@"]
    address = await kept(desk, download.content)
    text = (await desk.get(address)).text
    assert counts(text) == [0, 0, 0, 0] and "what the table says already" in text and "Apply the table" not in text
    assert (await apply(desk, address)).status_code == 303
    assert await table() == before and not await fetch("SELECT FROM delivery_change")


async def test_nothing_is_applied_while_lines_are_wrong_unless_they_are_left_out(desk: Client) -> None:
    address = await kept(desk, MORE + "46,Braga,minho\n")
    answer = await apply(desk, address)
    assert answer.status_code == 422 and "Choose to leave out the lines" in answer.text
    assert len(await table()) == 2
    assert (await apply(desk, address, leave_out="yes")).status_code == 303
    assert len(await table()) == 4


async def test_a_prefix_on_a_line_left_out_stays_as_it_is(desk: Client) -> None:
    address = await kept(desk, "prefix,place,zone\n1,Lisbon,lisboa\n4,Porto,portoo\n")
    assert counts((await desk.get(address)).text) == [0, 1, 0, 1]
    assert (await apply(desk, address, leave_out="yes")).status_code == 303
    assert await table() == {"1": ("Lisbon", "lisboa"), "4": ("Porto", "porto")}


async def test_a_file_without_a_good_line_cannot_be_applied(desk: Client) -> None:
    address = await kept(desk, "prefix,place,zone\n12,Sé,x\n")
    assert "No line of this file can be used" in (await desk.get(address)).text
    assert (await send(desk, f"{address}/application", {"leave_out": "yes", "remove_most": "yes"})).status_code in (
        409,
        422,
    )
    assert len(await table()) == 2


async def test_removing_more_than_half_is_confirmed_apart(desk: Client) -> None:
    half = await kept(desk, "prefix,place,zone\n1,Lisboa,lisboa\n")
    assert 'name="remove_most"' not in (await desk.get(half)).text
    most = await kept(desk, "prefix,place,zone\n12,Sé,lisboa\n")
    answer = await apply(desk, most)
    assert answer.status_code == 422 and "Confirm that most of the prefixes" in answer.text
    assert "<title>Error:" in answer.text and len(await table()) == 2
    assert (await apply(desk, most, remove_most="yes")).status_code == 303
    assert await table() == {"12": ("Sé", "lisboa")}


async def test_a_change_by_somebody_else_meanwhile_is_shown_first(desk: Client) -> None:
    address = await kept(desk, MORE)
    seen = fields_in((await desk.get(address)).text)
    await execute("UPDATE postcode_area SET place = 'Lisbon' WHERE prefix = '1'")
    answer = await send(desk, f"{address}/application", seen)
    assert answer.status_code == 409 and "Somebody changed the postcodes before you" in answer.text
    assert counts(answer.text) == [2, 1, 0, 0] and len(await table()) == 2
    assert (await send(desk, f"{address}/application", fields_in(answer.text))).status_code == 303
    assert (await table())["1"] == ("Lisboa", "lisboa")


async def test_choosing_after_an_error_does_not_hide_a_change_by_somebody_else(desk: Client) -> None:
    address = await kept(desk, MORE + "46,Braga,minho\n")
    refused = await apply(desk, address)
    await execute("UPDATE postcode_area SET place = 'Lisbon' WHERE prefix = '1'")
    answer = await send(desk, f"{address}/application", {**fields_in(refused.text), "leave_out": "yes"})
    assert answer.status_code == 409 and len(await table()) == 2


async def test_a_zone_that_is_gone_stops_the_file(desk: Client) -> None:
    address = await kept(desk, MORE)
    await execute("UPDATE zone SET code = 'norte' WHERE code = 'porto'")
    assert (await apply(desk, address)).status_code == 409
    assert len(await table()) == 2


async def test_two_files_at_once_are_not_mixed(desk: Client) -> None:
    first, second = await kept(desk, MORE), ""
    seen = fields_in((await desk.get(first)).text)
    await execute("UPDATE postcode_upload SET account = (SELECT id FROM account LIMIT 1), expires_at = expires_at")
    row = await fetch(
        """INSERT INTO postcode_upload (account, filename, line_count, prefixes, places, zones, spared, problems,
               problem_count, created_at, expires_at)
           SELECT account, 'other.csv', 2, '{1,4}', '{A,B}', '{lisboa,porto}', '{}', '[]', 0, created_at, expires_at
           FROM postcode_upload RETURNING id"""
    )
    second = f"{PLACE}/uploads/{row[0]['id']}"
    answers = await asyncio.gather(*(send(desk, f"{each}/application", seen) for each in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(await fetch("SELECT FROM delivery_change")) == 1
    assert await table() in (
        {"1": ("A", "lisboa"), "4": ("B", "porto")},
        {"1": ("Lisboa", "lisboa"), "4": ("Porto", "porto"), "1200-109": ("Sé", "lisboa"), "45": ("Penafiel", "porto")},
    )


async def test_a_file_is_kept_for_a_while_and_then_gone(desk: Client) -> None:
    address = await kept(desk, MORE)
    seen = fields_in((await desk.get(address)).text)
    assert "table.csv" in (await desk.get(PLACE)).text
    await execute("UPDATE postcode_upload SET expires_at = $1", now() - timedelta(seconds=1))
    answer = await desk.get(address)
    assert str(answer.url).endswith(PLACE) and "no longer kept" in answer.text
    assert (await send(desk, f"{address}/application", seen)).status_code == 303
    assert len(await table()) == 2
    with frozen(now()):
        await postcode_uploads.sweep()
    assert not await fetch("SELECT FROM postcode_upload")


async def test_an_operators_next_file_takes_the_place_of_the_one_before(desk: Client) -> None:
    await kept(desk, MORE)
    await kept(desk, TABLE)
    assert len(await fetch("SELECT FROM postcode_upload")) == 1


async def test_a_file_can_be_thrown_away(desk: Client) -> None:
    address = await kept(desk, MORE)
    for _ in range(2):
        assert (await send(desk, f"{address}/removal", {})).status_code == 303
    assert not await fetch("SELECT FROM postcode_upload") and len(await table()) == 2


async def test_an_upload_that_is_not_there_leads_back(desk: Client) -> None:
    for number in ("999", "9" * 18):
        assert str((await desk.get(f"{PLACE}/uploads/{number}")).url).endswith(PLACE)
        assert (await desk.get(f"{PLACE}/uploads/{number}/problems.csv")).status_code == 404
        assert (await send(desk, f"{PLACE}/uploads/{number}/application", {})).status_code == 303
        assert (await send(desk, f"{PLACE}/uploads/{number}/removal", {})).status_code == 303
