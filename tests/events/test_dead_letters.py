"""What a consumer gives up on is kept, seen, and sent again once its cause is gone; others do not notice."""

import pytest

from app.events import consumers, dead_letters
from app.events.consumers import Consumer
from app.events.event import Event
from app.events.outbox import first_time, publish
from app.infra.database import execute, fetch, transaction
from tests.events.flowing import flowing, taken_by, until
from tests.world import World


class Counting:
    """A consumer that takes numbers, except those that it cannot take at the moment."""

    def __init__(self, name: str = "counting", topic: str = "numbers") -> None:
        self.name, self.topic = name, topic
        self.taken: list[int] = []
        self.poison: set[int] = set()

    async def handle(self, events: list[Event]) -> None:
        before = list(self.taken)
        try:
            async with transaction():
                for event in events:
                    await self._count(event)
        except ValueError:
            self.taken = before
            raise

    async def _count(self, event: Event) -> None:
        number = event.payload["n"]
        if number in self.poison:
            raise ValueError(f"cannot count to {number}")
        if await first_time(self.name, event.event_id):
            self.taken.append(number)

    def consumer(self, batch: int = 1) -> Consumer:
        return Consumer(self.name, self.topic, self.handle, batch)


@pytest.fixture
def counting(world: World, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setattr(consumers, "TRIES", 2)
    return Counting()


async def send(*numbers: int, topic: str = "numbers") -> None:
    async with transaction():
        for number in numbers:
            await publish(topic, "key", {"n": number})


async def all_taken(*those: Counting) -> None:
    every = [each.consumer() for each in those]
    async with flowing(*every):
        await until(lambda: taken_by(*every))


def numbers(letters: list[dead_letters.Letter]) -> list[int]:
    return [letter.payload["n"] for letter in letters]


async def test_poison_is_given_up_after_its_tries_and_the_others_go_on(counting: Counting) -> None:
    counting.poison = {13}
    await send(*range(10, 20))
    consumer = counting.consumer(batch=10)
    async with flowing(consumer):
        await until(lambda: taken_by(consumer))
    assert sorted(counting.taken) == [10, 11, 12, 14, 15, 16, 17, 18, 19]
    [letter] = await dead_letters.letters()
    assert (letter.state, letter.consumer, letter.attempts) == ("waiting", "counting", 2)
    assert "cannot count to 13" in letter.reason
    assert await dead_letters.waiting() == {("counting", "numbers"): 1}


async def test_after_the_cause_is_gone_a_letter_s_event_takes_effect_once(counting: Counting) -> None:
    counting.poison = {2}
    await send(1, 2, 3)
    await all_taken(counting)
    [letter] = await dead_letters.letters()
    counting.poison = set()
    assert await dead_letters.replay([letter.id]) == 1
    assert await dead_letters.replay([letter.id]) == 0
    await all_taken(counting)
    assert sorted(counting.taken) == [1, 2, 3]
    assert await dead_letters.letters() == []
    assert [each.state for each in await dead_letters.letters(settled=True)] == ["replayed"]


async def test_what_is_still_poisonous_becomes_a_dead_letter_again(counting: Counting) -> None:
    counting.poison = {2}
    await send(1, 2)
    await all_taken(counting)
    first = (await dead_letters.letters())[0].id
    assert await dead_letters.replay_all() == 1
    await all_taken(counting)
    again = await dead_letters.letters(settled=True)
    assert len(again) == 1 and again[0].id > first and again[0].state == "waiting"


async def test_an_event_that_comes_again_for_one_consumer_has_no_second_effect_on_another(
    counting: Counting,
) -> None:
    other = Counting("other")
    counting.poison = {7}
    await send(6, 7, 8)
    await all_taken(counting, other)
    counting.poison = set()
    await dead_letters.replay_all()
    await all_taken(counting, other)
    assert sorted(counting.taken) == sorted(other.taken) == [6, 7, 8]


async def test_an_event_that_is_in_the_outbox_no_more_comes_again_with_its_own_id(counting: Counting) -> None:
    counting.poison = {5}
    await send(5)
    await all_taken(counting)
    await execute("DELETE FROM outbox")
    counting.poison = set()
    [letter] = await dead_letters.letters()
    assert await dead_letters.replay([letter.id]) == 1
    await all_taken(counting)
    assert counting.taken == [5]
    assert [str(row["event_id"]) for row in await fetch("SELECT event_id FROM outbox")] == [str(letter.event_id)]


async def test_letters_of_one_consumer_or_one_topic_are_sent_again_alone(counting: Counting) -> None:
    elsewhere = Counting("elsewhere", "letters")
    counting.poison = elsewhere.poison = {1}
    await send(1)
    await send(1, topic="letters")
    await all_taken(counting, elsewhere)
    assert await dead_letters.replay_all(consumer="nobody") == 0
    assert await dead_letters.replay_all(topic="letters") == 1
    assert await dead_letters.waiting() == {("counting", "numbers"): 1}


async def test_a_letter_that_was_buried_twice_is_one_letter(counting: Counting) -> None:
    counting.poison = {4}
    await send(4)
    await all_taken(counting)
    await execute(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           SELECT consumer, topic, event_id, key, payload, 'again', attempts, created_at FROM dead_letter"""
    )
    assert await dead_letters.waiting() == {("counting", "numbers"): 1}
    [letter] = await dead_letters.letters()
    assert letter.reason == "again"
    assert await dead_letters.replay([letter.id]) == 1
    assert not await fetch("SELECT 1 FROM dead_letter WHERE replayed_at IS NULL")


async def test_a_discarded_letter_keeps_its_reason_and_never_comes_again(counting: Counting) -> None:
    counting.poison = {9}
    await send(9)
    await all_taken(counting)
    [letter] = await dead_letters.letters()
    assert await dead_letters.discard(letter.id, "  sent by mistake ")
    assert not await dead_letters.discard(letter.id, "again")
    assert await dead_letters.replay([letter.id]) == await dead_letters.replay_all() == 0
    [kept] = await dead_letters.letters(settled=True)
    assert (kept.state, kept.note) == ("discarded", "sent by mistake")
    assert await dead_letters.waiting() == {}


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
async def test_nothing_is_discarded_without_a_reason(counting: Counting, note: str) -> None:
    counting.poison = {9}
    await send(9)
    await all_taken(counting)
    [letter] = await dead_letters.letters()
    with pytest.raises(ValueError, match=r"say why|at most"):
        await dead_letters.discard(letter.id, note)
    assert (await dead_letters.letters())[0].state == "waiting"


async def test_letters_are_shown_newest_first_and_by_their_consumer(counting: Counting) -> None:
    counting.poison = {1, 2, 3}
    await send(1, 2, 3)
    await all_taken(counting)
    assert numbers(await dead_letters.letters(count=2)) == [3, 2]
    assert numbers(await dead_letters.letters(consumer="counting", topic="numbers")) == [3, 2, 1]
    assert await dead_letters.letters(consumer="other") == []
