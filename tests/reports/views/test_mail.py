"""The mails that were kept as files can be read while DEBUG, by managers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DEBUG = True
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path)}}}
    return tmp_path


def send(subject: str = "2024-W25 有 1 个项目待你更新") -> str:
    """Sends a mail; the name that it has in an address."""
    message = EmailMultiAlternatives(subject, "看这里\nhttps://okr.example.com/", to=["a@b.cn"])
    message.attach_alternative('<p style="color:red">看这里</p>', "text/html")
    message.send()
    return subject


def names(personas: Personas) -> list[str]:
    page = personas.client("manager").get("/mail/").content.decode()
    return [part.split('"')[0] for part in page.split('href="/mail/')[1:]]


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("viewer", 403), ("lead", 403), ("manager", 200), ("outsider", 200)],
)
def test_managers_read_the_kept_mails(personas: Personas, name: str, status: int) -> None:
    send()
    (file_name,) = names(personas)
    for address in ("/mail/", f"/mail/{file_name}", f"/mail/{file_name}html/"):
        assert personas.client(name).get(address).status_code == status


def test_without_debug_there_is_nothing(personas: Personas, settings: Any) -> None:
    send()
    (name,) = names(personas)
    settings.DEBUG = False
    for address in ("/mail/", f"/mail/{name}", f"/mail/{name}html/"):
        assert personas.client("manager").get(address).status_code == 404


def test_each_mail_is_listed_and_shown(personas: Personas) -> None:
    send("第一封")
    send("第二封")
    client = personas.client("manager")
    page = client.get("/mail/").content.decode()
    assert "第一封" in page
    assert "第二封" in page
    text = client.get(f"/mail/{names(personas)[0]}").content.decode()
    assert '<a href="https://okr.example.com/"' in text


def test_its_html_runs_nothing(personas: Personas) -> None:
    send()
    response = personas.client("manager").get(f"/mail/{names(personas)[0]}html/")
    assert '<p style="color:red">看这里</p>' in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.mark.parametrize("name", ["nothing.1", "..%2F..%2Fsettings.1", ".1"])
def test_no_other_file_can_be_read(personas: Personas, name: str, folder: Path) -> None:
    send()
    assert personas.client("manager").get(f"/mail/{name}/").status_code == 404


def test_no_mails_are_listed_where_they_are_really_sent(personas: Personas, settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert "No mail has been written yet" in (
        personas.client("manager").get("/mail/").content.decode()
    )
