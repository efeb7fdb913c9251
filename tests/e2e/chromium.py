"""The browser that tests and screenshots use: Debian's Chromium, or the one ``CHROMIUM`` names."""

from __future__ import annotations

import os
from typing import Final

from playwright.sync_api import ViewportSize

CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Works as root and in a container, and asks nothing of any other host.
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 375, "height": 720}
