"""Every page there is, as its readers see it: wide and on a phone, light and dark."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.addresses import WHO, path_of, patterns
from tests.e2e.chromium import PHONE, WIDE
from tests.e2e.conftest import Site
from tests.e2e.looks import overflow, violations
from tests.test_authorisation import values_of

SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_is_hard_to_use_or_wider_than_the_screen(
    site: Site, persona: str, viewport: ViewportSize
) -> None:
    personas = site.personas
    values = values_of(personas.team, personas.project, personas.manager)
    page = site.page(persona, viewport=viewport)
    wrong = []
    for pattern in patterns():
        path = path_of(pattern, values)
        if persona in WHO[pattern.name].reads and is_page(page, path):
            wrong += [f"{path}: {found}" for found in faults(page)]
    assert not wrong


def is_page(page: Page, path: str) -> bool:
    """Open it, unless it is a file or a part of a page."""
    if not page.request.get(path).text().startswith("<!doctype html>"):
        return False
    page.goto(path)
    return True


def faults(page: Page) -> list[str]:
    found = [f"{overflow(page)} px too wide"] if overflow(page) else []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {violation}" for violation in violations(page)]
    return found
