"""The search engine of a process: answers from a snapshot in memory, which is kept up to date between searches."""

import asyncio
import gc
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from app.infra.logs import log
from app.infra.metrics import SEARCH_SECONDS
from app.search import synonyms
from app.search.answering import Result, answer
from app.search.arrivals import Arrivals
from app.search.columns import Bools, Vocabularies
from app.search.index import Index, Parts, Signature, folder
from app.search.query import Query
from app.search.segments import Segment, alive, taken_up
from app.search.snapshot import snapshot_of
from app.search.turns import Steps, at_once, in_turns
from app.search.understanding.wordlist import WordlistKeeper

LOOK_SECONDS = 0.3
REST_SECONDS = 1.0  # after taking up news: while much changes, results are kept at least so long
KEPT_RESULTS = 256
OUTGROWN = 2  # times as many words are known as the index holds: the others were sold once
FEW_WORDS = 100_000  # so many more are no burden: about 2 KB each, for spelling most of all
SWITCH_SECONDS = 0.001  # that a thread of ours may go on while pages wait; Python's own 5 ms are felt

Answer = TypeVar("Answer")


class Engine:
    def __init__(self, root: Path) -> None:
        self.index = Index(root)
        self.known = Vocabularies()
        self.snapshot = at_once(snapshot_of([], [], self.known))
        self.wordlists = WordlistKeeper(self.known, root)
        self._signature: Signature | None = None
        self._segments: dict[tuple[str, str], Segment] = {}
        self._results: OrderedDict[tuple[int, int, synonyms.Synonyms, Query, Arrivals | None], Result] = OrderedDict()
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._refreshing = threading.Lock()
        self._stopped = threading.Event()

    def refresh(self) -> bool:
        """Take up what was committed since; True if there was something. Blocks; searches go on meanwhile."""
        with self._refreshing:
            while (signature := self.index.signature()) and signature != self._signature:
                parts = self.index.parts()
                if parts is None:
                    break
                try:
                    in_turns(self._searching, self._take_up(signature[0], parts))
                except FileNotFoundError:
                    if self.index.signature() == signature:
                        raise
                    continue  # it was merged away since the table of contents was read: there is a newer one
                self._signature = signature
                return True
            return False

    def _take_up(self, generation: str, parts: Parts) -> Steps[None]:
        known, wordlists, before = self.known, self.wordlists, self._segments
        if self._is_outgrown():  # all begins anew, as in a process that starts, while searches go on with what there is
            known, before = Vocabularies(), {}
            wordlists = WordlistKeeper(known, self.index.root)
        segments, living = dict[tuple[str, str], Segment](), list[Bools]()
        for each in parts.segments:
            if each.doc_count_all():
                key = (generation, each.segment_id())
                segments[key] = before.get(key) or (yield from taken_up(parts.storage, each, known))
                living.append(alive(each))
                yield
        snapshot = yield from snapshot_of(list(segments.values()), living, known)
        if known is not self.known:
            yield from wordlists.keep_up(snapshot)
        self.known, self.wordlists, self._segments, self.snapshot = known, wordlists, segments, snapshot
        yield from wordlists.keep_up(snapshot)

    def _is_outgrown(self) -> bool:
        """Whether most of what is known is of products that are not in the index any more."""
        held = sum(len(numbers) for each in self._segments.values() for numbers in each.learnt.numbering.values())
        return sum(map(len, vars(self.known).values())) > OUTGROWN * held + FEW_WORDS

    def watch(self) -> None:
        """Refresh by and by, in a thread, until `close`."""
        threading.Thread(target=self._watch, name="index-watch", daemon=True).start()

    def _watch(self) -> None:
        pause = LOOK_SECONDS
        while not self._stopped.wait(pause):
            pause = REST_SECONDS if self.try_to_refresh() else LOOK_SECONDS

    def try_to_refresh(self) -> bool:
        try:
            with self._refreshing:
                in_turns(self._searching, self.wordlists.keep_up(self.snapshot))  # which rests longer than the index
            return self.refresh()
        except Exception as error:  # noqa: BLE001 - a file was merged away meanwhile; the old snapshot goes on answering
            if not self._stopped.is_set():
                log("search").warning("index not refreshed", error=repr(error))
            return False

    def close(self) -> None:
        self._stopped.set()
        self._searching.shutdown(wait=True, cancel_futures=True)

    async def run(self, question: Callable[[], Answer]) -> Answer:
        """Answer in the engine's own thread, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._searching, question)

    async def search(self, query: Query, arrivals: Arrivals | None = None) -> Result:
        """The page of results that `query` asks for; `by` and the order by arrival need `arrivals`."""
        snapshot, wordlist = self.snapshot, self.wordlists.current
        key = (snapshot.serial, id(wordlist), synonyms.kept(), query, arrivals)
        kept = self._results.get(key)
        if kept is None:
            with SEARCH_SECONDS.time():
                kept = await self.run(lambda: answer(snapshot, wordlist, query, arrivals))
            self._results[key] = kept
            while len(self._results) > KEPT_RESULTS:
                self._results.popitem(last=False)
        return kept

    async def count(self, query: Query, arrivals: Arrivals | None = None) -> tuple[int, bool]:
        """How many products `query` has, and whether they have all of its words."""
        result = await self.search(query, arrivals)
        return result.total, result.every_word


_engine: Engine | None = None


def engine() -> Engine:
    """The engine of this process. It is empty until `start` or its own `refresh`."""
    global _engine
    if _engine is None:
        _engine = Engine(folder())
    return _engine


async def start(*_: object) -> None:
    """Load the index and the synonyms, and keep the index fresh (a start-up hook)."""
    sys.setswitchinterval(SWITCH_SECONDS)
    await asyncio.to_thread(synonyms.current)
    await asyncio.to_thread(engine().try_to_refresh)
    gc.freeze()  # what is there by now stays: looking through it again and again for garbage is felt by pages
    engine().watch()


async def stop(*_: object) -> None:
    global _engine
    if _engine is not None:
        _engine.close()
        _engine = None
