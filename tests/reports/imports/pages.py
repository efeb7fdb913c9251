"""Pages handed in by a browser, all invented, and an import of them."""

from __future__ import annotations

from typing import Final

from projects.models import Team, User
from reports.imports import reading, upload
from reports.imports.upload import HandedIn
from reports.models import PageImport

W25: Final = """\
# 2024-W25

## 【O1 业务服务】

1. 对账中台：系统开发进度40%，预计6月28日上线。负责人：周砚
2. 短信网关：切换进度60%
3. 团建安排：周五下午

## 【系统运行数据】

- 到账成功率：99.91%
"""
W26: Final = """\
# 2024-W26

## 【O1 业务服务】

1. 对账中台建设：系统开发进度55%，预计7月5日上线
2. 短信网关：切换进度80%

## 【系统运行数据】

- 到账成功率（日均）：99.93%
"""


def handed(name: str, content: str | bytes) -> HandedIn:
    data = content.encode() if isinstance(content, str) else content
    return HandedIn(name, len(data), lambda: data)


def begun(team: Team, by: User, **files: str | bytes) -> PageImport:
    """An import of files named by their key, ``_`` for a dot."""
    named = [handed(name.replace("_", "."), content) for name, content in files.items()]
    return upload.begin(team, named, by=by)


def read(team: Team, by: User, **files: str | bytes) -> PageImport:
    """The same, read by the worker; two pages of two weeks by default."""
    page_import = begun(team, by, **(files or {"w25_md": W25, "w26_md": W26}))
    reading.read(page_import.pk)
    page_import.refresh_from_db()
    return page_import
