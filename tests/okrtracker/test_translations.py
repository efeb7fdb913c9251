from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.core.management import CommandError, call_command

from okrtracker.translations import CatalogFiles, as_mo, as_po, collect, problems, read, update

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

HELP = gettext_lazy("Help")

def text(n):
    # Translators: shown in the head of the table
    title = _("Due date")
    return title + ngettext("%(n)s day", "%(n)s days", n) + pgettext("month", "May")
"""

TEMPLATE = """{% load i18n %}
{% if x %}
      {% trans "Sign in" %}
  {% blocktranslate count n=weeks trimmed %}
    {{ n }} week
  {% plural %}
    {{ n }} weeks
  {% endblocktranslate %}
{% endif %}
<p title="{% translate "Open" context "a door" %}">{{ _("Week")|upper }} it's "quoted" (not) [code
"""


@pytest.fixture
def place(tmp_path: Path) -> CatalogFiles:
    (tmp_path / "projects" / "migrations").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "projects" / "texts.py").write_text(PYTHON)
    (tmp_path / "projects" / "migrations" / "0001.py").write_text('_("never shown")')
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    place = CatalogFiles(tmp_path)
    place.po.parent.mkdir(parents=True)
    return place


def test_collects_from_python_and_templates(place: CatalogFiles) -> None:
    messages = {(message.id, message.context) for message in collect(place) if message.id}
    assert messages == {
        ("Help", None),
        ("Due date", None),
        (("%(n)s day", "%(n)s days"), None),
        ("May", "month"),
        ("Sign in", None),
        (("%(n)s week", "%(n)s weeks"), None),
        ("Open", "a door"),
        ("Week", None),
    }
    due = _message(collect(place), "Due date")
    assert due.auto_comments == ["Translators: shown in the head of the table"]
    assert due.locations[0][0] == "projects/texts.py"


def _message(catalog: Catalog, text: str | tuple[str, str]) -> Message:
    message = catalog.get(text)
    assert message is not None
    return message


def _translate_all(place: CatalogFiles) -> None:
    catalogue, collected = read(place), collect(place)
    update(catalogue, collected)
    for message in catalogue:
        if message.id:
            many = isinstance(message.id, tuple)
            message.string = ("%(n)s 译文",) if many else "译文"
    place.po.write_bytes(as_po(catalogue))


def test_update_keeps_translations_adds_new_and_drops_old(place: CatalogFiles) -> None:
    _translate_all(place)
    (place.root / "projects" / "texts.py").write_text('_("Due date")\n_("Due dates")')
    catalogue = read(place)
    update(catalogue, collect(place))

    assert _message(catalogue, "Due date").string == "译文"
    new = _message(catalogue, "Due dates")
    assert not new.string  # not guessed from its neighbour
    assert not new.fuzzy
    assert catalogue.get("Help") is None
    assert "#~" not in as_po(catalogue).decode()


def test_update_of_an_unchanged_project_changes_nothing(place: CatalogFiles) -> None:
    _translate_all(place)
    before = place.po.read_bytes()
    catalogue = read(place)
    update(catalogue, collect(place))
    assert as_po(catalogue) == before


def test_problems(place: CatalogFiles) -> None:
    _translate_all(place)
    catalogue = read(place)
    assert list(problems(catalogue, collect(place))) == []

    _message(catalogue, "Help").string = ""
    _message(catalogue, "Due date").flags.add("fuzzy")
    _message(catalogue, ("%(n)s day", "%(n)s days")).string = ("%(count)s 天",)
    catalogue.add("Gone", "没了")
    kinds = sorted(line.split(":")[0] for line in problems(catalogue, collect(place)))
    assert kinds == ["fuzzy", "not translated", "obsolete", "wrong"]


def test_compiled_catalogue_is_what_gettext_reads(place: CatalogFiles) -> None:
    _translate_all(place)
    compiled = gettext.GNUTranslations(io.BytesIO(as_mo(read(place))))
    assert compiled.gettext("Due date") == "译文"
    assert compiled.pgettext("month", "May") == "译文"
    # Chinese has one form for every number.
    assert compiled.ngettext("%(n)s day", "%(n)s days", 1) == "%(n)s 译文"
    assert compiled.ngettext("%(n)s day", "%(n)s days", 5) == "%(n)s 译文"


def test_committed_catalogue_is_compiled() -> None:
    place = CatalogFiles(settings.BASE_DIR)
    assert place.mo.read_bytes() == as_mo(read(place)), "run manage.py translations"


def test_check_fails_with_one_line_for_each_text(place: CatalogFiles, settings: object) -> None:
    settings.BASE_DIR = place.root  # type: ignore[attr-defined]
    stderr = io.StringIO()
    with pytest.raises(CommandError, match="9 found"):  # eight texts, and nothing compiled
        call_command("translations", "--check", stderr=stderr)
    assert len(stderr.getvalue().splitlines()) == 9
    assert not place.po.exists()

    call_command("translations", stderr=stderr)
    _translate_all(place)
    call_command("translations", stderr=stderr)
    call_command("translations", "--check")


# Each is another word for something that the interface calls otherwise (word: instead).
BANNED_WORDS = {
    "到期": "计划完成",
    "读数": "数值",
    "整体进度": "整体完成度",
    "加权(?!平均)|折算": "按里程碑计算",
    "上周计划完成情况|上周承诺": "上周计划",
    "前后不一|对不上|提示(?=待|已|处理)": "待核对",
    "没更新": "未更新",
    "推迟|延迟|改期|顺延": "延期",
    "投递": "发送记录",
    "(?<!系统)运行(?=情况|$)": "本周流程",
    "不做了": "取消",
    "^处理：": "解决措施",
    "视角": "预览",
    "已延期": "落后",
    "归并|结转": "合并, 延续",
    "您": "你",
    "这个字段|有效的选项|确保": "a sentence as people say it",
}
# A column of people stands beside its projects, a sentence does not.
BARE_OWNER = "(?<!团队)(?<!项目)(?<!目标)负责人"
MAY_HOLD = {
    "For example: gateway joined up, 85%; waiting for the bank's line": "整体进度",
    "lead": "负责人",
}


def test_one_word_for_one_thing_in_chinese() -> None:
    banned = {**BANNED_WORDS, BARE_OWNER: "团队负责人, 项目负责人, 目标负责人"}
    wrong = [
        f"{text}: {match[0]} ({instead})"
        for message in read(CatalogFiles(settings.BASE_DIR))
        if message.id
        for text in _texts(message.string)
        for word, instead in banned.items()
        if (match := re.search(word, text)) and MAY_HOLD.get(_texts(message.id)[0]) != match[0]
    ]
    assert not wrong


def _texts(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())
