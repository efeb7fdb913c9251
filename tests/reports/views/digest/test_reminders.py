"""The manager reminds one lead or all, and the block says what became of it."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from okrtracker import broker
from projects import facts
from projects.checkin.questions import answer
from projects.models import Project, Question, User
from reports import tasks
from reports.models import Reminder, SendState
from reports.schedule import reminder_dispatch
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_project, make_question
from tests.html import attribute, elements, text, texts

HTMX = {"HX-Request": "true"}
ADDRESS = "/t/pay/remind/"
ALL = {"week": "2024-W25"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def lead(personas: Personas) -> User:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    return personas.lead


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The teams whose reminders a worker was asked to send."""
    ids: list[int] = []

    def publish(task: object, team: int) -> None:
        assert task is tasks.send_reminders
        ids.append(team)

    monkeypatch.setattr(broker, "publish_on_commit", publish)
    return ids


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 401),
        ("outsider", 404),
        ("viewer", 403),
        ("other_lead", 403),
        ("lead", 403),
        ("manager", 302),
    ],
)
def test_only_a_manager_reminds(
    personas: Personas, lead: User, queued: list[int], name: str, status: int
) -> None:
    assert personas.client(name).post(ADDRESS, ALL).status_code == status
    assert Reminder.objects.exists() == bool(queued) == (name == "manager")


def test_reminding_needs_a_post(personas: Personas) -> None:
    assert personas.client("manager").get(ADDRESS).status_code == 405


def test_all_who_wait_are_reminded_and_a_worker_is_told(
    personas: Personas, lead: User, queued: list[int]
) -> None:
    response = personas.client("manager").post(ADDRESS, ALL, follow=True)
    assert "Reminding 1 lead." in response.content.decode()
    reminder = Reminder.objects.get()
    assert (reminder.user, reminder.requested_by) == (lead, personas.manager)
    assert queued == [personas.team.pk]


def test_one_project_reminds_its_lead(personas: Personas, lead: User, queued: list[int]) -> None:
    done = make_project(personas.team, "POS", lead=lead)
    make_entry(done)
    client = personas.client("manager")
    for nobody in (str(done.pk), "0", "x"):
        page = client.post(ADDRESS, {**ALL, "project": nobody}, follow=True).content.decode()
        assert "Nobody has to be reminded." in page
    assert queued == []
    client.post(ADDRESS, {**ALL, "project": str(personas.project.pk)})
    assert len(queued) == 1


def test_htmx_gets_the_block_anew(personas: Personas, lead: User, queued: list[int]) -> None:
    client = personas.client("manager")
    before = client.get("/t/pay/").content.decode()
    assert "Remind 1 lead" in before
    block = client.post(ADDRESS, ALL, headers=HTMX).content.decode()
    assert "<html" not in block
    assert 'id="dashboard_attention"' in block
    assert "Reminding 1 lead." in block
    assert text(block, "#todo-silent .result").startswith("✓")
    assert "Remind 1 lead" not in block
    again = client.post(ADDRESS, ALL, headers=HTMX).content.decode()
    assert "Reminded already: 许澄." in again


def test_the_verb_becomes_its_result_in_every_row_of_the_lead(
    personas: Personas, lead: User, queued: list[int]
) -> None:
    second = make_project(personas.team, "POS", lead=lead)
    client = personas.client("manager")
    form = {**ALL, "project": str(second.pk), "row": f"todo-silent-{second.pk}"}
    block = client.post(ADDRESS, form, headers=HTMX)
    assert [item["id"] for item in elements(block, ".item")] == [
        f"todo-silent-{second.pk}",
        f"todo-silent-{personas.project.pk}",
    ]
    assert texts(block, ".result") == ["✓ 10:00 reminded"] * 2
    assert not elements(block, "form")
    # Without JavaScript the reader comes back to the row.
    plain = client.post(ADDRESS, form, headers={"Referer": "http://testserver/t/pay/?sort=lead"})
    assert plain["Location"] == f"/t/pay/?sort=lead#todo-silent-{second.pk}"
    make_entry(second)
    facts.announce(personas.team, [WEEK])
    gone = client.post(ADDRESS, form, headers=HTMX)
    assert text(gone, ".item .what") == "Nobody has to be reminded."


def test_unreachable_leads_are_named(personas: Personas, queued: list[int]) -> None:
    make_project(personas.team, "POS")
    named = make_project(personas.team, "对账平台")
    Project.objects.filter(pk=named.pk).update(lead_name="赵宁")
    page = personas.client("manager").post(ADDRESS, ALL, headers=HTMX).content.decode()
    assert "No mail address: 许澄." in page
    assert "Nobody to remind of: POS, 对账平台." in page
    items = elements(page, "#todo-silent .item")
    rows = {text(item, ".subject"): " ".join(item.get_text().split()) for item in items}
    assert rows[personas.project.name].endswith("no mail address")
    for name, reason in (("POS", "no lead"), ("对账平台", "lead has no account")):
        assert reason in rows[name]
        assert rows[name].endswith("Change the lead")
    assert not queued


def test_lead_whose_account_is_deactivated_is_called_that(
    personas: Personas, lead: User, queued: list[int]
) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    client = personas.client("manager")
    page = client.get("/t/pay/")
    assert "account deactivated" in text(page, "#todo-silent .what")
    link = f"/t/pay/projects/{personas.project.pk}/settings/"
    assert attribute(page, "#todo-silent .verb a", "href") == link
    answer = client.post(ADDRESS, {**ALL, "confirmed": "yes"}, follow=True)
    assert "Account deactivated: 许澄." in text(answer)
    assert not queued


def test_a_page_of_last_week_reminds_nobody(
    personas: Personas, lead: User, queued: list[int]
) -> None:
    client = personas.client("manager")
    for stale in ({"week": "2024-W24"}, {}):
        page = client.post(ADDRESS, stale, follow=True).content.decode()
        assert "Nobody has to be reminded." in page
    assert not Reminder.objects.exists()


def test_without_a_broker_the_reminder_waits_for_the_tick(
    personas: Personas,
    lead: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch.object(tasks.send_reminders, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert personas.client("manager").post(ADDRESS, ALL).status_code == 302
    assert Reminder.objects.due(Reminder.objects.get().requested_at).exists()


def test_the_message_leaves_only_with_the_commit(
    personas: Personas,
    lead: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        personas.client("manager").post(ADDRESS, ALL)
    assert len(waiting) == 1


def test_link_to_mails_is_shown_only_while_debugging(
    personas: Personas, lead: User, queued: list[int], settings: Any
) -> None:
    settings.DEBUG = True
    page = personas.client("manager").post(ADDRESS, ALL, headers=HTMX).content.decode()
    assert 'href="/mail/"' in page


@pytest.mark.parametrize("name", ["viewer", "lead"])
def test_viewer_and_lead_see_no_button(personas: Personas, lead: User, name: str) -> None:
    page = personas.client(name).get("/t/pay/").content.decode()
    assert text(page, "#todo-silent .count") == "1"
    assert ADDRESS not in page
    assert "/questions/" not in page
    own = f'href="/t/pay/checkin/#checkin_card_{personas.project.pk}"'
    assert (own in page) == (name == "lead")


AGAIN = "/t/pay/remind/answers/"


@pytest.fixture
def questions(personas: Personas, lead: User) -> list[Question]:
    """Two of the lead's, one of another lead's."""
    personas.other_lead.email = "other@example.com"
    personas.other_lead.save()
    other = make_project(personas.team, "POS", lead=personas.other_lead)
    for project in (personas.project, other):
        make_entry(project)
    texts = (
        (personas.project, "窗口定了吗？"),
        (personas.project, "还差多少？"),
        (other, "测完了吗？"),
    )
    rows = [make_question(project, personas.manager, words) for project, words in texts]
    facts.announce(personas.team, [WEEK])
    return rows


def test_all_who_owe_answers_are_asked_again_by_a_mail_each(
    personas: Personas, questions: list[Question], queued: list[int]
) -> None:
    client = personas.client("manager")
    assert text(client.get("/t/pay/"), "#todo-questions .bulk button") == "Ask all 2 again"
    asked = client.post(AGAIN, ALL, headers=HTMX)
    assert text(asked, "#todo-questions .confirm button") == "Send to 2 people"
    assert not Reminder.objects.exists()
    block = client.post(AGAIN, ALL | {"confirmed": "yes"}, headers=HTMX)
    assert texts(block, "#todo-questions .result") == ["✓ 10:00 asked again"] * 3
    assert text(block, ".notice").startswith("Reminding 2 leads.")
    assert not elements(block, "#todo-questions .bulk")
    assert queued == [personas.team.pk]
    reminder_dispatch.send_due(now=timezone.now())
    mails = {message.to[0]: message for message in mail.outbox}
    assert set(mails) == {"lead@example.com", "other@example.com"}
    message = mails["lead@example.com"]
    assert message.subject == "有 2 个追问等你回答"
    for question in questions[:2]:
        assert question.text in str(message.body)
    assert f"/t/pay/checkin/#checkin_card_{personas.project.pk}" in str(message.body)
    assert "测完了吗？" not in str(message.body)


def test_nobody_is_asked_again_twice_a_day_nor_for_what_was_answered(
    personas: Personas, questions: list[Question], queued: list[int]
) -> None:
    client = personas.client("manager")
    confirmed = ALL | {"confirmed": "yes"}
    client.post(AGAIN, confirmed)
    assert "Reminded already: " in client.post(AGAIN, confirmed, follow=True).content.decode()
    assert Reminder.objects.count() == 2
    for question in questions[:2]:
        answer(question, "定了", by=personas.lead)
    reminder_dispatch.send_due(now=timezone.now())
    assert [message.to for message in mail.outbox] == [["other@example.com"]]
    assert Reminder.objects.get(user=personas.lead).state == SendState.UNWANTED
