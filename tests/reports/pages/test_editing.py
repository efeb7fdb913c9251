"""What a manager writes on a page: saved over what they saw, and never over anything else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from projects.checkin.plan_lines import ADDED_FROM
from projects.conflicts import EditConflict
from projects.models import AuditRecord, PlannedItem
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Section
from reports.pages import editing, live
from reports.pages.editing import PageField, UnknownField, Words
from reports.weekly.document import PageSection, WeeklyDocument
from reports.weekly.sections import Kind
from tests.conftest import Personas
from tests.factories import WEEK, make_page, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def page(personas: Personas) -> WeeklyDocument:
    document = live.current_document(personas.team, WEEK)
    assert document is not None
    return document


def sections(personas: Personas, kind: Kind) -> list[PageSection]:
    return [section for section in page(personas).sections if section.kind is kind]


def save(
    personas: Personas,
    name: str,
    text: str,
    heading: str | None = None,
    *,
    opened: Mapping[str, str] | None = None,
) -> str:
    field = PageField(personas.team, WEEK, name)
    return editing.save(field, Words(text, heading), opened=opened, by=personas.manager)


def opened(personas: Personas, name: str) -> dict[str, str]:
    """What a form of the field that is opened now is opened with."""
    return editing.standing(PageField(personas.team, WEEK, name)).fields()


def plan(personas: Personas, *texts: str) -> list[PlannedItem]:
    return [
        PlannedItem.objects.create(team=personas.team, week=WEEK, text=text, position=at)
        for at, text in enumerate(texts)
    ]


def planned(personas: Personas) -> list[str]:
    blocks = [block for section in sections(personas, Kind.PLAN) for block in section.blocks]
    return [item.text for block in blocks for item in block.plan]


# --- words ----------------------------------------------------------------------------------


def test_empty_section_is_written_once_under_either_name(personas: Personas) -> None:
    assert sections(personas, Kind.REFLECTION)[0].is_empty
    field = save(personas, "reflection", "\n本周验收了三件事。\r\n第二行\n")
    (block,) = sections(personas, Kind.REFLECTION)[0].blocks
    assert block.text == "本周验收了三件事。\n第二行"
    assert field == f"section-{block.section_id}"
    # By either name it is the same row, and once.
    save(personas, "reflection", "改过的话")
    assert Section.objects.get().body == "改过的话"


def test_words_of_somebody_else_are_not_overwritten(personas: Personas) -> None:
    seen = opened(personas, "reflection")
    save(personas, "reflection", "先存的话")
    with pytest.raises(EditConflict) as conflict:
        save(personas, "reflection", "后存的话", opened=seen)
    assert conflict.value.theirs == {"text": "先存的话"}
    assert Section.objects.get().body == "先存的话"
    save(personas, "reflection", "后存的话", opened=conflict.value.theirs)
    assert Section.objects.get().body == "后存的话"


def test_same_words_from_two_tabs_are_saved_once(personas: Personas) -> None:
    seen = opened(personas, "other")
    for _ in range(2):
        save(personas, "other", "团建定在周五", opened=seen)
    assert AuditRecord.objects.filter(action="section.edit").count() == 1


def test_audit_keeps_the_previous_words(personas: Personas) -> None:
    save(personas, "other", "第一稿")
    save(personas, "other", "第二稿")
    record = AuditRecord.objects.filter(action="section.edit").latest("pk")
    assert (record.before["text"], record.after["text"]) == ("第一稿", "第二稿")
    assert record.by == personas.manager


def test_unknown_field_is_refused(personas: Personas) -> None:
    elsewhere = make_section(make_page(personas.team, WEEK - ONE_WEEK))
    for field in ("objective", "section-999", f"section-{elsewhere.pk}", "section-x"):
        with pytest.raises(UnknownField):
            save(personas, field, "话")


def test_own_section_is_added_renamed_moved_and_removed(personas: Personas) -> None:
    fields = [save(personas, "new", "", heading) for heading in ("招聘", "团队建设", "培训")]
    first, second, third = (int(field.removeprefix("section-")) for field in fields)
    editing.move_section(personas.team, WEEK, third, is_up=True, by=personas.manager)
    editing.move_section(personas.team, WEEK, first, is_up=True, by=personas.manager)
    assert [section.heading for section in sections(personas, Kind.CUSTOM)] == [
        "招聘",
        "培训",
        "团队建设",
    ]
    save(personas, f"section-{third}", "两场", "内部 培训")
    editing.remove_section(personas.team, WEEK, first, by=personas.manager)
    assert [section.heading for section in sections(personas, Kind.CUSTOM)] == [
        "内部 培训",
        "团队建设",
    ]
    removed = AuditRecord.objects.get(action="section.remove")
    assert removed.before["heading"] == "招聘"
    with pytest.raises(UnknownField):
        editing.move_section(personas.team, WEEK, first, is_up=True, by=personas.manager)
    assert second in {section.section_id for section in sections(personas, Kind.CUSTOM)}


# --- next week's plan -----------------------------------------------------------------------


def test_pasted_lines_become_items_and_unchanged_lines_keep_their_rows(personas: Personas) -> None:
    items = plan(personas, "装修存管提测", "路由灰度")
    save(personas, "plan", "路由灰度\n1. 装修存管提测\n2. POS 联调\n3、入金监控")
    assert planned(personas) == ["路由灰度", "装修存管提测", "POS 联调", "入金监控"]
    text_of_item = {item.pk: item.text for item in PlannedItem.objects.all()}
    assert text_of_item[items[1].pk] == "路由灰度"


def test_a_changed_line_keeps_its_outcome(personas: Personas) -> None:
    items = plan(personas, "装修存管提测", "路由灰度")
    PlannedItem.objects.filter(pk=items[0].pk).update(outcome="done")
    save(personas, "plan", "装修存管提测（两家）\n路由灰度")
    assert PlannedItem.objects.get(outcome="done").text == "装修存管提测（两家）"
    assert AuditRecord.objects.get(action="plan.edit").before == {
        "plan": ["装修存管提测", "路由灰度"]
    }


def test_removed_line_removes_its_item(personas: Personas) -> None:
    plan(personas, "装修存管提测", "路由灰度")
    save(personas, "plan", "路由灰度")
    assert planned(personas) == ["路由灰度"]


def test_plan_of_somebody_else_is_not_overwritten(personas: Personas) -> None:
    plan(personas, "装修存管提测")
    seen = opened(personas, "plan")
    save(personas, "plan", "装修存管提测\n别人加的一行")
    with pytest.raises(EditConflict):
        save(personas, "plan", "我的计划", opened=seen)
    assert planned(personas) == ["装修存管提测", "别人加的一行"]


# --- imported pages -------------------------------------------------------------------------


@pytest.fixture
def imported(personas: Personas) -> list[Section]:
    """A page with a plan in the middle, a table of plans, and an own section behind it."""
    weekly = make_page(personas.team)
    weekly.title = "周报 2024-W25"
    weekly.save()
    rows = [
        (Kind.PLAN, "下周工作", "", 10),
        (Kind.PLAN, "", "| 事项 |\n| --- |\n| 表里的事 |", 14),
        (Kind.CUSTOM, "团队建设", "", 20),
        (Kind.CUSTOM, "", "原来的一行", 21),
    ]
    places = []
    for kind, heading, body, position in rows:
        section = make_section(weekly, kind, heading, body)
        section.position = position
        section.save()
        places.append(section)
    for position, text in ((11, "第一件"), (12, "第二件"), (16, "表里的事")):
        PlannedItem.objects.create(team=personas.team, week=WEEK, text=text, position=position)
    return places


def layout(personas: Personas) -> list[tuple[str, list[str]]]:
    return [
        (
            section.heading or section.kind,
            [words for block in section.blocks for words in (block.text, *_plan(block.plan))],
        )
        for section in page(personas).sections
    ]


def _plan(items: object) -> list[str]:
    return [item.text for item in items]  # type: ignore[attr-defined]


def test_words_of_an_imported_page_keep_their_place(
    personas: Personas, imported: list[Section]
) -> None:
    before = [heading for heading, _ in layout(personas)]
    save(personas, f"section-{imported[3].pk}", "改过的一行\n又一行")
    save(personas, "reflection", "补写的反思")
    save(personas, "new", "新的一节", "附言")
    assert [heading for heading, _ in layout(personas)] == [*before, "reflection", "附言"]
    imported[3].refresh_from_db()
    assert imported[3].position == 21
    own = editing.own_sections(personas.team, WEEK)
    assert [row.heading for row in own] == ["附言"]  # what the source brought keeps its place
    assert own[0].position >= ADDED_FROM


def test_a_plan_of_an_imported_page_keeps_its_lines(
    personas: Personas, imported: list[Section]
) -> None:
    assert editing.standing(PageField(personas.team, WEEK, "plan")).text == "第一件\n第二件"
    save(personas, "plan", "第一件\n插进来的\n第二件\n最后一件")
    heading, words = layout(personas)[0]
    assert heading == "下周工作"
    printed = [word for word in words if word and not word.startswith("|")]
    assert printed == ["第一件", "插进来的", "第二件", "最后一件"]
    assert dict(PlannedItem.objects.values_list("text", "position"))["第二件"] == 12
    save(personas, "plan", "第二件\n第一件")
    printed = [word for word in layout(personas)[0][1] if word and not word.startswith("|")]
    assert printed == ["第二件", "第一件"]


def test_growing_table_hides_no_line_of_the_plan(
    personas: Personas, imported: list[Section]
) -> None:
    PlannedItem.objects.create(team=personas.team, week=WEEK, text="表后的事", position=18)
    table = imported[1]
    save(personas, f"section-{table.pk}", f"{table.body}\n| 又一件 |\n| 再一件 |")
    assert "表后的事" in planned(personas)
