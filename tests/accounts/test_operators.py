"""Who acts for the shop is decided on the machine that it runs on."""

import pytest
from click.testing import CliRunner

from app.accounts.operators import NotPossible, appoint, operators, release
from app.catalog.taxonomy import CATEGORIES
from app.cli.commands import main
from app.cli.failures import CannotContinue
from app.cli.migrating import migrated
from app.infra.database import execute
from tests.accounts.people import EMAIL, Client, person, sign_in
from tests.migrating import database_before
from tests.world import World


async def test_an_account_acts_for_the_shop_at_once_and_until_it_is_released(world: World, client: Client) -> None:
    account = await person()
    await sign_in(client)
    await execute("UPDATE account SET email_confirmed_at = now() WHERE id = $1", account)
    assert (await client.get("/admin")).status_code == 403
    for _ in range(2):
        assert await appoint(f" {EMAIL.upper()} ") == EMAIL
    assert [each.email for each in await operators()] == [EMAIL]
    assert (await client.get("/admin")).status_code == 200
    assert await release(EMAIL) == EMAIL
    assert await operators() == []
    assert (await client.get("/admin")).status_code == 403


async def test_who_cannot_act_for_the_shop_is_told_why(world: World) -> None:
    account = await person()
    await execute("UPDATE account SET email_confirmed_at = NULL WHERE id = $1", account)
    for typed, said in (("nobody@feira.example", "Nobody has signed up"), ("no address", "such as"), (EMAIL, "link")):
        with pytest.raises(NotPossible, match=said):
            await appoint(typed)
    with pytest.raises(NotPossible, match="no operator"):
        await release(EMAIL)
    await execute("UPDATE account SET role = 'supplier', email_confirmed_at = now() WHERE id = $1", account)
    with pytest.raises(NotPossible, match="of their own"):
        await appoint(EMAIL)
    assert await operators() == []


def test_the_first_operator_is_named_by_a_command(environment: None) -> None:
    runner = CliRunner()
    assert "Nobody acts" in runner.invoke(main, ["operators", "list"]).output
    refused = runner.invoke(main, ["operators", "add", "nobody@feira.example"])
    assert isinstance(refused.exception, CannotContinue) and "Sign up in the shop first" in str(refused.exception)


async def test_a_shop_without_the_demo_has_its_categories(environment: None) -> None:
    async with database_before("2026-11-29T01:40:00:000000") as shop:
        for _ in range(2):
            await migrated()
        assert await shop.fetchval("SELECT count(*) FROM category") == len(CATEGORIES)
