from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from hypothesis import given

from okrtracker.mail.mime import TOP_HTML, TOP_TEXT, Mail, pack, unpack
from reports.render.mail import digest, digest_html
from reports.render.mail.columns import WIDTH, columns
from reports.render.mail.digest_html import LIMIT
from reports.render.mail.headline import LONGEST_SUBJECT
from reports.weekly.changes import Change, ChangedPart, ChangeKind, Imprint, JoinedWeek
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import Owed, OwedAnswer, OwedEntry, OwedMilestone
from reports.weekly.rows import WeekRows
from tests.examples import examples
from tests.reports.render.golden import assert_golden
from tests.reports.render.sample import imported_week, kept_week
from tests.reports.weekly.builders import (
    WEEK,
    entry,
    history,
    objective,
    project,
    section,
    week_rows,
)
from tests.reports.weekly.strategies import any_rows
from tests.tables import each_row

IMPRINT: Final = Imprint(
    2, datetime(2024, 6, 21, 17, 42, tzinfo=UTC), "林岚", "3f2a9c" * 10, "错字"
)
OWED: Final = Owed(
    team_slug="pay",
    year=2024,
    entries=(OwedEntry(5, "巡检工具", None), OwedEntry(4, "实时数仓", 2)),
    answers=(OwedAnswer(2, "POS", "谁去跟银联的<复审>？", "林岚"),),
    milestones=(OwedMilestone(3, "农行存管", "一期", WEEK, "day", 4),),
)
LINK: Final = "https://okr.example.com/subscription/abc/"


def mail(document: WeeklyDocument | None = None, language: str = "zh-hans") -> Mail:
    return digest.compose(document or kept_week(), IMPRINT, language)


def as_read(made: Mail, owed: Owed | None = OWED) -> tuple[str, str]:
    """Text and HTML with a reader's own part."""
    own = digest.own_part(made.language, owed, LINK)
    return own.text_of(made), own.html_of(made)


def in_lines(html: str) -> str:
    lines = html.replace("<tr", "\n<tr").replace("<div", "\n<div").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()) + "\n"


@each_row("language", ["zh-hans", "en"])
def test_a_page_that_is_kept_here(language: str) -> None:
    made = mail(language=language)
    text, html = as_read(made)
    assert_golden(f"digest.{language}.txt", f"{made.subject}\n\n{text}")
    assert_golden(f"digest.{language}.html", in_lines(html))


def test_a_correction_comes_as_one_with_what_it_changes_at_the_top() -> None:
    change = Change(ChangedPart.ENTRY, ChangeKind.CHANGED, "1", "贝易转", "percent", "60", "65")
    imprint = replace(IMPRINT, changes=(change,) * 9, follows_mail=True)
    made = digest.compose(kept_week(), imprint, "en")
    assert made.subject == "[Correction] 支付产研 weekly 2024-W25: 错字"
    text, html = as_read(made)
    for part in (text, html.partition("<h1")[2]):
        places = [
            part.index(words) for words in ("Correction: 错字", "60% → 65%", "1 more", "Progress")
        ]
        assert places == sorted(places)
    without_reason = digest.compose(kept_week(), replace(imprint, note=""), "en")
    assert without_reason.subject == (
        "[Correction] 支付产研 weekly 2024-W25: 贝易转: percent 60% → 65%"
    )
    at_length = digest.compose(kept_week(), replace(imprint, note="写错了，" * 30), "en").subject
    assert at_length.endswith("写…")
    assert len(at_length) <= LONGEST_SUBJECT + 1


def test_it_leads_to_the_idle_weeks_that_were_published_with_it() -> None:
    imprint = replace(IMPRINT, joined=(JoinedWeek(WEEK - timedelta(days=7), "2024-W24"),))
    text, html = as_read(digest.compose(kept_week(), imprint, "en"))
    page = "https://okr.example.com/t/pay/weeks/2024-06-10/"
    assert f"Published together with it: 2024-W24 (Jun 10 – Jun 16)\n{page}\n" in text
    assert f'href="{page}"' in html


def test_an_imported_page() -> None:
    text, _html = as_read(mail(imported_week()), owed=None)
    assert_golden("digest.imported.txt", text)


def test_the_same_page_makes_the_same_mail() -> None:
    assert pack(mail()) == pack(mail())


def test_what_is_packed_is_unpacked() -> None:
    made = mail()
    again = unpack(pack(made), pdf=b"%PDF")
    assert (again.subject, again.text, again.html) == (made.subject, made.text, made.html)
    assert (again.images, again.list_id, again.pdf) == (made.images, made.list_id, b"%PDF")


def test_a_page_that_is_not_published_says_so() -> None:
    draft = digest.compose(kept_week(), None, "en")
    assert "not published yet" in draft.text
    assert "not published yet" in draft.html
    assert "not published yet" not in mail(language="en").text


def test_common_part_holds_nothing_of_a_reader() -> None:
    made = mail()
    assert "巡检工具 尚无更新\n\n" not in made.text
    text, html = as_read(made, owed=None)
    assert TOP_TEXT not in text
    assert TOP_HTML not in html
    assert "待办" not in text + html
    assert LINK in text
    assert LINK in html


def test_owed_things_stand_above_the_news() -> None:
    text, html = as_read(mail())
    assert text.index("你有 4 件事待办") < text.index("进展")
    row = BeautifulSoup(html, "lxml").select_one("div.owes")
    assert row is not None
    link = row.find("a")
    assert isinstance(link, Tag)
    assert str(link["href"]).endswith("/t/pay/checkin/#checkin_card_5")
    assert "林岚：谁去跟银联的<复审>？" in row.text
    assert "&lt;复审&gt;" in html


# --- safe, and at home everywhere -------------------------------------------------------------


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def test_markup_of_people_is_escaped() -> None:
    evil = "<script>alert(1)</script> <!--owed--> <img src=x onerror=1> [a](javascript:alert(1))"
    page = compile_week(
        week_rows(
            [project(evil, entry(evil, 60, risks=evil, stage=evil))],
            sections=(section("custom", evil, evil),),
            objectives=(objective("O1", evil),),
        )
    )
    text, html = as_read(mail(page))
    assert "<script>alert(1)</script>" in text
    assert not soup(html).find_all(["script", "iframe", "link", "object", "form"])
    assert not [tag for tag in soup(html).find_all() for name in tag.attrs if name.startswith("on")]
    assert "javascript:" not in "".join(str(a.get("href")) for a in soup(html).find_all("a"))
    assert html.count('class="owes"') == 1


def test_control_characters_do_not_reach_the_text() -> None:
    page = compile_week(week_rows([project("\x1eowed\x1e", entry("a\x1eowed\x1eb\x07", 60))]))
    assert mail(page).text.count(TOP_TEXT) == 1


def test_each_link_is_absolute_and_nothing_is_loaded() -> None:
    page = compile_week(week_rows([project("a", entry("[x](/t/pay/) [y](//evil.example) <b>", 1))]))
    for made in (mail(), mail(page)):
        _text, html = as_read(made)
        page_soup = soup(html)
        links = [str(a["href"]) for a in page_soup.find_all("a")]
        assert links
        assert all(link.startswith(("https://", "mailto:")) for link in links), links
        sources = [str(tag["src"]) for tag in page_soup.find_all(src=True)]
        assert all(source.startswith("cid:") for source in sources)
        assert not re.search(r"url\(|@import", html)
    assert "https://okr.example.com/t/pay/" in links


def test_the_news_leads_to_its_project_on_the_page() -> None:
    links = [str(a["href"]) for a in soup(mail().html).find_all("a")]
    assert "https://okr.example.com/t/pay/weeks/2024-06-17/#project-2" in links
    assert "https://okr.example.com/t/pay/weeks/2024-06-17/#incidents" in links


def test_each_picture_says_its_figures_in_words() -> None:
    rows = [project("贝易转", entry("x", 72, is_focus=True), history=history(52, 60, 72))]
    made = mail(compile_week(week_rows(rows)))
    shown = soup(made.html).find_all("img")
    assert [tag["alt"] for tag in shown] == ["近 3 周：52% 到 72%"]
    assert [tag["src"] for tag in shown] == [f"cid:{image.cid}" for image in made.images]
    assert all(image.png.startswith(b"\x89PNG") for image in made.images)


def test_tables_for_layout_say_that_they_are_none() -> None:
    for table in soup(mail().html).find_all("table"):
        assert table.get("role") == "presentation" or "d" in table["class"]


# --- colours ----------------------------------------------------------------------------------


def declared(style: str, name: str) -> str | None:
    colours = re.findall(rf"(?:^|[;\s{{]){name}:\s*(#[0-9a-f]{{3,6}})", style)
    return colours[-1] if colours else None


def of_night(html: str) -> dict[str, str]:
    """The declarations of each selector of the night's rules."""
    style = html.partition("prefers-color-scheme")[2].partition("</style>")[0]
    rules: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]+)\}", style.partition("{")[2]):
        for selector in selectors.split(","):
            rules[selector.strip()] = rules.get(selector.strip(), "") + ";" + body
    return rules


def colour(tag: Tag, name: str, rules: dict[str, str]) -> str:
    """What is painted at the element: its own, by night that of the last rule, or inherited."""
    here: Tag | None = tag
    while here is not None:
        declared_colour = declared(str(here.get("style", "")), name)
        names = [here.name, *(f".{class_name}" for class_name in here.get("class") or ())]
        for selector in (selector for selector in names if selector in rules):
            declared_colour = declared(rules[selector], name) or declared_colour
        if declared_colour:
            return declared_colour
        here = here.parent
    return {"color": "#000000", "background": "#ffffff"}[name]


def luminance(shade: str) -> float:
    digits = shade[1:] if len(shade) == 7 else "".join(digit * 2 for digit in shade[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def texts(html: str) -> Iterator[Tag]:
    for tag in soup(html).body.find_all():  # type: ignore[union-attr]  # there is one
        says = any(type(s) is NavigableString and s.strip("\xa0 \n") for s in tag.children)
        if says and "pre" not in (tag.get("class") or ()):
            yield tag


@each_row("is_night", [False, True])
def test_every_text_contrasts_with_its_background(is_night: bool) -> None:
    _text, html = as_read(mail())
    rules = of_night(html) if is_night else {}
    assert not is_night or rules[".card"]
    for tag in texts(html):
        shades = sorted(
            (luminance(colour(tag, name, rules)) for name in ("color", "background")), reverse=True
        )
        assert (shades[0] + 0.05) / (shades[1] + 0.05) >= 4.5, str(tag)[:200]


# --- long pages -------------------------------------------------------------------------------


def long_page(projects: int, size: int = 900) -> WeeklyDocument:
    """That many projects under four objectives, each with a text of about that many letters."""
    rows = [
        project(
            f"项目{n:03}",
            entry("\n".join(f"- 第{i}项联调进行中，等专线" for i in range(size // 15)), n % 100),
            pk=n,
            objective_id=1 + n % 4,
            last_percent=Decimal(n % 90),
        )
        for n in range(1, projects + 1)
    ]
    objectives = tuple(objective(f"O{n}", f"目标{n}", pk=n) for n in range(1, 5))
    return compile_week(week_rows(rows, objectives=objectives))


def many_owed() -> Owed:
    names = [f"项目{'长' * 40}{n}" for n in range(30)]
    return Owed(
        "pay",
        2024,
        tuple(OwedEntry(1, name, 3) for name in names),
        tuple(OwedAnswer(1, name, "问" * 500, "林岚") for name in names),
        tuple(OwedMilestone(1, name, "里程碑" * 40, WEEK, "day", 3) for name in names),
    )


@each_row("projects", [40, 200, 500])
def test_a_long_page_is_cut_at_whole_entries_and_says_so(projects: int) -> None:
    made = mail(long_page(projects), language="en")
    _text, html = as_read(made, many_owed())
    assert len(html.encode()) <= LIMIT
    page = soup(html)
    shown = {a.text for a in page.select("a.n")}
    assert len(shown) >= 10
    numbers = [int(n) for n in re.findall(r"the other (\d+) projects? on the page", html)]
    assert sum(numbers) + len(shown) == projects
    if projects == 200:
        # What is left out is named with its figures.
        assert all(f"项目{n:03}" in html for n in range(1, projects + 1))
    assert made.text.count("[项目") == projects  # the text is cut nowhere


def test_rows_that_will_be_cut_are_not_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Counter[str]()
    make = digest_html._partial

    def counting(name: str, context: dict[str, object]) -> str:
        made[name] += 1
        return make(name, context)

    monkeypatch.setattr(digest_html, "_partial", counting)
    html = mail(long_page(400, size=900), language="en").html
    assert len(soup(html).select("a.n")) <= made["entry"] < 60


def test_a_page_that_fits_is_not_cut() -> None:
    html = mail(long_page(40, size=100), language="en").html
    assert "the other" not in html
    assert len(soup(html).select("a.n")) == 40


def test_a_text_that_is_too_long_alone_is_left_to_the_page() -> None:
    page = compile_week(week_rows(sections=(section("custom", "长文", "很长的话。" * 20_000),)))
    html = mail(page, language="en").html
    assert len(html.encode()) <= LIMIT
    assert "This part is too long for a mail." in html
    assert "长文" in html


def test_mail_with_too_many_sections_is_cut() -> None:
    parts = tuple(section("custom", f"标题{n}" * 20, f"话{n}") for n in range(600))
    html = mail(compile_week(week_rows(sections=parts)), language="en").html
    assert len(html.encode()) <= LIMIT
    assert html.rstrip().endswith("</html>")
    assert "This part is too long for a mail." in html


@given(any_rows())
@examples(0.4)
def test_any_page_makes_a_mail_that_is_short_enough(rows: WeekRows) -> None:
    made = mail(compile_week(rows))
    assert len(as_read(made)[1].encode()) <= LIMIT
    assert "\n" not in made.subject
    assert len(made.subject) <= 90


# --- the text ---------------------------------------------------------------------------------


@each_row("language", ["zh-hans", "en"])
def test_lines_of_the_text_fit_their_window(language: str) -> None:
    text, _html = as_read(mail(language=language))
    long = [line for line in text.splitlines() if columns(line) > WIDTH and "://" not in line]
    assert long == []


def test_the_text_says_what_the_html_says() -> None:
    made = mail()
    words = soup(made.html).body.get_text(" ")  # type: ignore[union-attr]  # there is one
    for name in (
        "贝易转",
        "POS",
        "农行存管",
        "对账任务超时",
        "评审要早于排期。",
        "谁去跟银联的复审？",
    ):
        assert name in made.text
        assert name in words


def test_a_correction_says_what_it_corrects() -> None:
    from reports.weekly.changes import changes_between

    old = kept_week()
    new = replace(old, title="周报 第二版")
    imprint = replace(IMPRINT, changes=changes_between(old, new), previous=1)
    made = digest.compose(new, imprint, "en")
    assert "Correction: 错字" in made.text
    assert "Changed since the edition before" in made.text
    assert "Changed since the edition before" in made.html
