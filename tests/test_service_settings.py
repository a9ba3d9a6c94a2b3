"""Settings by environment and file, and what is told where they are wrong."""

from pathlib import Path

import pytest

from kg.service.settings import SettingsWrong, read_settings


def test_the_environment_sets_what_nobody_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISMATCH_PORT", "9000")
    monkeypatch.setenv("MISMATCH_HOSTS", "a.org, b.org:8080 c.org")
    assert read_settings().port == 9000
    assert read_settings(port=1).port == 1
    assert read_settings().hosts == ("a.org", "b.org:8080", "c.org")


def test_a_file_sets_what_the_environment_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "service.toml"
    file.write_text('port = 9001\nquery_seconds = 5\nhosts = ["a.org"]\n')
    monkeypatch.setenv("MISMATCH_SETTINGS", str(file))
    monkeypatch.setenv("MISMATCH_PORT", "9002")
    assert (read_settings().port, read_settings().query_seconds) == (9002, 5)
    assert read_settings().hosts == ("a.org",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port = 'x'", "port"),
        ("porrt = 1", "porrt"),
        ("port = ", "TOML"),
        ("query_seconds = 0", "query_seconds"),
        ("base = 'here'", "base"),
        ("webhook_hosts = ['https://a.org/']", "webhook_hosts"),
        ("default_graph = 'all'", "default_graph"),
    ],
)
def test_a_wrong_file_is_told_by_the_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "service.toml"
    file.write_text(text)
    monkeypatch.setenv("MISMATCH_SETTINGS", str(file))
    with pytest.raises(SettingsWrong, match=told):
        read_settings()


def test_a_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MISMATCH_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsWrong, match=r"none\.toml"):
        read_settings()


def test_updates_are_off_where_others_reach_the_service() -> None:
    assert read_settings(host="127.0.0.1").writable
    assert not read_settings(host="0.0.0.0").writable  # noqa: S104 - what it is about
    assert read_settings(host="0.0.0.0", updates="always").writable  # noqa: S104 - see above
    assert not read_settings(updates="never").writable


def test_a_base_ends_with_a_slash() -> None:
    assert read_settings(base="http://x.org/kg").base == "http://x.org/kg/"
