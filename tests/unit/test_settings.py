"""Settings come from the environment, and each is told of in the README."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from blockdata.settings import Settings

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`BLOCKDATA_{name.upper()}`" in README.read_text(encoding="utf-8")


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKDATA_PORT", "9000")
    monkeypatch.setenv("BLOCKDATA_DATABASE_URL", "")
    settings = Settings()
    assert settings.port == 9000
    assert settings.database_url is None


def test_a_wrong_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKDATA_PORT", "0")
    with pytest.raises(ValidationError, match="port"):
        Settings()
