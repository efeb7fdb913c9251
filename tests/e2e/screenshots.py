"""Takes the pictures of ``docs/screenshots`` from the demo team of a running ``make run``.

    make run PASSWORD=demo
    .venv/bin/python -m tests.e2e.screenshots http://127.0.0.1:8000/ demo

Needs a Chromium, by default Debian's, and a Chinese font. The pictures show the present week, so
they differ from day to day: commit them when the screens have changed, not otherwise.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def take(page: Page, address: str, password: str) -> None:
    """The dashboard of this week, and the weekly page of the one before, which is complete."""
    page.goto(address)
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url("**/t/demo/")
    page.screenshot(path=FOLDER / "dashboard.png")
    page.click("a.primary")
    page.click("a[rel=prev]")
    page.wait_for_selector("article.sheet")
    page.screenshot(path=FOLDER / "weekly.png")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("password")
    parser.add_argument("--chromium", default=CHROMIUM)
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=FLAGS)
        page = browser.new_page(
            viewport={"width": 1280, "height": 900}, color_scheme="light", locale="zh-CN"
        )
        take(page, given.address, given.password)
        browser.close()


if __name__ == "__main__":
    main()
