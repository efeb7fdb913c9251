from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.utils.http import urlsafe_base64_encode
from kombu.exceptions import OperationalError

from projects import tasks
from projects.models import AuditRecord, User
from projects.teams import account
from projects.teams.account import BadLink
from tests.conftest import Personas, english_client
from tests.factories import NOW, make_user
from tests.html import attribute, element

pytestmark = pytest.mark.usefixtures("now")
NEW = "new@example.com"


def test_rename_is_noted_once_in_each_team(personas: Personas) -> None:
    for _ in range(2):
        account.rename(personas.lead, "许澄澄")
    personas.lead.refresh_from_db()
    assert personas.lead.name == "许澄澄"
    record = AuditRecord.objects.get()
    assert (record.action, record.team, record.by) == (
        "member.rename",
        personas.team,
        personas.lead,
    )
    assert (record.before, record.after) == ({"name": "许澄"}, {"name": "许澄澄"})


def test_link_changes_the_address_once(personas: Personas) -> None:
    token = account.token_of(personas.lead, NEW)
    assert NEW not in token
    assert account.address_in(personas.lead, token) == NEW
    assert account.change_address(personas.lead, token) == NEW
    assert User.objects.get(pk=personas.lead.pk).email == NEW
    assert AuditRecord.objects.get().action == "member.address"
    with pytest.raises(BadLink):
        account.change_address(personas.lead, token)


def test_link_is_for_its_user_and_for_three_days(personas: Personas) -> None:
    token = account.token_of(personas.lead, NEW)
    for user, wrong in ((personas.viewer, token), (personas.lead, token[:-1]), (personas.lead, "")):
        with pytest.raises(BadLink):
            account.change_address(user, wrong)
    later = NOW + timedelta(days=3, minutes=1)
    with time_machine.travel(later, tick=False), pytest.raises(BadLink):
        account.address_in(personas.lead, token)
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(("language", "words"), [("en", "three days"), ("zh-hans", "三天")])
def test_mail_holds_the_link(personas: Personas, language: str, words: str) -> None:
    tasks.send_address_link(personas.lead.pk, NEW, language)
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == [NEW]
    for part in (str(message.body), str(message.alternatives[0][0])):
        link = re.search(r"https://okr\.example\.com/account/address/([^/]+)/", part)
        assert link
        assert account.address_in(personas.lead, link[1]) == NEW
        assert words in part


def test_link_is_mailed_at_once_without_a_broker(personas: Personas) -> None:
    with patch.object(tasks.send_address_link, "apply_async", side_effect=OperationalError):
        tasks.request_address_link(personas.lead, NEW, "en")
    assert len(mail.outbox) == 1


def test_password_link_lets_choose_a_password(db: None) -> None:
    user = make_user("zhao", "赵宁")
    user.email = "zhao@example.com"
    user.save()
    account.send_password_link("ZHAO@example.com", "en")
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert (message.to, message.subject) == (["zhao@example.com"], "A new password for OKR Tracker")
    link = re.search(r"https://okr\.example\.com(/\S+)", str(message.body))
    assert link
    assert f"https://okr.example.com{link[1]}" in str(message.alternatives[0][0])
    client = english_client()
    form = client.get(link[1])["Location"]
    assert link[1] != form  # the address with the token is left at once
    password = "eine-neue-Losung"
    response = client.post(form, {"password1": password, "password2": password})
    assert response["Location"] == "/accounts/password/done/"
    assert client.get("/account/").status_code == 200
    user.refresh_from_db()
    assert user.check_password(password)
    assert "This link no longer works" in english_client().get(link[1], follow=True).text


def test_no_password_link_without_an_account_and_password(db: None) -> None:
    user = make_user("zhao")
    user.email = "zhao@example.com"
    user.set_unusable_password()
    user.save()
    for email in ("zhao@example.com", "nobody@example.com", "nonsense", "a@b.c\nBcc: x@y.z"):
        account.send_password_link(email, "en")
    assert mail.outbox == []


def test_password_link_of_an_older_version_still_leads_there(db: None) -> None:
    user = make_user("zhao")
    uid = urlsafe_base64_encode(str(user.pk).encode())
    client = english_client()
    token = default_token_generator.make_token(user)
    form = client.get(f"/accounts/password/reset/{uid}/{token}/", follow=True)
    assert 'name="password1"' in form.text
    for wrong in (f"{uid}/{token[:-1]}x", f"_/{token}", f"{'z' * 90}/{token}"):
        page = client.get(f"/accounts/password/reset/{wrong}/", follow=True)
        assert 'name="password1"' not in page.text


def test_single_keys_are_switched_off_for_oneself_alone(personas: Personas) -> None:
    client, other = personas.client("manager"), personas.client("lead")
    for _twice in range(2):
        client.post("/account/keys/", {"is_on": ""})
    assert attribute(client.get("/t/pay/"), "body", "data-single-keys") == "off"
    assert not element(other.get("/t/pay/"), "body").has_attr("data-single-keys")
    assert AuditRecord.objects.filter(action="member.single_keys").count() == 1
    client.post("/account/keys/", {"is_on": "yes"})
    assert not element(client.get("/t/pay/"), "body").has_attr("data-single-keys")
