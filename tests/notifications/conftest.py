from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from app.notifications import rendering
from tests.accounts.people import Client
from tests.admin.delivering import as_operator
from tests.notifications.receiving import Mailbox, receiving
from tests.world import World


@pytest.fixture
def mailbox(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with receiving(monkeypatch) as box:
        yield box


@pytest.fixture(autouse=True)
def note(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates of a mail that says nothing, for tests of how mails travel: `note`."""
    for made, name in ((rendering._html(), "note.html"), (rendering._text(), "note.txt")):
        assert made.loader
        ours = DictLoader({f"mails/{name}": "{{ words if words is defined else subject }}"})
        monkeypatch.setattr(made, "loader", ChoiceLoader([ours, made.loader]))


@pytest.fixture
async def desk(world: World, client: Client) -> Client:
    """An operator's browser."""
    return await as_operator(client)
