"""Settings come from the environment, and each is told of in the README."""

from pathlib import Path

import pytest

from blockdata.console import language
from blockdata.errors import BadSetting, exit_code
from blockdata.settings import Settings
from blockdata.text import read_language

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`BLOCKDATA_{name.upper()}`" in README.read_text(encoding="utf-8")


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKDATA_PORT", "9000")
    monkeypatch.setenv("BLOCKDATA_DATABASE_URL", "")
    monkeypatch.setenv("BLOCKDATA_LOG_LEVEL", "debug")
    settings = Settings()
    assert settings.port == 9000
    assert settings.database_url is None
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "1" * 5000), ("PORT", "\udcff"),
        ("LANGUAGE", "fr"), ("LANGUAGE", "english"), ("LOG_LEVEL", "loud"), ("AREA", "!!"),
        ("AREA", "../.."), ("AREA", "a" * 41), ("VAR", "/dev/null"), ("VAR", "/dev/null/x"),
        ("VAR", "x" * 5000), ("VAR", "~nobody-of-this-name/x"), ("VAR", "/tmp/\udcff"),
        ("DATABASE_URL", "foo"), ("DATABASE_URL", "mysql://u:secret@h/x"),
        ("DATABASE_URL", "postgresql://u:secret@h:port/x"), ("DATABASE_URL", "sqlite://"),
        ("CLOCK_SHIFT_S", "soon"), ("PROFILE", "\udcff"), ("HOST", "\udcff"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_the_variable_and_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"BLOCKDATA_{name}", value)
    with pytest.raises(BadSetting) as refused:
        Settings()
    assert refused.value.field == f"BLOCKDATA_{name}"
    assert refused.value.cure is not None
    assert exit_code(refused.value) == 2
    for said in refused.value.detail:
        assert said.isprintable()
        assert "secret" not in said


def test_every_setting_has_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read from outside can be given something that is no text."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"BLOCKDATA_{name.upper()}", "\udcff")
        with pytest.raises(BadSetting) as refused:
            Settings()
        assert refused.value.field == f"BLOCKDATA_{name.upper()}"
        assert refused.value.cure is not None
        monkeypatch.delenv(f"BLOCKDATA_{name.upper()}")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@h:5/x", "postgresql+psycopg://u:p@h:5/x"),
        ("postgres://u:p%40@h/x?sslmode=require", "postgresql+psycopg://u:p%40@h/x?sslmode=require"),
        ("postgresql+psycopg://u:p@h:5/x", "postgresql+psycopg://u:p@h:5/x"),
    ],
)  # fmt: skip
def test_a_server_s_url_may_leave_the_driver_out(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    monkeypatch.setenv("BLOCKDATA_DATABASE_URL", given)
    assert Settings().database_url == used


@pytest.mark.parametrize("variable", ["BLOCKDATA_LANGUAGE", "blockdata_language"])
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("zh", "zh"), ("en", "en"), ("EN", "en"), (" zh ", "zh"), ("zh_CN.UTF-8", "zh"),
        ("en-GB", "en"), ("en.UTF-8", "en"), ("", "zh"),
    ],
)  # fmt: skip
def test_the_language_means_one_thing_everywhere(
    monkeypatch: pytest.MonkeyPatch, variable: str, words: str, meant: str
) -> None:
    monkeypatch.delenv("BLOCKDATA_LANGUAGE", raising=False)
    monkeypatch.setenv(variable, words)
    assert Settings().language == meant
    assert language() == meant


@pytest.mark.parametrize("words", ["fr", "english", "e", "zhen", "z_h", "\udcff"])
def test_a_word_that_is_no_language_is_none_in_either_place(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("BLOCKDATA_LANGUAGE", words)
    assert read_language(words) is None
    with pytest.raises(BadSetting):
        Settings()
    assert language() == "zh"  # the refusal itself has to be said in some language
