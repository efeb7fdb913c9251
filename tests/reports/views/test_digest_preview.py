from __future__ import annotations

import pytest

from projects.models import Membership
from reports.pages.publish import Publication, publish_week
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ADDRESS = "/t/pay/weeks/2024-W25/digest/"


def test_before_publishing_it_is_the_mail_of_the_draft(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    page = personas.client("manager").get(ADDRESS)
    assert page.status_code == 200
    shown = page.context["shown"]
    assert shown.edition is None
    assert page.context["text"].startswith("草稿：本页尚未发布")
    assert "draft, not published" in page.content.decode()
    assert "联调完成" in page.context["text"]


def test_after_it_the_latest_edition(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = personas.client("manager").get(ADDRESS)
    assert page.context["shown"].edition.number == 1
    assert "草稿" not in page.context["text"]


def test_of_a_correction_that_is_not_published_yet(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = personas.client("manager").get(f"{ADDRESS}?draft=1")
    assert page.context["shown"].edition is None
    assert page.context["text"].startswith("草稿")
    assert "draft=1" in page.context["query"]


def test_it_says_from_whom_to_how_many_and_how_long(personas: Personas) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    page = personas.client("manager").get(ADDRESS)
    html = page.content.decode()
    assert "OKR Tracker &lt;okrtracker@localhost&gt;" in html
    assert "1 recipient" in html
    assert 0 < page.context["size"] < 102_000


def test_as_a_lead_it_shows_what_they_owe(personas: Personas) -> None:
    make_question(personas.project, personas.manager)
    client = personas.client("manager")
    page = client.get(ADDRESS)
    assert [one.name for one in page.context["shown"].debtors] == ["许澄"]
    assert "待办" not in page.context["text"]
    lead = Membership.objects.get(user=personas.lead)
    page = client.get(f"{ADDRESS}?as={lead.pk}")
    assert "你有 2 件事待办" in page.context["text"]
    assert f"as={lead.pk}" in page.context["query"]


def test_in_the_other_language(personas: Personas) -> None:
    page = personas.client("manager").get(f"{ADDRESS}?language=en")
    assert "Weekly report 2024-W25" in page.context["text"]


def test_what_is_not_known_is_passed_over(personas: Personas) -> None:
    page = personas.client("manager").get(f"{ADDRESS}?language=xx&look=loud&as=nobody")
    assert page.status_code == 200
    assert page.context["shown"].look == "light"


def test_a_week_without_a_page_has_no_mail(personas: Personas) -> None:
    assert personas.client("manager").get("/t/pay/weeks/2024-W30/digest/").status_code == 404


def test_only_managers_see_it(personas: Personas) -> None:
    assert personas.client("lead").get(ADDRESS).status_code == 403
