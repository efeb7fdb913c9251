"""What the mail of comments says, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from projects.comments import letters
from projects.models import Comment, CommentMail, CommentNotice, Language, User
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_comment, make_project
from tests.reports.render.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def notice(comment: Comment, user: User) -> CommentNotice:
    return CommentNotice(team=comment.team, comment=comment, user=user)


@pytest.mark.parametrize("language", Language.values)
def test_mail_tells_of_the_comments_by_entry(personas: Personas, language: str) -> None:
    personas.team.language = language
    pos = make_project(personas.team, "自建POS", lead=personas.other_lead)
    words = "联调环境<周四>能到位吗？\n@陈默 请确认 & 回复"
    question = make_comment(personas.project, personas.viewer, words)
    answer = make_comment(
        personas.project, personas.manager, "周四上午", at=NOW + timedelta(hours=2)
    )
    of_last_week = make_comment(pos, personas.viewer, "上周的事", WEEK - ONE_WEEK)
    mail = CommentMail(team=personas.team, user=personas.other_lead, day=WEEK)
    for row in (question, answer, of_last_week):
        row.team = personas.team
    letter = letters.letter_of(
        mail,
        [
            notice(question, personas.other_lead),
            notice(question, personas.lead),  # for whom they stand in
            notice(of_last_week, personas.other_lead),
            notice(answer, personas.lead),
        ],
    )
    # Where the database counts on, the keys differ from run to run.
    keys = {personas.project.pk: "P1", pos.pk: "P2"}
    text, html = (
        re.sub(r"(?<=comments=)\d+|(?<=#project-)\d+", lambda key: keys[int(key[0])], page)
        for page in (letter.text, letter.html)
    )
    assert_golden(f"comments.{language}.txt", f"Subject: {letter.subject}\n\n{text}")
    assert_golden(f"comments.{language}.html", html)


def test_links_carry_the_monday_and_the_anchor_of_the_entry(personas: Personas) -> None:
    comment = make_comment(personas.project, personas.viewer)
    mail = CommentMail(team=personas.team, user=personas.lead, day=WEEK)
    letter = letters.letter_of(mail, [notice(comment, personas.lead)])
    key = personas.project.pk
    page = f"https://okr.example.com/t/pay/weeks/2024-06-17/draft/?comments={key}#project-{key}"
    assert re.findall(r'href="([^"]*)"', letter.html) == [page, "https://okr.example.com/account/"]
    assert page in letter.text


def test_long_mail_says_how_many_more_there_are(personas: Personas) -> None:
    comments = [
        make_comment(personas.project, personas.viewer, f"第{n}条。")
        for n in range(letters.MOST_SHOWN + 2)
    ]
    personas.team.language = Language.ENGLISH
    mail = CommentMail(team=personas.team, user=personas.lead, day=WEEK)
    letter = letters.letter_of(mail, [notice(comment, personas.lead) for comment in comments])
    assert letter.subject == "32 new comments: 贝易转"
    assert len(re.findall("第.+条。", letter.text)) == letters.MOST_SHOWN
    assert "2 more comments are on the pages." in letter.text


def test_subject_names_three_projects(personas: Personas) -> None:
    notices = [
        notice(make_comment(make_project(personas.team, name), personas.viewer), personas.lead)
        for name in ("甲", "乙", "丙", "丁")
    ]
    mail = CommentMail(team=personas.team, user=personas.lead, day=WEEK)
    assert letters.letter_of(mail, notices).subject == "4 条新评论：甲、乙、丙 …"
