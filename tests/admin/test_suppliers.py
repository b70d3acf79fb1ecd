"""Operators decide on suppliers: by stated moves, one at a time, with a history; and find them again."""

import asyncio
import json
from typing import Any

import pytest

from app.accounts.suppliers import MOVES, DecidedBefore, SupplierNotApproved, decide, may_send
from app.accounts.tables import SupplierState
from app.admin import supplier_list
from app.catalog import navigation
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from tests.accounts.people import Client, person, sign_in
from tests.suppliers.line import as_csv, row
from tests.suppliers.test_applying import FORM
from tests.world import World

OPERATOR = "rui@example.pt"


@pytest.fixture
async def applicant(world: World, client: Client) -> int:
    """A business that has applied; an operator is signed in."""
    navigation.forget()
    assert (await client.post("/sell/application", data=FORM)).status_code == 200
    await person(OPERATOR, "operator")
    await sign_in(client, email=OPERATOR)
    found = await fetch_one("SELECT id FROM supplier WHERE state = 'applied'")
    assert found
    return int(found["id"])


async def send(client: Client, supplier: int, seen: str, to: str, note: str = "") -> Any:
    form = {"from": seen, "to": to, "note": note}
    return await client.post(f"/admin/suppliers/{supplier}/decisions", data=form, follow_redirects=False)


async def state_of(supplier: int) -> str:
    found = await fetch_one("SELECT state FROM supplier WHERE id = $1", supplier)
    assert found
    return str(found["state"])


async def test_an_approved_supplier_sends_feeds(client: Client, applicant: int) -> None:
    answer = await send(client, applicant, "applied", "approved")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/suppliers/{applicant}")
    assert "Loja da Ana may send feeds now" in (await client.get(f"/admin/suppliers/{applicant}")).text
    await may_send(applicant)
    client.cookies.clear()
    await sign_in(client, email="loja@example.pt")
    upload = await client.post("/supplier/feeds", files={"file": ("a.csv", as_csv([row("A")]))}, follow_redirects=False)
    assert upload.status_code == 303


async def test_a_declined_business_reads_the_reason_when_it_signs_in(client: Client, applicant: int) -> None:
    assert (await send(client, applicant, "applied", "declined", "We do not sell <tyres>.")).status_code == 303
    client.cookies.clear()
    await sign_in(client, email="loja@example.pt")
    text = (await client.get("/supplier/feeds")).text
    assert "Your application was declined" in text and "We do not sell &lt;tyres&gt;." in text
    with pytest.raises(SupplierNotApproved, match="The reason: We do not sell") as refused:
        await may_send(applicant)
    assert refused.value.state == "declined"


@pytest.mark.parametrize(("seen", "to"), [("applied", "declined"), ("approved", "suspended")])
async def test_a_refusal_needs_a_reason(client: Client, applicant: int, seen: str, to: str) -> None:
    await execute("UPDATE supplier SET state = $2 WHERE id = $1", applicant, seen)
    answer = await send(client, applicant, seen, to, "  ")
    assert answer.status_code == 422
    assert "Say why" in answer.text and "<title>Error:" in answer.text
    assert await state_of(applicant) == seen


@pytest.mark.parametrize("seen", list(SupplierState))
@pytest.mark.parametrize("to", list(SupplierState))
async def test_a_supplier_moves_only_as_the_table_of_moves_says(
    client: Client, applicant: int, seen: SupplierState, to: SupplierState
) -> None:
    await execute("UPDATE supplier SET state = $2 WHERE id = $1", applicant, seen)
    answer = await send(client, applicant, seen, to, "Because.")
    allowed = to in MOVES[seen]
    assert answer.status_code == (303 if allowed else 422)
    assert await state_of(applicant) == (to if allowed else seen)


@pytest.mark.parametrize(
    "form", [{}, {"from": "applied"}, {"from": "applied", "to": "king"}, {"from": "'", "to": "approved"}]
)
async def test_a_form_that_decides_nothing_says_so(client: Client, applicant: int, form: dict[str, str]) -> None:
    answer = await client.post(f"/admin/suppliers/{applicant}/decisions", data=form)
    assert answer.status_code == 422
    assert "Choose what to do" in answer.text
    assert await state_of(applicant) == "applied"


async def test_a_note_that_is_too_long_is_kept_for_mending(client: Client, applicant: int) -> None:
    answer = await send(client, applicant, "applied", "declined", "n" * 1001)
    assert answer.status_code == 422
    assert "Use at most 1000 characters" in answer.text and "n" * 1001 in answer.text


async def test_the_second_of_two_operators_is_told_who_was_first(client: Client, applicant: int) -> None:
    other = await person("eva@example.pt", "operator")
    await execute("UPDATE account SET name = 'Eva' WHERE id = $1", other)
    await decide(applicant, other, SupplierState.APPLIED, SupplierState.APPROVED, "")
    answer = await send(client, applicant, "applied", "declined", "We have enough lamps.")
    assert answer.status_code == 409
    assert "Eva has approved this supplier" in answer.text
    assert "We have enough lamps." in answer.text and 'name="from" value="approved"' in answer.text
    assert await state_of(applicant) == "approved"


async def test_of_many_decisions_at_once_one_is_taken(applicant: int) -> None:
    operators = [await person(f"o{number}@example.pt", "operator") for number in range(6)]

    async def attempt(account: int, to: SupplierState) -> bool:
        try:
            await decide(applicant, account, SupplierState.APPLIED, to, "Because.")
        except DecidedBefore:
            return False
        return True

    choices = [SupplierState.APPROVED, SupplierState.DECLINED] * 3
    taken = await asyncio.gather(*(attempt(who, to) for who, to in zip(operators, choices, strict=True)))
    assert sum(taken) == 1
    (decision,) = await fetch("SELECT * FROM supplier_decision")
    assert decision["to_state"] == choices[taken.index(True)] == await state_of(applicant)


async def test_a_second_click_decides_nothing_new(client: Client, applicant: int) -> None:
    for _ in range(2):
        assert (await send(client, applicant, "applied", "approved")).status_code == 303
    assert len(await fetch("SELECT FROM supplier_decision")) == 1


async def test_every_decision_is_kept_and_told(client: Client, applicant: int) -> None:
    for seen, to, note in (
        ("applied", "approved", ""),
        ("approved", "suspended", "Parcels are late."),
        ("suspended", "approved", ""),
    ):
        assert (await send(client, applicant, seen, to, note)).status_code == 303
    text = (await client.get(f"/admin/suppliers/{applicant}")).text
    assert "Parcels are late." in text and text.count("by Ana") == 3
    events = await fetch("SELECT payload FROM outbox WHERE topic = 'suppliers' ORDER BY id")
    told = [json.loads(event["payload"])["state"] for event in events]
    assert told == ["applied", "approved", "suspended", "approved"]


async def test_a_suspended_supplier_sends_no_feeds(client: Client, world: World) -> None:
    supplier = await world.supplier()
    await person("ana@example.pt", "supplier", supplier)
    operator = await person(OPERATOR, "operator")
    await decide(supplier, operator, SupplierState.APPROVED, SupplierState.SUSPENDED, "Parcels are late.")
    await sign_in(client)
    answer = await client.post("/supplier/feeds", files={"file": ("a.csv", as_csv([row("A")]))})
    assert answer.status_code == 403
    assert "Parcels are late." in answer.text


async def test_an_operator_sees_what_the_business_said_and_who_is_like_it(client: Client, applicant: int) -> None:
    await client.post("/sign-out")
    again = {**FORM, "email": "twin@example.pt", "name": "LOJA DA ANA", "legal_name": "<b>Twin</b>"}
    await client.post("/sell/application", data=again)
    await sign_in(client, email=OPERATOR)
    text = (await client.get(f"/admin/suppliers/{applicant}")).text
    for said in ("Ana Lopes, Lda.", "PT 501442600", "Lighting", "+351 210 000 000", "with the same VAT number"):
        assert said in text
    twin = await fetch_one("SELECT max(id) AS id FROM supplier")
    assert twin and "&lt;b&gt;Twin" in (await client.get(f"/admin/suppliers/{twin['id']}")).text


async def test_suppliers_are_found_by_state_and_by_words(client: Client, applicant: int, world: World) -> None:
    await world.supplier("Casa Pratas")
    await world.supplier("100% Lamps")

    async def names(query: str) -> set[str]:
        text = (await client.get(f"/admin/suppliers{query}")).text
        return {name for name in ("Loja da Ana", "Casa Pratas", "100% Lamps") if f">{name}</a>" in text}

    assert await names("") == {"Loja da Ana", "Casa Pratas", "100% Lamps"}
    assert await names("?state=applied") == {"Loja da Ana"}
    assert await names("?words=pratas") == {"Casa Pratas"}
    assert await names("?words=501442600") == await names("?words=LOJA@example") == {"Loja da Ana"}
    assert await names("?words=%25") == await names("?words=0%25") == {"100% Lamps"}
    assert await names("?words=_") == await names("?words=%5C") == set()
    for odd in (
        "?state=x",
        "?before=-1",
        "?before=%C2%B2",
        "?before=" + "9" * 30,
        "?words=" + "x" * 3000,
        "?words=%00",
    ):
        assert (await client.get(f"/admin/suppliers{odd}")).status_code == 200


async def test_pages_of_suppliers_are_whole_and_do_not_overlap(db: None) -> None:
    await execute(
        """INSERT INTO supplier (slug, name, place, about, state, created_at)
           SELECT 's' || n, 'S' || n, '', '', 'approved', $1 FROM generate_series(1, 60) n""",
        now(),
    )
    seen: list[int] = []
    before = -1
    while before:
        found = await supplier_list.suppliers(before=max(before, 0))
        seen += [supplier.id for supplier in found.suppliers]
        before = found.older
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 60


async def test_the_overview_counts_what_waits(client: Client, applicant: int, world: World) -> None:
    await execute(
        """INSERT INTO feed (supplier, filename, path, content_hash, size, mode, format, state, failure, received,
                             rejected, warned, batches, created_at, finished_at)
           SELECT $1, 'a.csv', '', ''::bytea, 0, 'full', '', 'failed', '', 0, 0, 0, 0, $2::timestamptz,
                  $2::timestamptz - days
           FROM unnest(ARRAY[interval '1 hour', interval '2 days']) AS days""",
        await world.supplier(),
        now(),
    )
    text = (await client.get("/admin")).text
    assert 'href="/admin/suppliers?state=applied">1</a>' in text
    assert "<dt>Failed feeds</dt><dd><b>1</b>" in text and "<dt>Dead letters</dt><dd><b>0</b>" in text


@pytest.mark.parametrize("path", ["/admin/suppliers/99999", f"/admin/suppliers/{10**30}"])
async def test_a_supplier_that_is_not_there_is_not_found(client: Client, applicant: int, path: str) -> None:
    assert (await client.get(path)).status_code == 404
    form = {"from": "applied", "to": "approved"}
    assert (await client.post(f"{path}/decisions", data=form)).status_code == 404
