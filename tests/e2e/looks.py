"""What must be true of the look of every page, whatever it shows."""

from __future__ import annotations

from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.http import HttpResponse
from playwright.sync_api import Page, ViewportSize

from tests.e2e.chromium import PHONE, WIDE

AXE_ADDRESS: Final = f"{settings.STATIC_URL}axe.js"  # a cached file, which need not be sent again
# Of what axe-core says only this leaves the browser; the rest, what is well, is far longer.
_RUN: Final = """options => axe.run(options).then(results => results.violations)"""
_ALL: Final[dict[str, Any]] = {"resultTypes": ["violations"]}
# Of its rules those that may find something else where the same page is narrow and dark: colours,
# layout, and names, as some words are not shown there. They are half the work of all.
_OF_LOOK: Final = _ALL | {
    "runOnly": [
        *("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"),
        *("button-name", "label", "link-name", "nested-interactive", "select-name", "summary-name"),
    ]
}
# Sizes and weights of the words that stand on the page; those of a chart are in units of its own.
_TYPE: Final = """() => {
  const kinds = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("svg, script, style, noscript, option")) continue;
    const style = getComputedStyle(element);
    kinds.add(`${style.fontSize} ${style.fontWeight} ${element.localName}.${element.className}`);
  }
  return [...kinds];
}"""
# What is pressed, and is lower than a finger or a pointer needs. Links among words are as high as
# these; a small button among words is pressed around it.
_LOW: Final = """least => [...document.querySelectorAll(
  "main :is(button, .button, select, summary, input:not([type=checkbox], [type=radio]))"
)].filter(element => {
  if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
  if (getComputedStyle(element, "::after").position === "absolute") return false;
  if (element.offsetWidth <= 1) return false;
  return element.getBoundingClientRect().height < least - 0.5;
}).map(element => `${element.localName}.${element.className} "${element.innerText.trim()}"`)"""
_LEAST: Final = {WIDE["width"]: 34, PHONE["width"]: 44}
_SIZES: Final = frozenset({"13px", "15px", "18px", "24px"})
_WEIGHTS: Final = frozenset({"400", "600"})
_LOOKS: Final[tuple[tuple[ViewportSize, Literal["light", "dark"], dict[str, Any]], ...]] = (
    (WIDE, "light", _ALL),
    (PHONE, "dark", _OF_LOOK),
)


def axe_script() -> HttpResponse:
    return HttpResponse(Axe().axe_script, content_type="text/javascript")


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it is: too wide, or hard to use; wide and light, then on a
    phone and dark.

    Sizes differ in layout and schemes in colours, so each is looked at once.
    """
    wrong = []
    shown = page.viewport_size or WIDE
    for size, scheme, rules in _LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        pixels = overflow(page)
        wrong += [f"{pixels} px too wide"] if pixels else []
        wrong += [f"{size['width']} px, type: {kind}" for kind in other_type(page)]
        wrong += [f"{size['width']} px, low: {element}" for element in low_targets(page, size)]
        of_look = violations(page, rules)
        wrong += [f"{size['width']} px, {scheme}: {violation}" for violation in of_look]
    page.set_viewport_size(shown)
    page.emulate_media(color_scheme="light")
    return wrong


def looks_well(page: Page) -> None:
    """It is easy to use, and neither wide nor on a phone wider than the screen."""
    assert violations(page) == []
    fits(page)


def fits(page: Page) -> None:
    """Neither wide nor on a phone it is wider than the screen."""
    shown = page.viewport_size or WIDE
    assert overflow(page) == 0
    for size in (PHONE if shown == WIDE else WIDE, shown):
        page.set_viewport_size(size)
        assert overflow(page) == 0


def violations(page: Page, options: dict[str, Any] = _ALL) -> list[str]:
    """What axe-core finds wrong with the page as it is, each with elements concerned.

    It is a script: where the page may run none, it finds nothing.
    """
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        return []
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(url=AXE_ADDRESS)
    rules: list[dict[str, Any]] = page.evaluate(_RUN, options)
    return [
        f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:3])}"
        for rule in rules
    ]


def other_type(page: Page) -> list[str]:
    """Words in another size or weight than the style's four and two: how, and in which element."""
    kinds: list[str] = page.evaluate(_TYPE)
    return sorted(
        kind for kind in kinds if kind.split()[0] not in _SIZES or kind.split()[1] not in _WEIGHTS
    )


def low_targets(page: Page, size: ViewportSize) -> list[str]:
    """Buttons, fields and folds of the page that are too low for who presses them."""
    elements: list[str] = page.evaluate(_LOW, _LEAST[size["width"]])
    return sorted(set(elements))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen, once its styles are there."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(width, 0)
