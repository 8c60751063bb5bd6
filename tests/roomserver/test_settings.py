"""Settings: where they come from, what wins, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capacity.table import DEFAULT_TABLE
from roomserver.settings import Settings, SettingsError, describe_settings, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8080, Path("data"))
    assert settings.viewer_caps == DEFAULT_TABLE
    assert settings.database_url == "sqlite+aiosqlite:///data/catalog.sqlite"


def test_the_command_line_wins_over_the_environment_over_the_file_over_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "roomserver.toml").write_text('host = "file"\nport = 1\nlink_days = 3\n')
    monkeypatch.setenv("ROOMSERVER_HOST", "environment")
    monkeypatch.setenv("ROOMSERVER_PORT", "2")
    settings = load_settings({"host": "command line", "data": None})
    assert (settings.host, settings.port, settings.link_days) == ("command line", 2, 3)
    assert settings.data == Path("data")


def test_a_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('viewer_caps = "1:100,50:10"\nice_servers = [{urls = ["stun:a.example"]}]\n')
    monkeypatch.setenv("ROOMSERVER_CONFIG", "other.toml")
    settings = load_settings()
    assert settings.viewer_caps.cap(1) == 100
    assert settings.ice_servers == [{"urls": ["stun:a.example"]}]


def test_the_cap_table_can_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSERVER_VIEWER_CAPS", "1:5000,2:3000,5:1500,50:500")
    assert load_settings().viewer_caps.cap(3) == 1500


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("VIEWER_CAPS", "", "viewer_caps: the viewer cap table is empty"),
        ("VIEWER_CAPS", "1:10,2:20,50:5", "viewer_caps: viewer cap table, row 2 (2:20)"),
        ("VIEWER_CAPS", "1:10,20:5", "must reach 50 seats"),
        ("VIEWER_CAPS", "nonsense", "viewer_caps: viewer cap table, row 1"),
        ("PORT", "eighty", "port: "),
        ("PORT", "70000", "port: "),
        ("PUBLIC_URL", "rooms.example.org", "public_url: write it like https://rooms.example.org"),
        ("PUBLIC_URL", "https://rooms.example.org/path", "public_url: a path"),
        ("ALLOWED_ORIGINS", "https://one.example, two.example", "allowed_origins: write it like https://"),
        ("ALLOWED_ORIGINS", "https://one.example/page", "allowed_origins: a path"),
        ("TRUSTED_PROXIES", "proxy.example", "trusted_proxies: "),
        ("MEDIA_WORKERS", "0", "media_workers: "),
        ("MEDIA_HOSTS", "nowhere.example", "media_hosts: "),
        ("ICE_SERVERS", "stun:a.example", "ice_servers"),
        ("NODE", "no spaces", "node: "),
        ("LOG_LEVEL", "loud", "log_level: "),
        ("TLS_CERT", "cert.pem", "tls_cert and tls_key belong together"),
    ],
)
def test_a_bad_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"ROOMSERVER_{name}", value)
    with pytest.raises(SettingsError) as problem:
        load_settings()
    assert told in str(problem.value)
    assert "\n" not in str(problem.value)


def test_all_bad_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSERVER_PORT", "eighty")
    monkeypatch.setenv("ROOMSERVER_LINK_DAYS", "-1")
    with pytest.raises(SettingsError, match=r"port: .*link_days: "):
        load_settings()


@pytest.mark.parametrize(
    ("content", "told"),
    [("colour = 1", "colour: there is no such setting"), ("port = ", "roomserver.toml: "), ("port = '1'", None)],
)
def test_a_bad_file_is_named(tmp_path: Path, content: str, told: str | None) -> None:
    (tmp_path / "roomserver.toml").write_text(content)
    if told is None:
        assert load_settings().port == 1
        return
    with pytest.raises(SettingsError, match=told):
        load_settings()


def test_a_file_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSERVER_CONFIG", "missing.toml")
    with pytest.raises(SettingsError, match=r"missing\.toml: No such file"):
        load_settings()


def test_every_setting_is_described_and_secrets_are_not_shown() -> None:
    lines = {line.name: line for line in describe_settings(load_settings({"redis": "redis://:s3cret@localhost"}))}
    assert set(lines) == set(Settings.model_fields)
    assert all(line.meaning and line.variable == f"ROOMSERVER_{name.upper()}" for name, line in lines.items())
    assert lines["redis"].value == "(set)"
    assert lines["viewer_caps"].default.startswith("1:5000,2:3000")


def test_secrets_are_not_in_the_settings_text() -> None:
    values: dict[str, Any] = {"redis": "redis://:s3cret@localhost", "database": "sqlite+aiosqlite:///s3cret"}
    assert "s3cret" not in repr(load_settings(values))


def test_a_slip_of_the_pen_in_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSERVER_VIEWER_CAP", "1:10,50:5")
    monkeypatch.setenv("ROOMSERVER_VIEWER_CAPS", "1:10,50:5")
    monkeypatch.setenv("roomserver_port", "1")
    assert unknown_variables() == ["ROOMSERVER_VIEWER_CAP"]
