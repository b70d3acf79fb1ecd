"""What the documents say is true: their commands exist, their files are there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.commands import main
from app.infra.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "docs/operations.md")


def commands() -> list[str]:
    """Every `./feira …` in a code block, without its comment and arguments."""
    found = set()
    for document in DOCUMENTS:
        for block in re.findall(r"```\w*\n(.*?)```", (ROOT / document).read_text(), re.S):
            for line in block.splitlines():
                if words := re.match(r"\./feira((?: [a-z]+(?=\s|$))+)", line):
                    found.add(words[1].strip())
    return sorted(found)


@pytest.mark.parametrize("command", commands())
def test_a_documented_command_exists(command: str) -> None:
    words = command.split()
    if words[0] == "bench":
        assert (ROOT / "bench" / f"{words[1]}.py").is_file()
        words = words[:1]
    shown = CliRunner().invoke(main, [*words, "--help"], prog_name="feira")
    assert shown.exit_code == 0, shown.output
    assert "Usage: feira " + " ".join(words) in shown.stdout


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_named_file_is_there(document: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(), flags=re.S)
    paths = re.findall(r"`((?:app|templates|static|workers|migrations|tests|bench|docs|\.ci)/[\w./-]*)`", text)
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert not [path for path in pictures if not (ROOT / path).is_file()]


def test_operations_name_settings_that_there_are() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    named = {name.lower() for name in re.findall(r"`([A-Z]+_[A-Z_]+)", text)}
    assert len(named) > 5
    assert named - set(Settings.model_fields) == set()


def test_every_slice_is_in_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    slices = {path.name for path in (ROOT / "app").iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert not [name for name in slices if f"app/{name}/" not in text]
