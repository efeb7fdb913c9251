from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu.connection import Connection
from redis import Redis

from okrtracker.environment import (
    Environment,
    database,
    filesystem_broker,
    mailer,
    secret_key,
    with_password,
)
from tests.tables import each_row


def test_any_password_reaches_the_server(tmp_path: Path) -> None:
    password = "a@b:c/d?e#f%g h+贝"
    url = with_password("postgres://okrtracker@db:5432/okr", password)
    postgres = database(url, tmp_path)
    assert (postgres["PASSWORD"], postgres["HOST"]) == (password, "db")
    with Redis.from_url(with_password("redis://redis:6379/0", password)) as redis:
        options = redis.get_connection_kwargs()
    assert (options["password"], options["host"], options["db"]) == (password, "redis", 0)
    smtp = mailer(with_password("smtp+tls://robot@mail:587", password), tmp_path)["OPTIONS"]
    assert (smtp["password"], smtp["username"], smtp["port"]) == (password, "robot", 587)
    assert with_password("redis://redis/0", "") == "redis://redis/0"
    assert with_password("", password) == ""


def test_a_variable_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("geheim 密钥\n", encoding="utf-8")
    monkeypatch.setenv("FROM_FILE_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("GONE_FILE", str(tmp_path / "gone"))
    assert Environment().str("FROM_FILE") == "geheim 密钥"
    assert Environment().str("NEITHER", default="otherwise") == "otherwise"
    with pytest.raises(ImproperlyConfigured, match="GONE_FILE cannot be read: No such file"):
        Environment().str("GONE")


def test_secret_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    key = secret_key(path)
    assert len(key) >= 50
    assert secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_secret_key_of_the_first_process_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret_key"
    link = os.link

    def link_too_late(source: str, target: Path) -> None:
        target.write_text("the other's")
        link(source, target)

    monkeypatch.setattr("okrtracker.environment.os.link", link_too_late)
    assert secret_key(path) == "the other's"


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"file.*VAR_DIR"):
        secret_key(tmp_path / "file" / "secret_key")
    with pytest.raises(ImproperlyConfigured, match=r"file.*VAR_DIR"):
        filesystem_broker(tmp_path / "file" / "broker")


def test_database_without_address_is_sqlite_that_writers_can_share(tmp_path: Path) -> None:
    config = database("", tmp_path / "db.sqlite3")
    assert config["NAME"] == str(tmp_path / "db.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert "foreign_keys=ON" in config["OPTIONS"]["init_command"]


def test_database_address_of_postgres_is_pooled() -> None:
    config = database("postgres://me:p%40ss@db:5433/okr?sslmode=require", Path("unused"))
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["PASSWORD"], config["HOST"]) == ("me", "p@ss", "db")
    assert (config["PORT"], config["NAME"]) == (5433, "okr")
    assert config["OPTIONS"]["sslmode"] == "require"
    assert config["OPTIONS"]["pool"]["max_size"] >= 4  # as many as granian's threads


def test_database_of_another_kind_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="sqlite:// or postgres://"):
        database("mysql://db/okr", Path("unused"))


def test_mail_without_address_goes_to_files(tmp_path: Path) -> None:
    assert mailer("", tmp_path) == {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(tmp_path)},
    }


@each_row(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://me:secret@mail", 25, False, False),
        ("smtp+tls://me:secret@mail:587", 587, True, False),
        ("smtp+ssl://me:secret@mail:465", 465, False, True),
    ],
)
def test_mail_address(url: str, port: int, tls: bool, ssl: bool) -> None:
    options = mailer(url, Path("unused"))["OPTIONS"]
    assert (options["host"], options["port"]) == ("mail", port)
    assert (options["username"], options["password"]) == ("me", "secret")
    assert (options["use_tls"], options["use_ssl"]) == (tls, ssl)


def test_task_queue_in_files_hands_on_what_it_got(tmp_path: Path) -> None:
    options = filesystem_broker(tmp_path / "broker")
    _assert_hands_on("filesystem://localhost", options)


def test_task_queue_in_redis_hands_on_what_it_got() -> None:
    if not (url := os.environ.get("TEST_REDIS_URL")):
        pytest.skip("TEST_REDIS_URL names no server")
    _assert_hands_on(url, {"visibility_timeout": 900})


def _assert_hands_on(url: str, options: dict[str, object]) -> None:
    with (
        Connection(url, transport_options=options) as connection,  # type: ignore[no-untyped-call]
        connection.SimpleQueue("test-okrtracker") as queue,
    ):
        queue.put({"week": "2024-06-17"})
        message = queue.get(timeout=5)
        message.ack()
        assert message.payload == {"week": "2024-06-17"}
