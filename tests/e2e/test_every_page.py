"""Every page there is, as its readers see it: wide and on a phone, light and dark."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.addresses import WHO, path_of, patterns
from tests.e2e.chromium import PHONE, WIDE
from tests.e2e.conftest import Site
from tests.e2e.looks import faults
from tests.test_authorisation import values_of

SIZES: Final = {"wide": WIDE, "phone": PHONE}


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
def test_no_page_is_hard_to_use_or_wider_than_the_screen(site: Site, persona: str) -> None:
    personas = site.personas
    values = values_of(personas.team, personas.project, personas.manager)
    page = site.page(persona)
    wrong, opened = [], 0
    for pattern in patterns():
        path = path_of(pattern, values)
        if persona in WHO[pattern.name].reads and is_page(page, path):
            opened += 1
            for name, size in SIZES.items():
                page.set_viewport_size(size)
                wrong += [f"{path} {name}: {fault}" for fault in faults(page)]
    assert opened > 15
    assert not wrong


def is_page(page: Page, path: str) -> bool:
    """Open it, unless it is a file or a part of a page."""
    if not page.request.get(path).text().startswith("<!doctype html>"):
        return False
    page.goto(path)
    return True
