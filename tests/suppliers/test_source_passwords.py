"""Passwords for suppliers' own servers: sent there, and to be read nowhere."""

import base64

import pytest
from pydantic import SecretStr

from app.infra.database import fetch
from app.infra.settings import settings
from app.suppliers import pulling, sealing, sources
from tests.accounts.people import Client, sign_in
from tests.infra.stranger import Stranger
from tests.suppliers.sources import only, stated


async def test_name_and_password_are_sent(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"), username="ana", password="sã secret")
    await pulling.pull_due()
    expected = "Basic " + base64.b64encode("ana:sã secret".encode()).decode()
    assert server.asked[0].headers["authorization"] == expected
    assert "sã secret" not in repr(await only(supplier))


async def test_a_password_cannot_be_read_in_the_database(supplier: int, server: Stranger) -> None:
    for path in ("/lamps.csv", "/more.csv"):
        await stated(supplier, server.url(path), username="ana", password="quiet lamps")
    first, second = [row["password"] for row in await fetch("SELECT password FROM feed_source")]
    assert "quiet" not in first + second
    assert first != second
    assert sealing.unseal(first) == "quiet lamps"


async def test_a_password_that_was_sealed_with_another_key_is_a_failure_that_says_what_to_do(
    supplier: int, server: Stranger, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stated(supplier, server.url("/lamps.csv"), username="ana", password="quiet lamps")
    with monkeypatch.context() as patch:
        patch.setattr(settings(), "secret_key", SecretStr("another"))
        assert await pulling.pull_due() == 1
    assert server.asked == []
    await sign_in(client)
    assert pulling.SEALED in (await client.get("/supplier/sources")).text
    source = await only(supplier)
    assert (source.state, source.leased_until) == ("active", None)
    assert await sources.fetch_now(source.id, supplier)
    await pulling.pull_due()
    assert (await only(supplier)).failure == ""


def test_the_longest_password_that_may_be_typed_comes_back_as_it_was() -> None:
    longest = "🔑" * 200
    assert sealing.unseal(sealing.seal(longest)) == longest
    assert sealing.seal("") == "" == sealing.unseal("")
    for damaged in ("x", "quiet lamps", sealing.seal("a")[:-4], "ñ"):
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal(damaged)
