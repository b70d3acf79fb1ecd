"""The drill of kills in short: each part of a shop is killed once while feeds of four suppliers are on their way."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("worker", "reader", "indexer", "valkey", "postgres")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_part_is_killed_during_feeds_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
    command = [sys.executable, "-m", "bench.kills", "--kills", str(len(PARTS)), "--rows", "1500", "--json"]
    drill = subprocess.run(
        command,
        cwd=ROOT,
        env={**own, "FEIRA_DATA": str(tmp_path), "LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert drill.stdout, drill.stderr[-3000:]
    result = json.loads(drill.stdout)
    assert result["violations"] == []
    assert result["by_victim"] == dict.fromkeys(PARTS, 1)
    assert drill.returncode == 0
