"""What must be true of the look of every page, whatever it shows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of what axe-core says only this leaves the browser; the rest, what is well, is far longer.
_RUN: Final = """options => axe.run({resultTypes: ['violations'], ...options})
    .then(results => results.violations)"""
# The rules whose answer depends on colours.
_OF_COLOURS: Final = {"runOnly": ["color-contrast", "link-in-text-block"]}


def faults(page: Page) -> list[str]:
    """What is wrong with the page at its present size: too wide, or hard to use, light or dark."""
    pixels = overflow(page)
    wrong = [f"{pixels} px too wide"] if pixels else []
    wrong += [f"light: {violation}" for violation in violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {violation}" for violation in violations(page, _OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return wrong


def violations(page: Page, options: Mapping[str, Any] = MappingProxyType({})) -> list[str]:
    """What axe-core finds wrong with the page as it is, each with elements concerned.

    It is a script: where the page may run none, it finds nothing.
    """
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    rules: list[dict[str, Any]] = page.evaluate(_RUN, dict(options))
    return [
        f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:3])}"
        for rule in rules
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen, once its styles are there."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(width, 0)
