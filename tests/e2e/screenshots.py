"""Takes the pictures of ``docs/screenshots`` from the demo team of a running ``make run``.

    make run PASSWORD=demo
    .venv/bin/python -m tests.e2e.screenshots http://127.0.0.1:8000 demo

The main screens, wide and on a phone, light and dark. Needs a Chromium and a Chinese font.
The pictures show the present week, so they differ from day to day: commit them when the screens
have changed, not otherwise.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.e2e.chromium import CHROMIUM, FLAGS, PHONE, WIDE

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
SCREENS: Final = {"wide": WIDE, "phone": PHONE}
# As wide as a mail program shows a mail, beside its list of mails.
MAIL: Final[dict[str, ViewportSize]] = {"wide": {"width": 640, "height": 900}, "phone": PHONE}
COLOURS: Final = 256  # of a picture, which makes it less than half as large
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
# What the lead of the picture has typed, so that it shows what is read from it.
TYPED: Final = "行方环境已通，系统开发进度88%；专线预计12月4日开通"


def sign_in(browser: Browser, address: str, user: str, password: str) -> Page:
    page = browser.new_page(locale="zh-CN", base_url=address)
    page.goto("/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url("**/t/demo/**")
    return page


def screens(browser: Browser, address: str, password: str) -> Iterator[tuple[str, Page]]:
    """Each screen by its name. Of this week the dashboard, the page under review and the check-in;
    of the one before, which is complete, the published page, its run and its mail."""
    page = sign_in(browser, address, "manager", password)
    yield "dashboard", page
    page.goto("/t/demo/weeks/")
    weeks = page.locator("ul.archive a")
    present, past = (weeks.nth(n).get_attribute("href") for n in range(2))
    page.goto(f"{past}")
    page.wait_for_selector("article.sheet")
    yield "weekly", page
    page.goto(f"{present}draft/")
    page.wait_for_selector("#review")
    yield "review", page
    page.goto(f"{past}run/")
    page.wait_for_selector("ol.run")
    yield "run", page
    page.goto(f"{past}digest/html/")
    yield "digest", page
    page = sign_in(browser, address, "lead", password)
    page.goto("/t/demo/checkin/")
    page.locator("form.checkin textarea[name=text]").first.fill(TYPED)
    page.wait_for_selector(".offers button")
    yield "checkin", page


def take(name: str, page: Page) -> None:
    for size, viewport in (MAIL if name == "digest" else SCREENS).items():
        page.set_viewport_size(viewport)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if name == "digest":  # by day or by night as it is asked, whatever the screen wants
                page.goto(f"{page.url.partition('?')[0]}?look={scheme}")
            path = FOLDER / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=path)
            with Image.open(path) as picture:
                # Colours that are far apart, not those of most pixels: a sign's red must not go.
                few = picture.convert("RGB").quantize(
                    COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
                )
            few.save(path, optimize=True)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("password")
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, page in screens(browser, given.address, given.password):
            take(name, page)
        browser.close()


if __name__ == "__main__":
    main()
