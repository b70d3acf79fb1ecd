"""Settings of the mail server: what does not fit is said before anything starts, and the password is said nowhere."""

import json

import pytest
from click.testing import CliRunner

from app.cli.commands import main
from app.infra.settings import SettingInvalid, settings

GOOD = {"SMTP_HOST": "mail.example", "MAIL_FROM": "Feira <orders@feira.example>"}
SIGNED = {**GOOD, "SMTP_USER": "feira", "SMTP_PASSWORD": "quiet lamps"}


def given(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.fixture(autouse=True)
def fresh(environment: None, monkeypatch: pytest.MonkeyPatch) -> object:
    yield
    monkeypatch.undo()
    settings.cache_clear()
    return None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"SMTP_HOST": "mail.example"}, "MAIL_FROM: is needed"),
        ({**GOOD, "MAIL_FROM": "Feira"}, "MAIL_FROM: is not a sender"),
        ({**GOOD, "MAIL_FROM": "a@b.pt\r\nBcc: c@d.pt"}, "MAIL_FROM: is not a sender"),
        ({**GOOD, "SMTP_USER": "feira"}, "SMTP_USER: goes with SMTP_PASSWORD"),
        ({**GOOD, "SMTP_PORT": "0"}, "SMTP_PORT: "),
        ({**GOOD, "SMTP_TLS": "perhaps"}, "SMTP_TLS: "),
        ({**SIGNED, "SMTP_TLS": "none"}, "SMTP_TLS: a password is sent"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    given(monkeypatch, values)
    with pytest.raises(SettingInvalid, match=said) as raised:
        settings()
    assert "quiet lamps" not in str(raised.value)


@pytest.mark.parametrize("values", [{}, GOOD, SIGNED, {**SIGNED, "SMTP_HOST": "127.0.0.1", "SMTP_TLS": "none"}])
def test_what_fits_is_taken(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    given(monkeypatch, values)
    assert settings().smtp_host == values.get("SMTP_HOST", "")


def test_settings_are_listed_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SIGNED)
    for arguments in (["settings"], ["settings", "--json"]):
        said = CliRunner().invoke(main, arguments).output
        assert "SMTP_PASSWORD" in said and "quiet lamps" not in said
    assert json.loads(said)["MAIL_FROM"]["value"] == GOOD["MAIL_FROM"]
