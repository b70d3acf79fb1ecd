"""Forms say beside each field what to do, and keep what was typed."""

import html

import httpx
import pytest
from litestar._parsers import parse_url_encoded_form_data
from pydantic import BaseModel, Field, field_validator

from app.web.forms import Invalid, checked, clean


class Address(BaseModel):
    name: str = Field(max_length=10, description="Enter your name")
    postcode: str = Field(description="Enter your postcode")
    phone: str = ""

    @field_validator("postcode")
    @classmethod
    def _known(cls, text: str) -> str:
        if text != "1200-109":
            raise ValueError("A postcode looks like 1200-109")
        return text


def test_a_good_form_becomes_its_model() -> None:
    assert checked(Address, {"name": "Marta", "postcode": "1200-109", "phone": ""}).name == "Marta"


def test_every_wrong_field_has_its_sentence_and_keeps_its_value() -> None:
    with pytest.raises(Invalid) as caught:
        checked(Address, {"name": "", "postcode": "12"})
    assert caught.value.errors == {"name": "Enter your name", "postcode": "A postcode looks like 1200-109"}
    assert caught.value.values["postcode"] == "12"


def test_a_long_value_says_how_long_it_may_be() -> None:
    with pytest.raises(Invalid) as caught:
        checked(Address, {"name": "M" * 11, "postcode": "1200-109"})
    assert caught.value.errors == {"name": "Use at most 10 characters"}


def test_control_characters_are_dropped() -> None:
    assert clean(" Mar\x00ta\x1b ") == "Marta"


async def test_letters_arrive_as_they_were_typed_however_they_are_packed(client: httpx.AsyncClient) -> None:
    typed = "<José> 🐟"
    for packed in ({"data": {"postcode": typed}}, {"files": {"postcode": (None, typed)}}):
        answer = await client.post("/delivery/postcode", **packed)
        assert answer.status_code == 422
        assert html.escape(typed) in answer.text


MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    "body",
    [
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=klingon\r\n\r\n'
        b"a\r\n--x--\r\n",
        *(
            b'--x\r\nContent-Disposition: form-data; name="since"\r\nContent-Type: text/plain; charset=%b\r\n\r\n'
            b"%b\r\n--x--\r\n" % half
            for half in ((b"utf-7", b"+2AA-"), (b"unicode_escape", b"\\ud800"))
        ),
    ],
)
async def test_a_form_that_no_browser_sends_is_a_page_with_words(client: httpx.AsyncClient, body: bytes) -> None:
    for address in ("/sign-in", "/cart/lines", "/delivery/postcode", "/orders"):
        answer = await client.post(address, content=body, headers=MULTIPART)
        assert answer.status_code == 400
        assert "send it again" in answer.text


async def test_a_form_with_thousands_of_fields_is_refused(client: httpx.AsyncClient) -> None:
    body = "&".join(f"f{number}=1" for number in range(5000))
    answer = await client.post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400


async def test_nothing_of_a_form_is_remembered_in_memory(client: httpx.AsyncClient) -> None:
    before = parse_url_encoded_form_data.cache_info().currsize
    await client.post("/sign-in", data={"email": "ana@example.pt", "password": "figs and late trams"})
    assert parse_url_encoded_form_data.cache_info().currsize == before
