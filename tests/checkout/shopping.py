"""A shopper with a browser without JavaScript."""

import html
import re

import httpx

from tests.world import Goods

ADDRESS = {
    "email": "marta@feira.example",
    "name": "Marta Fonseca",
    "line1": "Rua da Boavista 84",
    "line2": "2.º Esq.",
    "postcode": "1200109",
    "place": "",
    "phone": "",
}


async def fill_cart(client: httpx.AsyncClient, *goods: Goods, quantity: int = 1) -> None:
    for each in goods:
        await client.post("/cart/lines", data={"offer": str(each.offer), "quantity": str(quantity)})


async def to_payment(client: httpx.AsyncClient) -> httpx.Response:
    """Give the address, take delivery as offered; the payment step."""
    return await take_delivery(client, await client.post("/checkout/address", data=ADDRESS))


async def take_delivery(client: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """Take delivery as offered, if that is asked about; the payment step."""
    ways = chosen(answer)
    return await client.post("/checkout/delivery", data=ways) if ways else answer


def chosen(answer: httpx.Response) -> dict[str, str]:
    """The radio buttons that are chosen."""
    found = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', answer.text)
    return dict(found)


def hidden(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: html.unescape(value) for name, value in found}


def words(answer: httpx.Response) -> str:
    """What stands on the page, without its markup."""
    text = re.sub(r"<(head|svg|script)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


async def pay(client: httpx.AsyncClient, bank_page: httpx.Response, card: str) -> httpx.Response:
    """Fill in the provider's page; where that leads to."""
    return await client.post(bank_page.url.path, data={"number": card, "expiry": "12/39", "cvc": "123"})
