"""What must be true of the look of every page, whatever it shows."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of what axe-core says only this leaves the browser; the rest, what is well, is far longer.
_VIOLATIONS: Final = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is, each with elements concerned.

    It is a script: where the page may run none, it finds nothing.
    """
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(_VIOLATIONS)
    return [
        f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:3])}"
        for rule in found
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen, once its styles are there."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(width, 0)
