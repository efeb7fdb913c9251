"""Draws the icons of ``static/icons`` from the one drawing there, ``okrtracker.svg``.

    .venv/bin/python -m tests.e2e.icons

Run it when the drawing has changed, and commit the pictures. Needs a Chromium.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.e2e.chromium import CHROMIUM, FLAGS

FOLDER: Final = Path(__file__).parents[2] / "static" / "icons"
GROUND: Final = "#0b5cad"  # that of the drawing
COLOURS: Final = 64  # one drawing of two colours and what lies between them
# By file: pixels, and which part of the picture the drawing fills. A picture whose ground reaches
# its edges is cut to a shape by the system, which takes away up to a fifth of it.
PICTURES: Final = {
    "icon-192.png": (192, 1.0),
    "icon-512.png": (512, 1.0),
    "maskable-512.png": (512, 0.72),
    "apple-touch-icon.png": (180, 0.86),
}


def drawn(page: Page, drawing: str, size: int, part: float) -> Image.Image:
    page.set_viewport_size({"width": size, "height": size})
    ground = "transparent" if part == 1 else GROUND
    side = round(size * part)
    page.set_content(
        f"<style>html {{ background: {ground} }} body {{ margin: 0; display: grid; height: 100vh;"
        f" place-items: center }} svg {{ width: {side}px; height: {side}px }}</style>{drawing}"
    )
    return Image.open(io.BytesIO(page.screenshot(omit_background=True)))


def main() -> None:
    drawing = (FOLDER / "okrtracker.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        for name, (size, part) in PICTURES.items():
            picture = drawn(page, drawing, size, part)
            method = Image.Quantize.FASTOCTREE  # the one that keeps what is transparent
            picture.quantize(COLOURS, method=method).save(FOLDER / name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
