"""How many connections a web process holds: many more than browsers keep open, and no more than files may be open."""

import resource

import pytest

from app.cli import shop
from app.cli.shop import CONNECTIONS, OTHER_FILES

UNLIMITED = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "held"),
    [
        (1024, UNLIMITED, CONNECTIONS + OTHER_FILES, CONNECTIONS),
        (1024, 524_288, CONNECTIONS + OTHER_FILES, CONNECTIONS),
        (1024, 4096, 4096, 4096 - OTHER_FILES),
        (256, 256, 256, 128),
        (UNLIMITED, UNLIMITED, None, CONNECTIONS),
        (20_000, 20_000, None, CONNECTIONS),
    ],
)
def test_connections_fit_the_files_that_may_be_open(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None, held: int
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    command = shop.web_command()
    assert command[command.index("--backpressure") + 1] == str(held)
    assert asked == ([(raised, hard)] if raised else [])
