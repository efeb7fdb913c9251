"""Comments under an entry: written, taken back and shown by whoever may see the entry."""

from __future__ import annotations

from typing import Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.comments import writing
from projects.models import AuditRecord, Comment, Membership, Role
from projects.models.comments import LONGEST_COMMENT
from projects.weeks import WEEK as ONE_WEEK
from reports.pages import live, publish
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_comment, make_deputy, make_entry, make_user
from tests.html import element, elements, text, texts
from tests.plain import PlainBrowser
from tests.tables import each_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HTMX: Final = {"HX-Request": "true"}
PAGES: Final = {
    "project": "/t/pay/projects/{}/",
    "draft": "/t/pay/weeks/2024-W25/draft/",
    "live": "/t/pay/weeks/2024-W25/",
    "thread": "/t/pay/projects/{}/comments/2024-W25/",
}


def address(personas: Personas, label: str = "2024-W25") -> str:
    return f"/t/pay/projects/{personas.project.pk}/comments/{label}/"


@pytest.mark.parametrize("name", ["viewer", "lead", "other_lead", "manager"])
def test_whoever_sees_the_entry_writes_under_it(personas: Personas, name: str) -> None:
    make_entry(personas.project)
    page = PlainBrowser(personas.client(name), address(personas))
    page.fill("text", "看到了 @manager")
    page.press("Send")
    comment = Comment.objects.get()
    assert (comment.text, comment.author) == ("看到了 @manager", getattr(personas, name))
    assert page.path == address(personas)
    assert texts(page.response, f"#comment-{comment.pk} .prose") == ["看到了 @manager"]


def test_htmx_gets_the_thread_in_place_with_the_new_comment_in_focus(personas: Personas) -> None:
    make_entry(personas.project)
    client = personas.client("viewer")
    form = client.get(address(personas), headers=HTMX)
    assert element(form, "form.comment-form")["hx-post"] == address(personas)
    response = client.post(address(personas), {"text": "看到了 @许澄"}, headers=HTMX)
    comment = Comment.objects.get()
    assert element(response, "[autofocus]")["id"] == f"comment-{comment.pk}"
    assert text(response, "summary") == "1 comment"
    assert texts(response, f"#comment-{comment.pk} .small")[-1] == "Notifies: 许澄"
    assert not elements(response, "form.comment-form")


@each_row(
    ("words", "sentence"),
    [
        ("", "A comment has words."),
        (" \u200b\u202e\n", "A comment has words."),
        ("长" * 10_000, "A comment has at most 2000 characters; this one has 10000."),
        ("\0", "A comment has words."),
        ("@王芳 看", "Several people are called so. Write who you mean: @王芳 (a), @王芳 (b)."),
        (" ".join(f"@u{n:03}" for n in range(200)), "A comment can name at most 20 people."),
    ],
)
def test_what_cannot_be_written_comes_back_with_the_reason(
    personas: Personas, words: str, sentence: str
) -> None:
    make_entry(personas.project)
    for username in ("a", "b"):
        make_user(username, "王芳", personas.team, Role.VIEWER)
    for number in range(25):
        make_user(f"u{number:03}", team=personas.team, role=Role.VIEWER)
    for headers in ({}, HTMX):
        response = personas.client("viewer").post(
            address(personas), {"text": words}, headers=headers
        )
        assert response.status_code == 422
        assert texts(response, ".comment-form .errorlist li") == [sentence]
        typed_text = element(response, "textarea[name=text]").text
        assert typed_text.removeprefix("\n").strip() == words.replace("\0", "").strip()
        assert not element(response, "textarea[name=text]").has_attr("maxlength")
    assert not Comment.objects.exists()


def test_longest_comment_is_taken(personas: Personas) -> None:
    make_entry(personas.project)
    personas.client("viewer").post(address(personas), {"text": "长" * LONGEST_COMMENT})
    assert len(Comment.objects.get().text) == LONGEST_COMMENT


def test_markup_and_characters_of_direction_are_shown_as_written(personas: Personas) -> None:
    make_entry(personas.project)
    words = "<script>alert(1)</script> \u202e倒着 <b>粗</b>"
    response = personas.client("viewer").post(address(personas), {"text": words}, follow=True)
    assert text(response, ".comments .prose") == words
    assert not elements(response, ".comments script, .comments b:not(.by b)")


def test_same_form_sent_twice_writes_one(personas: Personas) -> None:
    make_entry(personas.project)
    client = personas.client("viewer")
    for _twice in range(2):
        assert client.post(address(personas), {"text": "看到了"}).status_code == 302
    assert Comment.objects.count() == 1


def test_entry_that_was_removed_meanwhile_is_said_with_what_was_typed(personas: Personas) -> None:
    entry = make_entry(personas.project)
    client = personas.client("viewer")
    client.get(address(personas))
    entry.delete()
    response = client.post(address(personas), {"text": "写了很久的话"})
    assert response.status_code == 404
    assert "写了很久的话" in response.text
    assert client.get(address(personas)).status_code == 404


def test_week_without_an_entry_shows_its_comments_and_takes_none(personas: Personas) -> None:
    make_comment(personas.project, personas.viewer, "留着")
    response = personas.client("viewer").get(address(personas))
    assert texts(response, ".comments .prose") == ["留着"]
    assert not elements(response, ".comment-form, .comment-open")


@pytest.mark.parametrize("label", ["2024-W99", "nonsense", "9999-W01", "2024-13-01"])
def test_no_such_week(personas: Personas, label: str) -> None:
    assert personas.client("viewer").get(address(personas, label)).status_code == 404


def test_day_leads_to_its_week(personas: Personas) -> None:
    make_entry(personas.project)
    response = personas.client("viewer").get(address(personas, "2024-06-17"))
    assert response["Location"] == address(personas)


@pytest.mark.parametrize(
    ("name", "status"), [("viewer", 302), ("manager", 302), ("lead", 403), ("outsider", 404)]
)
def test_author_and_manager_take_a_comment_back(personas: Personas, name: str, status: int) -> None:
    make_entry(personas.project)
    comment = make_comment(personas.project, personas.viewer, "手滑了")
    client = personas.client(name)
    for _twice in range(2):
        response = client.post(f"/t/pay/comments/{comment.pk}/remove/")
        assert response.status_code == status
    comment.refresh_from_db()
    assert (comment.removed_at is not None) is (status == 302)
    assert AuditRecord.objects.filter(action="comment.remove").count() == (status == 302)


def test_deputy_of_a_manager_takes_a_comment_back_in_their_name(personas: Personas) -> None:
    comment = make_comment(personas.project, personas.viewer, "手滑了")
    rows = {row.user_id: row for row in Membership.objects.filter(team=personas.team)}
    make_deputy(rows[personas.manager.pk], rows[personas.lead.pk])
    personas.client("lead").post(f"/t/pay/comments/{comment.pk}/remove/")
    record = AuditRecord.objects.get(action="comment.remove")
    assert (record.by, record.on_behalf_of) == (personas.lead, personas.manager)


@pytest.mark.parametrize("page", PAGES)
def test_comments_stand_under_their_entry(personas: Personas, page: str) -> None:
    make_entry(personas.project)
    first = make_comment(personas.project, personas.viewer, "第一条")
    second = make_comment(personas.project, personas.manager, "第二条")
    writing.remove(second, by=personas.manager, at=NOW)
    make_comment(personas.project, personas.manager, "别的周", WEEK - ONE_WEEK)
    live.compile_page(personas.team, WEEK)
    shown = personas.client("viewer").get(PAGES[page].format(personas.project.pk))
    anchor = f"#comments-{personas.project.pk}-20240617"
    assert text(shown, f"{anchor} summary") == "1 comment"
    assert texts(shown, f"{anchor} .prose") == ["第一条"]
    assert texts(shown, f"{anchor} #comment-{second.pk}") == ["Removed by 林岚, just now"]
    assert element(shown, f"#comment-{first.pk} form")["action"] == (
        f"/t/pay/comments/{first.pk}/remove/"
    )
    assert "第二条" not in shown.text
    assert "别的周" not in shown.text


def test_check_in_shows_comments_on_folded_and_open_cards(personas: Personas) -> None:
    make_entry(personas.project, author=personas.lead)
    make_comment(personas.project, personas.viewer, "看到了")
    client = personas.client("lead")
    card = f"#checkin_card_{personas.project.pk}"
    assert text(client.get("/t/pay/checkin/"), f"{card} .comments summary") == "1 comment"
    opened = client.get(f"/t/pay/checkin/?open={personas.project.pk}")
    assert texts(opened, f"{card} .comments .prose") == ["看到了"]
    assert not elements(opened, "form.checkin .comments")  # a form within a form is none
    alone = client.get(f"/t/pay/projects/{personas.project.pk}/checkin/", headers=HTMX)
    assert texts(alone, f"{card} .comments .prose") == ["看到了"]


def test_check_in_shows_comments_on_last_week_until_this_week_has_an_entry(
    personas: Personas,
) -> None:
    make_entry(personas.project, WEEK - ONE_WEEK, author=personas.lead)
    make_comment(personas.project, personas.viewer, "上周的", WEEK - ONE_WEEK)
    page = personas.client("lead").get(f"/t/pay/checkin/?open={personas.project.pk}")
    assert element(page, ".comments")["id"] == f"comments-{personas.project.pk}-20240610"
    assert texts(page, ".comments .prose") == ["上周的"]


def test_link_of_a_mail_opens_the_comments_of_its_project(personas: Personas) -> None:
    make_entry(personas.project)
    make_comment(personas.project, personas.viewer)
    live.compile_page(personas.team, WEEK)
    client, page = personas.client("viewer"), "/t/pay/weeks/2024-W25/draft/"
    for query, is_open in (
        ("", False),
        (f"?comments={personas.project.pk}", True),
        ("?comments=all", True),
    ):
        details = element(client.get(f"{page}{query}"), ".comments > details")
        assert details.has_attr("open") is is_open, query


def test_edition_stays_as_published_and_leads_to_the_comments(personas: Personas) -> None:
    make_entry(personas.project)
    live.compile_page(personas.team, WEEK)
    edition = publish.publish_week(
        personas.team, WEEK, publish.Publication(by=personas.manager, mails=False)
    )
    client, path = personas.client("viewer"), "/t/pay/weeks/2024-W25/"
    before = client.get(path)
    link = "a[href='/t/pay/weeks/2024-W25/draft/?comments=all']"
    assert text(before, link) == "Comment"
    client.post(address(personas), {"text": "出版以后的话"})
    after = client.get(path)
    assert text(after, link) == "1 comment"
    assert "出版以后的话" not in after.text
    assert element(after, "article.sheet") == element(before, "article.sheet")
    assert not publish.has_moved_on(edition)


@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_files_of_a_page_have_no_comments(personas: Personas, ending: str) -> None:
    make_entry(personas.project)
    make_comment(personas.project, personas.viewer, "不在文件里")
    live.compile_page(personas.team, WEEK)
    response = personas.client("viewer").get(f"/t/pay/weeks/2024-W25/export.{ending}?draft")
    assert "不在文件里" not in response.getvalue().decode()


def test_comments_on_history_are_read_and_not_written(personas: Personas) -> None:
    make_entry(personas.project, WEEK - ONE_WEEK)
    make_comment(personas.project, personas.viewer, "那时的话", WEEK - ONE_WEEK)
    personas.team.starts_on = WEEK
    personas.team.save()
    client, path = personas.client("viewer"), address(personas, "2024-W24")
    shown = client.get(path)
    assert texts(shown, ".comments .prose") == ["那时的话"]
    assert not elements(shown, ".comment-form, .comment-open")
    assert client.post(path, {"text": "现在的话"}).status_code == 403
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("page", [*PAGES.values(), "/t/pay/checkin/?of=all"])
def test_number_of_queries_does_not_grow_with_comments(personas: Personas, page: str) -> None:
    make_entry(personas.project)
    live.compile_page(personas.team, WEEK)
    client, path = personas.client("manager"), page.format(personas.project.pk)
    counts = []
    for size in (1, 5):
        for number in range(size):
            writer = make_user(f"w{size}-{number}", team=personas.team)
            writing.write(personas.project, WEEK, f"@manager {number}", by=writer)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]
