"""A database that is away: what people get, from each place where that may be noticed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from okrtracker.requests import database_outage
from tests.conftest import Personas, english_client
from tests.tables import each_row


def _refuse(*_args: object, **_kwargs: object) -> Any:
    raise OperationalError("connection to server failed:\nConnection refused")


@pytest.fixture
def facts_are_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.access._memberships.rows", _refuse)


def test_a_database_that_takes_nothing_is_told_from_one_that_is_away() -> None:
    causes: list[tuple[Exception, bool]] = [
        (psycopg.errors.ReadOnlySqlTransaction(), True),  # which Django calls an InternalError
        (psycopg.errors.DiskFull(), True),
        (psycopg.OperationalError(), False),
    ]
    for cause, refuses in causes:
        error = DatabaseError()
        error.__cause__ = cause
        assert database_outage.refuses_writes(error) is refuses
        assert database_outage.is_outage(error) is refuses
    assert database_outage.refuses_writes(cause) is False


def _checkin(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/"


def test_outage_page_is_in_the_reader_s_language(
    personas: Personas, facts_are_out_of_reach: None
) -> None:
    client = personas.client("lead")
    response = client.get("/t/pay/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "no-store" in response["Cache-Control"]
    assert "The database does not answer" in response.content.decode()
    client.cookies.clear()
    client.force_login(personas.lead)
    assert 'lang="zh-hans"' in client.get("/t/pay/").content.decode()


def test_failure_to_read_the_session_gives_the_page_too(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = personas.client("lead")
    monkeypatch.setattr(SessionStore, "load", _refuse)
    assert client.get("/t/pay/").status_code == 503


def test_outage_page_needs_no_query(
    personas: Personas, facts_are_out_of_reach: None, django_assert_num_queries: Any
) -> None:
    client = personas.client("lead")
    with django_assert_num_queries(2):  # the session and its user, before the view
        client.get("/t/pay/")


def test_outage_page_holds_the_form_to_be_sent_again(
    personas: Personas, facts_are_out_of_reach: None
) -> None:
    typed = {"text": '联调完成<b>\n第二行"', "health": "on_track"}
    response = personas.client("lead").post(_checkin(personas), typed)
    page = response.content.decode()
    assert response.status_code == 503
    assert f'<form method="post" action="{_checkin(personas)}">' in page
    assert 'name="text" value="联调完成&lt;b&gt;\n第二行&quot;"' in page
    assert 'name="health" value="on_track"' in page


def test_htmx_gets_the_status_and_keeps_the_form(
    personas: Personas, facts_are_out_of_reach: None
) -> None:
    headers = {"HX-Request": "true"}
    response = personas.client("lead").post(_checkin(personas), {"text": "x"}, headers=headers)
    assert response.status_code == 503
    form = personas.client("lead").get("/accounts/password/").content.decode()
    assert 'id="unavailable"' in form  # what static/js/app.js then shows


@pytest.mark.django_db
def test_outage_page_does_not_repeat_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrtracker.accounts.adapter.authenticate", _refuse)
    sent = {"username": "lead", "password": "open-sesame"}
    page = english_client().post("/accounts/login/", sent).content.decode()
    assert "Go back and send it again" in page
    assert "open-sesame" not in page
    assert "<form" not in page


@pytest.mark.parametrize(
    "away", ["reports.channels.setup.add", "projects.access._memberships.rows"]
)
def test_outage_page_does_not_repeat_a_signing_secret(
    personas: Personas, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    monkeypatch.setattr(away, _refuse)
    sent = {
        "kind": "webhook",
        "name": "群",
        "address": "https://hooks.example.com/okr/0f9e8d7c6b5a",
        "secret": "a-secret-of-our-own",
        "gets_digest": "on",
    }
    response = personas.client("manager").post("/t/pay/settings/channels/new/", sent)
    page = response.content.decode()
    assert response.status_code == 503
    assert "0f9e8d7c6b5a" not in page
    assert "a-secret-of-our-own" not in page


def test_an_error_outside_of_views_is_recognised() -> None:
    request = RequestFactory().get("/t/pay/")
    assert _answer_while_handling(request, OperationalError("away")).status_code == 503
    assert _answer_while_handling(request, ZeroDivisionError()).status_code == 500


def _answer_while_handling(request: HttpRequest, error: Exception) -> HttpResponse:
    try:
        raise error
    except Exception:  # noqa: BLE001  as Django does
        return database_outage.server_error(request)


def test_a_locked_file_is_an_outage_and_a_missing_table_is_not(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    holder, other = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    holder.execute("BEGIN EXCLUSIVE")
    assert database_outage.is_outage(_as_django(other, "BEGIN IMMEDIATE"))
    holder.rollback()
    assert not database_outage.is_outage(_as_django(other, "SELECT * FROM missing"))
    holder.close()
    other.close()
    nowhere = tmp_path / "no" / "db.sqlite3"
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(nowhere)
    assert database_outage.is_outage(_with_cause(OperationalError("unable"), caught.value))


def _as_django(connection: sqlite3.Connection, statement: str) -> OperationalError:
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute(statement)
    return _with_cause(OperationalError(str(caught.value)), caught.value)


def _with_cause(error: OperationalError, cause: Exception) -> OperationalError:
    error.__cause__ = cause
    return error


@each_row(
    ("error", "expected"),
    [
        (_with_cause(OperationalError("x"), psycopg.OperationalError("refused")), True),
        (InterfaceError("connection already closed"), True),
        (DatabaseError("something else"), False),
        (ValueError("x"), False),
        (None, False),
    ],
)
def test_which_errors_are_an_outage(error: Exception | None, expected: bool) -> None:
    assert database_outage.is_outage(error) is expected
