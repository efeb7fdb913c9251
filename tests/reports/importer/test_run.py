"""Many pages at once: by several processes, and with the names that other pages use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reports.importer import run
from reports.importer.run import read_pages

TODAY = date(2024, 9, 1)


def written(folder: Path, week: int, body: str) -> None:
    page = f"# 2024-W{week}\n\n## O1 提效\n\n{body}\n"
    (folder / f"2024-W{week}.md").write_text(page, encoding="utf-8")


def test_a_name_that_other_pages_use_begins_a_report(tmp_path: Path) -> None:
    written(tmp_path, 21, "1. 海关单证：进度10%")
    written(tmp_path, 22, "1. 海关单证：进度20%\n2. 会员：改版40%")
    written(tmp_path, 23, "1. 海关单证 上线前压测，进度30%\n2. 会员体系改造完成50%")
    written(tmp_path, 24, "1. 海关单证压测完成40%\n2. 会员：改版50%")
    pages = read_pages([tmp_path], numbering="iso", today=TODAY).pages
    names = [[project.name for project in page.projects] for page in pages]
    assert names == [
        ["海关单证"],
        ["海关单证", "会员"],
        ["海关单证", "会员体系改造"],
        ["海关单证", "会员"],
    ]


def test_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for week in range(10, 30):
        written(tmp_path, week, f"1. 海关单证：进度{week}%")
    log = "".join(f"## 2024-W{week}\n\n1. 会员：进度{week}%\n\n" for week in (30, 31, 32))
    (tmp_path / "log.md").write_text(log, encoding="utf-8")
    (tmp_path / "long.md").write_text(log + "\n" * 600, encoding="utf-8")
    (tmp_path / "notes.md").write_text("1. 会员：联调中\n", encoding="utf-8")
    alone = read_pages([tmp_path], numbering=None, today=TODAY)
    monkeypatch.setattr(run, "_MANY", 2)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    together = read_pages([tmp_path], numbering=None, today=TODAY)
    assert together == alone
    percents = [page.projects[0].progress[0].percent for page in together.pages]
    assert percents == [*range(10, 30), *(30, 31, 32) * 2]
    assert [refused.names_no_week for refused in together.unreadable] == [True]
