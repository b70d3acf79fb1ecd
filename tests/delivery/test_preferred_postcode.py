"""The postcode goes with the account: a browser that knows none learns it at sign-in, and its changes are kept."""

from app.delivery import address_book
from app.delivery.addresses import PostalAddress
from app.delivery.places import COOKIE
from app.infra.database import execute, fetch_one
from tests.accounts.people import EMAIL, PASSWORD, Client, person, sign_in


async def kept() -> str:
    row = await fetch_one("SELECT postcode FROM account WHERE email = $1", EMAIL)
    assert row
    return str(row["postcode"])


async def test_a_change_is_kept_with_the_account_and_met_on_the_next_device(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/delivery/postcode", data={"postcode": "1200109"})
    assert await kept() == "1200-109"
    client.cookies.clear()
    await sign_in(client)
    assert client.cookies[COOKIE] == "1200-109"
    assert "1200-109" in (await client.get("/account")).text


async def test_what_the_browser_knows_counts_more_than_what_was_kept(client: Client) -> None:
    await person()
    await execute("UPDATE account SET postcode = '1200-109'")
    await client.post("/delivery/postcode", data={"postcode": "4000"})
    await sign_in(client)
    assert (client.cookies[COOKIE], await kept()) == ("4000", "4000")


async def test_signing_up_takes_it_along(client: Client) -> None:
    await client.post("/delivery/postcode", data={"postcode": "1200109"})
    await client.post("/sign-up", data={"name": "Ana", "email": EMAIL, "password": PASSWORD})
    assert await kept() == "1200-109"


async def test_a_postcode_that_is_none_is_not_kept(client: Client) -> None:
    await person()
    client.cookies.set(COOKIE, "<b>", domain="feira.test")
    assert (await sign_in(client)).status_code == 303
    assert await kept() == ""


async def test_a_postcode_where_nobody_delivers_any_more_does_no_harm(client: Client) -> None:
    await person()
    await execute("UPDATE account SET postcode = '9500-321'")
    assert (await sign_in(client)).status_code == 303
    assert client.cookies[COOKIE] == "9500-321"


async def test_the_first_address_tells_where_things_go_and_later_ones_change_nothing(client: Client) -> None:
    await person()
    await sign_in(client)
    for postcode in ("1200-109", "4000-001"):
        address = {"name": "Ana", "line1": "Rua 1", "postcode": postcode}
        assert (await client.post("/account/addresses", data=address)).status_code == 200
    assert (client.cookies[COOKIE], await kept()) == ("1200-109", "1200-109")


async def test_an_address_counts_more_than_a_postcode_that_nobody_drives_to(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/delivery/postcode", data={"postcode": "9500-321"})
    assert (client.cookies[COOKIE], await kept()) == ("9500-321", "9500-321")
    await client.post("/account/addresses", data={"name": "Ana", "line1": "Rua 1", "postcode": "1200-109"})
    assert (client.cookies[COOKIE], await kept()) == ("1200-109", "1200-109")


async def test_who_signs_in_without_one_is_shown_dates_for_the_usual_address(client: Client) -> None:
    account = await person()
    await address_book.add(account, PostalAddress("Ana", "", "Rua 1", "", "1200-109", "Lisboa"))
    await sign_in(client)
    assert client.cookies[COOKIE] == "1200-109"


async def test_signing_out_leaves_no_postcode_for_who_signs_in_next_at_this_browser(client: Client) -> None:
    await person()
    await person("rui@example.pt")
    await execute("UPDATE account SET postcode = '1200-109' WHERE email = 'rui@example.pt'")
    await sign_in(client)
    await client.post("/delivery/postcode", data={"postcode": "4000"})
    await client.post("/sign-out")
    assert COOKIE not in client.cookies
    await sign_in(client, email="rui@example.pt")
    assert client.cookies[COOKIE] == "1200-109"
    row = await fetch_one("SELECT postcode FROM account WHERE email = 'rui@example.pt'")
    assert row and row["postcode"] == "1200-109"
    assert await kept() == "4000"
