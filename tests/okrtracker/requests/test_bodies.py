"""How much an address takes, and that nobody hands in files where none are expected."""

from __future__ import annotations

from typing import Final

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from okrtracker.requests.bodies import BodyMiddleware, bad_request
from okrtracker.serving import rsgi
from reports.imports.upload import LARGEST_BODY
from tests.conftest import Personas

FORM: Final = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes


def test_each_address_has_its_limit_and_says_it(personas: Personas) -> None:
    upload = reverse("reports:import_new", args=[personas.team.slug])
    for name, path, most, limit in [
        ("anonymous", "/accounts/login/", FORM, "2.5 MB"),
        ("manager", "/nowhere/", FORM, "2.5 MB"),
        ("manager", upload, LARGEST_BODY, "210 MB"),
        ("anonymous", upload, FORM, "2.5 MB"),  # of 200 MB not a byte before signing in
    ]:
        answer = personas.client(name).post(path, CONTENT_LENGTH=str(most + 1))
        assert (answer.status_code, limit in answer.text) == (413, True), path
        assert "<h1>That is too much at once</h1>" in answer.text
        assert personas.client(name).post(path).status_code != 413, path


def test_the_server_reads_as_much_as_the_middleware_takes(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rsgi, "close_old_connections", lambda: None)  # the test's own
    environ = RequestFactory().post(reverse("reports:import_new", args=["demo"])).environ
    assert rsgi._most(environ) == FORM
    cookie = personas.client("manager").cookies[settings.SESSION_COOKIE_NAME].value
    environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={cookie}"
    assert rsgi._most(environ) == LARGEST_BODY

    def is_away(_request: object) -> int:
        raise DatabaseError

    monkeypatch.setattr(rsgi, "largest_body", is_away)
    assert rsgi._most(environ) == FORM  # Django says that the database is away


def test_files_are_passed_over_where_none_are_expected() -> None:
    def posted(path: str) -> HttpRequest:
        file = SimpleUploadedFile("a.txt", b"x" * 70_000)
        request = RequestFactory().post(path, {"file": file, "name": "贝易转"})
        BodyMiddleware(lambda _request: HttpResponse())(request)
        return request

    request = posted("/accounts/login/")
    assert (request.POST["name"], list(request.FILES)) == ("贝易转", [])
    request = posted(reverse("reports:import_new", args=["demo"]))
    assert (request.POST["name"], list(request.FILES)) == ("贝易转", ["file"])


def test_a_form_that_django_finds_too_large_gets_the_same_page() -> None:
    request = RequestFactory().post("/")
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, BadRequest()).status_code == 400
