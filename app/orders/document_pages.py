"""Invoices and credit notes as PDF."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.infra.database import fetch
from app.orders.documents import Facts, decode
from app.orders.ownership import order_id_for
from app.orders.pdf import pdf_of
from app.web.rendering import WebRequest


@get("/orders/{number:str}/invoice")
async def show_invoice(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    order_id = await order_id_for(request, number)
    rows = await fetch('SELECT facts::text AS facts FROM invoice WHERE "order" = $1', order_id)
    return await _document(rows, 1)


@get("/orders/{number:str}/credit-notes/{place:int}")
async def show_credit_note(request: WebRequest, number: FromPath[str], place: FromPath[int]) -> Response[Any]:
    """The first, second … of the order."""
    order_id = await order_id_for(request, number)
    rows = await fetch('SELECT facts::text AS facts FROM credit_note WHERE "order" = $1 ORDER BY id', order_id)
    return await _document(rows, place)


async def _document(rows: list[Any], place: int) -> Response[bytes]:
    if not 0 < place <= len(rows):
        raise NotFoundException
    facts: Facts = decode(rows[place - 1]["facts"])
    body = await asyncio.to_thread(pdf_of, facts)
    name = facts.number.replace(" ", "-").replace("/", "-")
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "private, no-cache"}
    return Response(body, media_type="application/pdf", headers=headers)


handlers = [show_invoice, show_credit_note]
