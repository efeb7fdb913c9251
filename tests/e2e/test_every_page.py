"""Every page there is, as its readers see it: wide and on a phone, light and dark."""

from __future__ import annotations

import pytest

from tests.addresses import WHO, path_of, patterns
from tests.e2e.conftest import Site
from tests.e2e.looks import faults
from tests.every_address.test_authorisation import values_of
from tests.html import parse

READERS = ("manager", "lead", "viewer")
PARTS = 6  # so that several processes share the work


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_is_hard_to_use_or_wider_than_the_screen(site: Site, part: int) -> None:
    """Pages that add no kind of element to what another persona saw there look like theirs."""
    personas = site.personas
    values = values_of(personas.team, personas.project, personas.manager)
    page = site.page("anonymous")
    clients = {persona: personas.client(persona) for persona in READERS}
    wrong, opened = [], 0
    for pattern in list(patterns())[part::PARTS]:
        path, seen = path_of(pattern, values), set[tuple[str, ...]]()
        for persona in READERS:
            if persona not in WHO[pattern.name].reads:
                continue
            content = clients[persona].get(path).getvalue().decode(errors="replace")
            if not content.startswith("<!doctype html>") or (kinds := kinds_of(content)) <= seen:
                continue
            seen |= kinds
            opened += 1
            site.sign_in(page, persona)
            page.goto(path)
            wrong += [f"{path}, {persona}, {fault}" for fault in faults(page)]
    assert opened > 3
    assert not wrong


def kinds_of(content: str) -> set[tuple[str, ...]]:
    """What a page is made of: each sort of element once, and its outline."""
    page = parse(content)
    outline = tuple(heading.name for heading in page.select("h1, h2, h3, h4"))
    return {outline} | {
        (tag.name, *(str(tag.get(name)) for name in ("class", "role", "type")))
        for tag in page.select("*")
    }
