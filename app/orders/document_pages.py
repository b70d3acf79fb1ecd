"""Invoices and credit notes as PDF."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.orders.documents import Facts, credit_notes_of, invoices_of
from app.orders.ownership import order_id_for
from app.web.rendering import WebRequest


@get("/orders/{number:str}/invoice")
async def show_invoice(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    return await _document(await invoices_of(await order_id_for(request, number)), 1)


@get("/orders/{number:str}/credit-notes/{place:int}")
async def show_credit_note(request: WebRequest, number: FromPath[str], place: FromPath[int]) -> Response[Any]:
    """The first, second … of the order."""
    return await _document(await credit_notes_of(await order_id_for(request, number)), place)


async def _document(written: list[Facts], place: int) -> Response[bytes]:
    if not 0 < place <= len(written):
        raise NotFoundException
    facts = written[place - 1]
    body = await asyncio.to_thread(_drawn, facts)
    name = facts.number.replace(" ", "-").replace("/", "-")
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "private, no-cache"}
    return Response(body, media_type="application/pdf", headers=headers)


def _drawn(facts: Facts) -> bytes:
    from app.orders.pdf import pdf_of  # its library takes long to load: no start of a web process waits for it

    return pdf_of(facts)


handlers = [show_invoice, show_credit_note]
