"""Inside a part of the shop that the drill has started: wait at the named points, and kill there what the drill wants.

The drill writes into a folder (FEIRA_STRIKES) what is to be killed at which point; whoever comes to such a point takes
that away, so that it happens once, notes it, and kills.
"""

import contextlib
import functools
import json
import os
import signal
import sys
from collections import Counter
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psutil

from bench import points

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "FEIRA_STRIKES"
PIDS, STRUCK, FAULTS = "pids.json", "struck.jsonl", "faults.txt"
HAPPENS = "app.payments.sandbox_faults:happens"

_called: ContextVar[frozenset[str]] = ContextVar("called", default=frozenset())  # in the running transaction


class Order(msgspec.Struct, frozen=True):
    """Kill `victim` when `point` is reached for the `times`-th time."""

    point: str
    victim: str
    times: int


def orders_file(folder: Path, part: str) -> Path:
    return folder / f"{part}.json"


class Striker:
    def __init__(self, part: str, folder: Path) -> None:
        self._part, self._folder, self._orders = part, folder, orders_file(folder, part)
        self._times: Counter[Order] = Counter()

    def reached(self, moment: str, what: str) -> None:
        """The process may end here."""
        try:
            orders = msgspec.json.decode(self._orders.read_bytes(), type=list[Order])
        except FileNotFoundError:
            return
        point = f"{self._part}: {moment} {what}"
        for order in orders:
            if order.point == point:
                self._times[order] += 1
                if self._times[order] >= order.times:
                    self._strike(order)

    def _strike(self, order: Order) -> None:
        victims = [psutil.Process()] if order.victim == "itself" else self._tree(order.victim)
        try:
            self._orders.unlink()
        except FileNotFoundError:
            return  # another process was faster
        if not victims:
            return  # it is dead just now
        self._times.clear()
        with (self._folder / STRUCK).open("a") as notes:
            notes.write(json.dumps([order.point, order.victim]) + "\n")
        for victim in victims:
            with contextlib.suppress(psutil.Error):
                victim.send_signal(signal.SIGKILL)

    def _tree(self, name: str) -> list[psutil.Process]:
        pid, created = json.loads((self._folder / PIDS).read_bytes())[name]
        try:
            process = psutil.Process(pid)
            if process.create_time() != created or process.status() == psutil.STATUS_ZOMBIE:
                return []
            return [*process.children(recursive=True), process]
        except psutil.Error:
            return []

    def note_fault(self, name: str) -> None:
        with (self._folder / FAULTS).open("a") as notes:
            notes.write(f"{name}\n")


def watched(part: str) -> Striker:
    """Let this process, in which the part's modules are imported already, wait at its points.

    Raises:
        SystemExit: a point is not there any more.
    """
    if wrong := points.missing():
        sys.exit(f"points of the drill: {'; '.join(wrong)}")
    striker = Striker(part, Path(os.environ[FOLDER]))
    mine = [point for point in points.POINTS if point.part == part]
    for target in sorted({point.of for point in mine if point.of}):
        _replace(target, _remembered(target))
    _replace(points.BEGIN, _forgetting)
    _replace(points.COMMIT, _commit(striker, [point for point in mine if point.target == points.COMMIT]))
    for point in mine:
        if point.target and point.target != points.COMMIT:
            _replace(point.target, _around(striker, point.what))
    _replace(HAPPENS, _noting(striker))
    return striker


def answering(striker: Striker, app: "ASGIApp") -> "ASGIApp":
    """The application, waiting before and after good answers, too."""
    paths = {point.path: point.what for point in points.POINTS if point.path}

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        what = paths.get(scope.get("path", "")) if scope.get("method") == "POST" else None
        if what is None:
            return await app(scope, receive, send)
        good = False

        async def told(message: "Message") -> None:
            nonlocal good
            if message["type"] == "http.response.start":
                good = message["status"] < 400
                if good:
                    striker.reached("before", what)
            await send(message)
            if good and message["type"] == "http.response.body" and not message["more_body"]:
                striker.reached("after", what)

        await app(scope, receive, told)

    return answer


def _replace(target: str, wrap: Any) -> None:
    """Wherever the function is known by a name: modules import it by name from each other."""
    owner, name, function = points.find(target)
    wrapped = functools.wraps(function)(wrap(function))
    setattr(owner, name, wrapped)
    ours = [module for path, module in sys.modules.items() if path.partition(".")[0] in ("app", "workers")]
    for module in ours:
        for known, value in list(vars(module).items()):
            if value is function:
                setattr(module, known, wrapped)


def _around(striker: Striker, what: str) -> Any:
    def wrap(function: Any) -> Any:
        async def call(*args: Any, **named: Any) -> Any:
            striker.reached("before", what)
            answer = await function(*args, **named)
            striker.reached("after", what)
            return answer

        return call

    return wrap


def _commit(striker: Striker, commits: list[points.Point]) -> Any:
    def wrap(function: Any) -> Any:
        async def commit(*args: Any) -> None:
            mine = [point.what for point in commits if point.of in _called.get()]
            for what in mine:
                striker.reached("before", what)
            await function(*args)
            for what in mine:
                striker.reached("after", what)

        return commit

    return wrap


def _remembered(target: str) -> Any:
    def wrap(function: Any) -> Any:
        async def call(*args: Any, **named: Any) -> Any:
            _called.set(_called.get() | {target})
            return await function(*args, **named)

        return call

    return wrap


def _forgetting(function: Any) -> Any:
    async def begin(*args: Any) -> None:
        _called.set(frozenset())
        await function(*args)

    return begin


def _noting(striker: Striker) -> Any:
    def wrap(function: Any) -> Any:
        async def happens(name: str) -> bool:
            struck = bool(await function(name))
            if struck:
                striker.note_fault(name)
            return struck

        return happens

    return wrap
