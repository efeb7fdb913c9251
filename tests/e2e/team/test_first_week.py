"""A department moves in: old pages by the command line, everything else in a browser.

The browser has no JavaScript, and counts what its user has to decide: what is typed, ticked and
pressed. ``test_setup.py`` sets a team up with JavaScript.
"""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from django.core.management import call_command

from projects.models import Invitation, Project, StatusEntry, Team, User
from projects.teams import invitations
from reports.models import Edition
from tests.conftest import english_client
from tests.factories import PASSWORD
from tests.html import element, elements, text, texts
from tests.plain import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PEOPLE: Final = ("周砚", "唐越", "苏简", "陆白", "何知微")
NAMES: Final = (
    *("门店分账", "扫码点餐", "会员储值", "聚合码牌", "退款提速", "商户进件", "分期收款"),
    *("网关扩容", "账务拆分", "密钥轮换", "日志平台", "灰度发布", "缓存迁移", "限流改造"),
    *("消息总线", "任务调度", "指标字典", "实时看板", "数据血缘", "用户画像", "名单同步"),
    *("合同归档", "审计留痕", "权限收口", "证书轮换", "黑产识别", "合规报送", "牌照续展"),
    *("数据出境", "隐私弹窗", "客诉闭环", "离线缴费", "电子回单", "余额提醒", "开户提速"),
)
FIRST: Final = date(2023, 3, 6)  # of the weeks of old pages, a year before the start
WEEKS: Final = (0, 6, 7)  # so many weeks later


class Counting(PlainBrowser):
    """Counts what is filled in, ticked and pressed."""

    decisions = 0

    def fill(self, name: str, value: str) -> None:
        self.decisions += 1
        super().fill(name, value)

    def press(self, label: str) -> None:
        self.decisions += 1
        super().press(label)

    def follow(self, label: str) -> None:
        self.decisions += 1
        super().follow(label)

    def untick(self, name: str) -> None:
        self.decisions += 1
        (box,) = self.page.xpath(f"//main//input[@type='checkbox' and @name='{name}']")
        box.checked = False


def old_page(week: int) -> str:
    """Every fourth project has no owner; the last three were spoken of in the first week only."""
    friday = FIRST + timedelta(weeks=week, days=4)
    lines = [f"# 周报 {friday:%Y-%m-%d}", ""]
    for number, name in enumerate(NAMES):
        if number % 7 == 0:
            lines += ["", f"## 【O{number // 7 + 1} 方向{number // 7 + 1}】"]
        if number >= len(NAMES) - 3 and week > 0:
            continue
        owner = "" if number % 4 == 3 else f"（负责人：{PEOPLE[number % len(PEOPLE)]}）"
        lines.append(f"- {name}{owner}：联调中，整体进度{min(20 + 5 * week + number, 95)}%")
    return "\n".join(lines)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for week in WEEKS:
        path = tmp_path / f"{FIRST + timedelta(weeks=week, days=4):%Y-%m-%d}.md"
        path.write_text(old_page(week), encoding="utf-8")
    return tmp_path


def manager_browser() -> Counting:
    client = english_client()
    root = User.objects.create_superuser("root", "root@example.com", PASSWORD, name="韩松")
    client.force_login(root)
    return Counting(client, "/")


def test_from_old_pages_to_the_first_published_week(pages: Path) -> None:
    call_command("import_weekly", str(pages), apply=True, stdout=StringIO())
    browser = manager_browser()
    leads_to_the_setup(browser)
    set_up(browser)
    assert "Everything is there." in text(browser.response, ".notice.ok")
    assert not Project.objects.filter(closed_on=None, lead=None, lead_name="").exists()
    for invitation in Invitation.objects.all():
        joins_and_reports(invitation)
    root = User.objects.get(username="root")
    assert not Project.objects.filter(closed_on=None, lead=None).exists()
    assert Project.objects.filter(closed_on=None, lead=root).exists()
    report(browser)
    publish(browser)
    assert browser.decisions <= 60


def leads_to_the_setup(browser: Counting) -> None:
    """The first page accuses nobody: nothing on it is late, moved or contradicts itself."""
    assert browser.path == "/t/team/"
    assert not elements(browser.response, ".late")
    kinds = texts(browser.response, 'section[aria-labelledby="needs"] h3')
    assert [kind for kind in kinds if not kind.startswith("Not updated")] == []
    browser.follow("Continue the set-up")


def set_up(browser: Counting) -> None:
    browser.press("Manage this team")
    browser.follow("Name it")
    browser.fill("name", "支付中台")
    browser.press("Save")
    sort_projects(browser)
    browser.follow("Invite the leads")
    for number, _name in enumerate(texts(browser.response, ".rows strong")):
        browser.fill(f"n{number}-who", f"lead{number}@example.com")
    browser.press("Send invitations")
    browser.follow("Add a cycle")
    assert browser.value("name") == "2024H1"
    browser.press("Create the cycle")
    browser.press("Send me a test mail")


def sort_projects(browser: Counting) -> None:
    """Leads for those without one, and one more project that is over."""
    browser.follow("Assign leads")
    going = element(browser.response, "form.sorting > .table-wrap")
    assert len(elements(going, "tbody tr")) == len(NAMES) - 3
    for field in elements(going, "td.col-who input"):
        if not field.get("value"):
            browser.fill(str(field["name"]), "韩松")
    over = Project.objects.get(name="门店分账")
    browser.untick(f"p{over.pk}-goes_on")
    browser.press("Save all")


def joins_and_reports(invitation: Invitation) -> None:
    browser = PlainBrowser(english_client(), f"/invitations/{invitations.token_of(invitation)}/")
    username = invitation.email.partition("@")[0]
    for field, value in (("username", username), ("password1", PASSWORD), ("password2", PASSWORD)):
        browser.fill(field, value)
    browser.press("Join")
    assert Project.objects.filter(lead__username=username, closed_on=None).exists()
    report(browser)


def report(browser: PlainBrowser) -> None:
    """An update of the first of one's projects."""
    browser.open("/t/team/checkin/")
    browser.fill("text", "联调继续推进")
    browser.press("Save and next")


def publish(browser: Counting) -> None:
    team = Team.objects.get()
    label = team.week_label(team.this_week())
    browser.open(f"/t/team/weeks/{label}/publish/")
    assert StatusEntry.objects.filter(week=team.this_week()).count() == len(PEOPLE) + 1
    browser.press("Publish Edition 1")
    browser.press("Publish Edition 1")  # asked, as not all projects are updated
    assert Edition.objects.get().page.week == team.this_week()
