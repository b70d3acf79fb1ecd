"""Fetching feeds from their suppliers' addresses when they are due; nothing is downloaded inside a transaction."""

import asyncio
import base64
import errno
import time
from typing import Any

from app.infra.clock import now
from app.infra.logs import log
from app.infra.outward import Answer, OutwardFailed, OutwardRefused, download
from app.infra.settings import settings
from app.suppliers import feeds, receiving, source_leases
from app.suppliers.arriving import Arrival
from app.suppliers.judging import context_of
from app.suppliers.sealing import CannotUnseal, unseal
from app.suppliers.sources import file_name

RENEW_SECONDS = 20.0
DOWNLOAD_SECONDS = 1_800.0
ROUND_SECONDS = 60.0  # in which one job goes on taking sources; the next job takes the rest

SEALED = "We cannot read its password any more. Delete this address and state it again, with the password."

_SENTENCES = {
    401: "The server asks for a user name and password, or does not take these.",
    403: "The server does not let us have this file.",
    404: "There is nothing at this address.",
    410: "There is nothing at this address any more.",
}


class _LeaseLost(Exception):
    """Somebody has paused, deleted or taken over the source."""


async def pull_due() -> int:
    """Fetch sources that are due, one after another; returns how many were tried."""
    started, tried = time.monotonic(), 0
    while time.monotonic() - started < ROUND_SECONDS and (source := await source_leases.claim()):
        tried += 1
        await _pull(source)
    return tried


async def _pull(source: Any) -> None:
    context = await context_of({"supplier": source["supplier"], "created_at": now()})
    if await feeds.is_of_its_time(source["supplier"], context.fingerprint):
        source = {**source, "afresh": True}  # the same file may be other offers by now
    try:
        await _fetch(source)
    except _LeaseLost:
        log("pulling").info("source taken away while it was fetched", source=source["id"])
    except CannotUnseal:
        await source_leases.end_failed(source, SEALED, may_pass=False)
    except OutwardRefused as refused:
        await source_leases.end_failed(source, refused.reason, may_pass=isinstance(refused, OutwardFailed))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        await source_leases.end_failed(source, "We have no room for this file just now.", may_pass=True, ours=True)


async def _fetch(source: Any) -> None:
    """Download the file and take it over as a feed, unless it is the one we had.

    Raises:
        OutwardRefused: nothing that can be taken came.
        CannotUnseal: we cannot read its password any more.
        OSError: it cannot be stored.
        _LeaseLost: the source is no longer ours.
    """
    with Arrival() as arrival:
        answer = await _downloaded(source, arrival)
        await _hold(source)
        marks = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        if answer.status not in (200, 304) or (answer.status == 304 and source["afresh"]):
            raise _unusable(answer.status)
        if answer.status == 200 and not arrival.size:
            raise OutwardFailed("The file is empty.")
        if answer.status == 304 or (arrival.digest == source["content_hash"] and not source["afresh"]):
            return await source_leases.end_unchanged(source, *marks)
        name = file_name(answer.url)
        sender, mode = source["account"], source["mode"]
        feed = await receiving.receive(source["supplier"], name, arrival, account_id=sender, mode=mode)
        await source_leases.end_received(source, feed, arrival.digest, *marks)


async def _downloaded(source: Any, arrival: Arrival) -> Answer:
    """The answer, with its body in `arrival`; the lease is renewed meanwhile."""
    most, headers = settings().feed_max_bytes, _headers(source)
    work = asyncio.create_task(
        download(source["url"], arrival.write, max_bytes=most, seconds=DOWNLOAD_SECONDS, headers=headers)
    )
    try:
        while not (await asyncio.wait({work}, timeout=RENEW_SECONDS))[0]:
            await _hold(source)
        return await work
    finally:
        work.cancel()
        await asyncio.wait({work})


async def _hold(source: Any) -> None:
    if not await source_leases.renew(source):
        raise _LeaseLost


def _headers(source: Any) -> dict[str, str]:
    headers = {}
    if not source["afresh"]:
        asked = {"if-none-match": source["etag"], "if-modified-since": source["last_modified"]}
        headers = {name: mark for name, mark in asked.items() if mark}
    if source["username"] or source["password"]:
        pair = f"{source['username']}:{unseal(source['password'])}".encode()
        headers["authorization"] = "Basic " + base64.b64encode(pair).decode()
    return headers


def _unusable(status: int) -> OutwardRefused:
    reason = _SENTENCES.get(status, f"The server answers with status {status} instead of the file.")
    may_pass = status >= 500 or status in (408, 425, 429)
    return OutwardFailed(reason) if may_pass else OutwardRefused(reason)
