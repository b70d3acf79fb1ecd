"""What strangers' names lead to, and asking them for a file."""

from collections.abc import Sequence

import pytest

from app.infra import outward
from app.infra.outward import OutwardRefused

MIB = 1024 * 1024


class Names:
    """Answers for names, one after another; the last one stays."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.asked: list[str] = []
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            raise OSError("no such name")
        answers = self._answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def fetch(url: str, max_bytes: int = MIB, seconds: float = 60, **other: object) -> tuple[outward.Answer, bytes]:
    came = bytearray()
    answer = await outward.download(url, came.extend, max_bytes=max_bytes, seconds=seconds, **other)  # type: ignore[arg-type]
    return answer, bytes(came)


async def refusal(url: str, **limits: object) -> OutwardRefused:
    with pytest.raises(OutwardRefused) as refused:
        await fetch(url, **limits)  # type: ignore[arg-type]
    return refused.value
