"""Importing in the browser: hand in, watch, apply, undo. Who may, says tests/addresses.py."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.datastructures import MultiValueDict
from pytest_django import DjangoCaptureOnCommitCallbacks

from okrtracker import broker
from projects.models import Invitation, Project, StatusEntry
from reports import tasks
from reports.forms.imports import handed_in
from reports.importer.decisions import Decisions, PersonDecision
from reports.imports import review, work
from reports.imports.documents import unpacked
from reports.models import ImportBatch, ImportState, PageImport
from tests.conftest import Personas
from tests.factories import make_project
from tests.html import attribute, element, elements, text, texts
from tests.plain import PlainBrowser
from tests.reports.imports.pages import W25, W26, begun, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LIST = "/t/pay/imports/"


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("manager")


def upload(name: str, content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def applied(client: Client, personas: Personas) -> PageImport:
    page_import = read(personas.team, personas.manager)
    client.post(f"{LIST}{page_import.pk}/apply/")
    tasks.apply_import(page_import.pk)
    page_import.refresh_from_db()
    return page_import


def test_files_a_folder_and_a_paste_become_one_import_that_a_worker_reads(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(broker, "publish", lambda task, *ids, **_: sent.append((task.name, *ids)))
    data = {
        "files": [upload("W25.md", W25)],
        "folder": [upload("W26.md", W26)],
        "paths": "W25.md\n周报/2024/W26.md",
        "pasted": "# 2024-W27\n\n- 短信网关：上线",
    }
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{LIST}new/", data)
    page_import = PageImport.objects.get()
    assert response["Location"] == f"{LIST}{page_import.pk}/"
    names = list(page_import.files.values_list("name", flat=True))
    assert names == ["W25.md", "周报/2024/W26.md", "Pasted text.md"]
    assert sent == [("reports.read_import", page_import.pk)]


def test_nothing_handed_in_is_said_and_a_paste_that_is_refused_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = client.post(f"{LIST}new/", {"pasted": " "})
    assert response.status_code == 422
    assert text(response, "[role=alert]:not([hidden])") == (
        "Choose at least one file, or paste a page."
    )
    monkeypatch.setattr("reports.imports.upload.MOST_FILES", 0)
    response = client.post(f"{LIST}new/", {"pasted": "# 2024-W25\n"})
    assert element(response, "#pasted").text.strip() == "# 2024-W25"


def test_paths_that_do_not_belong_to_the_files_are_no_names() -> None:
    files: MultiValueDict[str, UploadedFile[Any]]
    files = MultiValueDict({"files": [upload("W25.md", W25)]})
    (file,) = handed_in({"paths": "../../etc/passwd"}, files)
    assert file.name == "W25.md"


def test_the_bar_moves_and_ends_with_the_review(client: Client, personas: Personas) -> None:
    page_import = begun(personas.team, personas.manager, w25_md=W25)
    PageImport.objects.update(step="pages", done=1, total=2, current="W25.md")
    response = client.get(f"{LIST}{page_import.pk}/")
    assert element(response, "#import_progress progress")["value"] == "50"
    assert text(response, "#import_progress [role=status]") == "Read 1 of 2 pages"
    part = client.get(f"{LIST}{page_import.pk}/", headers={"HX-Request": "true"})
    assert elements(part, "h1") == []
    tasks.read_import(page_import.pk)
    review = f"{LIST}{page_import.pk}/review/"
    assert client.get(f"{LIST}{page_import.pk}/")["Location"] == review
    part = client.get(f"{LIST}{page_import.pk}/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == review


def test_the_bar_moves_while_an_import_is_written(
    client: Client, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_import = read(personas.team, personas.manager)
    client.post(f"{LIST}{page_import.pk}/apply/")
    page = client.get(f"{LIST}{page_import.pk}/")
    assert element(page, "#import_progress progress")["value"] == "0"
    shares: list[str] = []
    say_written = work.say_written

    def look(said_of: PageImport, share: float) -> None:
        say_written(said_of, share)
        page = client.get(f"{LIST}{page_import.pk}/")
        shares.append(str(element(page, "#import_progress progress")["value"]))

    monkeypatch.setattr(work, "say_written", look)
    tasks.apply_import(page_import.pk)
    assert shares == ["0", "36", "50", "71", "81", "98"]


def test_a_file_that_cannot_be_read_is_named_with_its_reason(
    client: Client, personas: Personas
) -> None:
    page_import = read(personas.team, personas.manager, photo_jpg=b"\xff\xd8", w25_md=W25)
    response = client.get(f"{LIST}{page_import.pk}/review/")
    assert texts(response, ".files .bad-text") == [
        "■ not a kind of file that holds weekly pages: .jpg"
    ]


def test_an_import_in_the_browser_from_the_first_page_to_undo(
    client: Client, personas: Personas
) -> None:
    page_import = applied(client, personas)
    result = client.get(f"{LIST}{page_import.pk}/")
    assert text(result, "h1") == "2 pages imported"
    assert text(result, ".finish h2") == "2024-W25 – 2024-W26"
    assert texts(result, ".finish p")[0].startswith("4 new projects · 5 entries")
    response = client.get(LIST)
    batch = ImportBatch.objects.get()
    assert text(response, f"#batch_{batch.pk} small").split(" · ")[1] == "林岚"
    client.post(f"{LIST}undo/{batch.pk}/")
    assert list(Project.objects.filter(team=personas.team)) == [personas.project]
    response = client.get(LIST)
    assert text(response, f"#batch_{batch.pk} .chip") == "undone"
    # It can be reviewed again.
    assert client.get(f"{LIST}{page_import.pk}/review/").status_code == 200


def test_the_whole_way_without_javascript(personas: Personas) -> None:
    browser = PlainBrowser(personas.client("manager"), LIST)
    browser.fill("pasted", W25)
    browser.press("Read")
    page_import = PageImport.objects.get()
    assert text(browser.response, "#import_progress noscript") == (
        "Reload the page to see how far it is."
    )
    tasks.read_import(page_import.pk)
    browser.open(browser.path)
    while page_import.doubts.filter(decided_at=None).exists():
        browser.press("Decide, next")
    browser.open(f"{LIST}{page_import.pk}/pages/{page_import.pages.get().pk}/")
    browser.fill("value-0", "45")
    browser.press("Save values")
    browser.follow("Back to the review")
    browser.press("Import 1 page")
    tasks.apply_import(page_import.pk)
    browser.open(browser.path)
    assert Project.objects.get(name="对账中台").milestones.filter(percent=45).exists()
    browser.follow("Undo this import…")
    browser.press("Undo this import")
    assert not Project.objects.filter(name="对账中台").exists()


def test_what_people_built_on_is_not_undone_and_named(client: Client, personas: Personas) -> None:
    applied(client, personas)
    StatusEntry.objects.filter(project__name="短信网关").update(revision=2)
    batch = ImportBatch.objects.get()
    response = client.post(f"{LIST}undo/{batch.pk}/")
    assert response.status_code == 422
    row = elements(response, ".card tbody tr")[0]
    assert texts(row, "td")[0] == "status entry"
    assert "短信网关" in text(row, "td a")
    project = Project.objects.get(name="短信网关")
    assert element(row, "a")["href"] == f"/t/pay/projects/{project.pk}/"
    assert elements(response, ".card form") == []
    assert Project.objects.filter(name="短信网关").exists()


def test_cancelled_or_applied_an_import_has_no_review(client: Client, personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    client.post(f"{LIST}{page_import.pk}/cancel/")
    response = client.get(f"{LIST}{page_import.pk}/review/", follow=True)
    assert text(response, "#import_progress .notice") == "Cancelled. Nothing was written."
    client.post(f"{LIST}{page_import.pk}/apply/")
    page_import.refresh_from_db()
    assert page_import.state == ImportState.CANCELLED


def test_another_teams_import_is_not_found(client: Client, personas: Personas) -> None:
    other = begun(personas.outsider.memberships.get().team, personas.outsider, w25_md=W25)
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.post(f"{LIST}{other.pk}/cancel/").status_code == 404


def test_the_command_line_does_the_same_with_the_exported_decisions(
    client: Client, personas: Personas, tmp_path: Path
) -> None:
    page_import = read(personas.team, personas.manager)
    doubt = page_import.doubts.get(kind="names")
    sent = {"main": "0", "role-0": "same", "role-1": "same", "main_name": "对账", "do": "decide"}
    client.post(f"{LIST}{page_import.pk}/doubts/{doubt.pk}/", sent)
    response = client.get(f"{LIST}{page_import.pk}/decisions/")
    assert "attachment" in response["Content-Disposition"]
    assert json.loads(response.content) == {"same": {"对账中台": "对账", "对账中台建设": "对账"}}
    decisions = tmp_path / "decisions.json"
    decisions.write_bytes(response.content)
    for name, page in (("W25.md", W25), ("W26.md", W26)):
        (tmp_path / name).write_text(page, encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("W25.md", "W26.md")]
    call_command("import_weekly", "--team=pay", "--apply", f"--decisions={decisions}", *paths)
    assert Project.objects.get(name="对账").entries.count() == 2


def test_whom_the_review_named_is_invited_when_the_manager_says_so(
    client: Client, personas: Personas
) -> None:
    page_import = read(personas.team, personas.manager)
    guest = Decisions(people={"周砚": PersonDecision("invite", email="zhou@example.com")})
    review.decide(page_import.doubts.get(kind="people"), guest, by=personas.manager)
    client.post(f"{LIST}{page_import.pk}/invite/")
    assert not Invitation.objects.exists()  # nothing is imported yet
    client.post(f"{LIST}{page_import.pk}/apply/")
    tasks.apply_import(page_import.pk)
    response = client.get(f"{LIST}{page_import.pk}/")
    assert text(response, "#guests button") == "Send 1 invitation"
    for _ in range(2):
        client.post(f"{LIST}{page_import.pk}/invite/")
    invitation = Invitation.objects.get()
    assert (invitation.name, invitation.email, invitation.role) == (
        "周砚",
        "zhou@example.com",
        "lead",
    )
    assert elements(client.get(f"{LIST}{page_import.pk}/"), "#guests") == []


def test_a_paste_keeps_its_tables(client: Client, personas: Personas) -> None:
    table = (
        "<table><tr><th>项目</th><th>进度</th></tr><tr><td>短信网关</td><td>60%</td></tr></table>"
    )
    html = f"<h1>2024-W25</h1><h2>【O1 业务】</h2>{table}"
    client.post(f"{LIST}new/", {"pasted": "项目 进度 短信网关 60%", "pasted_html": html})
    page_import = PageImport.objects.get()
    tasks.read_import(page_import.pk)
    assert page_import.files.get().name == "Pasted text.html"
    page = unpacked(page_import.pages.get().document)
    assert [(m.name, str(m.progress[0].percent)) for m in page.projects] == [("短信网关", "60")]


def test_a_paste_from_an_editor_of_code_is_its_text(client: Client) -> None:
    html = "<div><span># 2024-W25</span></div><div><span>- 短信网关 进度60%</span></div>"
    markdown = "# 2024-W25\n- 短信网关 进度60%"
    client.post(f"{LIST}new/", {"pasted": markdown, "pasted_html": html})
    page_import = PageImport.objects.get()
    tasks.read_import(page_import.pk)
    assert page_import.files.get().name == "Pasted text.md"
    page = unpacked(page_import.pages.get().document)
    assert [mention.name for mention in page.projects] == ["短信网关"]


def test_undoing_is_shown_before_it_is_done(client: Client, personas: Personas) -> None:
    make_project(personas.team, "短信网关", started_on=date(2024, 6, 24))
    applied(client, personas)
    batch = ImportBatch.objects.get()
    page = client.get(f"{LIST}undo/{batch.pk}/")
    rows = [texts(row, "td") for row in elements(page, ".card tbody tr")]
    assert ["project", "短信网关", "started on", "2024-06-17", "2024-06-24"] in rows
    Project.objects.filter(name="短信网关").update(started_on=date(2024, 6, 3))
    page = client.get(f"{LIST}undo/{batch.pk}/")
    assert texts(page, ".card caption")[-1] == "What people changed since stays as it is"
    client.post(f"{LIST}undo/{batch.pk}/")
    assert Project.objects.get(name="短信网关").started_on == date(2024, 6, 3)
    assert client.get(f"{LIST}undo/{batch.pk}/")["Location"] == LIST


def test_an_import_that_waits_is_listed_with_its_files(client: Client, personas: Personas) -> None:
    begun(personas.team, personas.manager, **{f"w{n}_md": W25 for n in range(20, 25)})
    assert text(client.get(LIST), ".rows .what a") == "w20.md, w21.md, w22.md and 2 more"


def test_a_file_that_took_too_long_is_read_again(
    client: Client, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.imports.reading._FILE_LASTS", 1e-6)
    page_import = read(personas.team, personas.manager, w25_md=W25)
    page = client.get(f"{LIST}{page_import.pk}/")
    assert text(page, ".files .bad-text") == "■ it takes too long to read"
    assert text(page, ".files .what").endswith("hand the parts in as another import.")
    assert texts(client.get(LIST), ".rows .actions form") == ["Read the files again", "Remove"]
    monkeypatch.undo()
    client.post(f"{LIST}{page_import.pk}/again/")
    tasks.read_import(page_import.pk)
    assert client.get(f"{LIST}{page_import.pk}/")["Location"].endswith("/review/")
    client.post(f"{LIST}{page_import.pk}/apply/")
    client.post(f"{LIST}{page_import.pk}/again/")
    page_import.refresh_from_db()
    assert page_import.state == ImportState.APPLYING


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("cancelled", "cancelled meanwhile"),
        ("applied", "applied meanwhile"),
        ("reading", "just now"),
    ],
)
def test_a_stale_tab_hears_what_became_of_the_import(
    client: Client, personas: Personas, state: str, words: str
) -> None:
    page_import = read(personas.team, personas.manager)
    page, doubt = page_import.pages.all()[0], page_import.doubts.all()[0]
    here = f"{LIST}{page_import.pk}/"
    PageImport.objects.update(state=state)
    if state == "cancelled":
        page_import.pages.all().delete()
        page_import.doubts.all().delete()
    for path, data in (
        (f"doubts/{doubt.pk}/", {"do": "decide"}),
        (f"pages/{page.pk}/correct/", {"line": "5", "do": "none"}),
        ("apply/", {}),
    ):
        response = client.post(f"{here}{path}", data, follow=True)
        assert (response.status_code, response.redirect_chain[-1][0]) == (200, here)
        assert words in text(response, "main > .notice.warning")


def test_an_address_that_only_takes_forms_leads_back(client: Client, personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    page, doubt = page_import.pages.all()[0], page_import.doubts.all()[0]
    here = f"{LIST}{page_import.pk}/"
    assert client.get(f"{LIST}new/")["Location"] == LIST
    assert client.get(f"{here}doubts/{doubt.pk}/")["Location"].endswith(f"?doubt={doubt.pk}")
    whole_page = f"{here}pages/{page.pk}/"
    assert client.get(f"{whole_page}correct/")["Location"] == whole_page
    assert client.get(f"{here}doubts/999999/")["Location"] == f"{here}review/"


def test_a_long_doubt_opens_at_its_question(client: Client, personas: Personas) -> None:
    lines = "".join(
        f"{n}. 平台{name}：进度{n}0%\n" for n, name in enumerate("甲乙丙丁戊己庚辛壬癸子", 1)
    )
    for text_of_page, focused in (
        (W25, "do"),
        (f"# 2024-W25\n\n## 【O1 业务】\n\n{lines}", "starts_on"),
    ):
        page_import = read(personas.team, personas.manager, w25_md=text_of_page)
        doubt = page_import.doubts.get(kind="future")
        page = client.get(f"{LIST}{page_import.pk}/review/?doubt={doubt.pk}")
        assert attribute(page, "#decide [autofocus]", "name") == focused
