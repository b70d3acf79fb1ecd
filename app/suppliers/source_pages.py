"""The supplier's page of addresses that we fetch feeds from."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.sessions import Viewer
from app.suppliers import source_leases, sources
from app.suppliers.access import own_desk
from app.suppliers.sources import KnownSource, SourceForm, TooManySources
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

ADDRESS = "/supplier/sources"
KNOWN = "We fetch from this address already. Delete it first to state it anew"
TOO_MANY = f"We fetch from at most {sources.MOST} addresses. Delete one of them first"


@get(ADDRESS)
async def show_sources(request: WebRequest) -> Response[str]:
    viewer, supplier = await own_desk(request)
    return await _sources(request, viewer, supplier, {"every": "24", "mode": "full"})


@post(ADDRESS, status_code=303)
async def state_source(request: WebRequest) -> Response[Any]:
    viewer, supplier = await own_desk(request)
    values = await forms.read(request)
    try:
        await sources.state(supplier, viewer.id, forms.checked(SourceForm, values))
    except forms.Invalid as invalid:
        return await _sources(request, viewer, supplier, values, invalid.errors)
    except KnownSource:
        return await _sources(request, viewer, supplier, values, {"url": KNOWN})
    except TooManySources:
        return await _sources(request, viewer, supplier, values, {"": TOO_MANY})
    flash(request, "good", "The address is noted. We fetch from it for the first time now.")
    return Redirect(ADDRESS, status_code=303)


@post(ADDRESS + "/{source_id:int}/fetch", status_code=303)
async def fetch_source(request: WebRequest, source_id: FromPath[int]) -> Redirect:
    _, supplier = await own_desk(request)
    return _back(await sources.fetch_now(_id(source_id), supplier))


@post(ADDRESS + "/{source_id:int}/pause", status_code=303)
async def pause_source(request: WebRequest, source_id: FromPath[int]) -> Redirect:
    _, supplier = await own_desk(request)
    return _back(await sources.pause(_id(source_id), supplier))


@post(ADDRESS + "/{source_id:int}/deletion", status_code=303)
async def delete_source(request: WebRequest, source_id: FromPath[int]) -> Redirect:
    _, supplier = await own_desk(request)
    answer = _back(await sources.forget(_id(source_id), supplier))
    flash(request, "good", "The address is deleted. What came from it stays on sale.")
    return answer


def _id(source_id: int) -> int:
    return min(source_id, 2**63 - 1)


def _back(found: bool) -> Redirect:
    """Another supplier's address is not found, as if there were none."""
    if not found:
        raise NotFoundException
    return Redirect(ADDRESS, status_code=303)


async def _sources(
    request: WebRequest, viewer: Viewer, supplier: int, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[str]:
    return await page(
        request,
        "suppliers/sources.html",
        fragment="suppliers/_sources.html",
        status=422 if errors else 200,
        viewer=viewer,
        sources=await sources.of_supplier(supplier),
        failures=source_leases.FAILURES,
        values=values,
        errors=errors or {},
    )


handlers = [show_sources, state_source, fetch_source, pause_source, delete_source]
