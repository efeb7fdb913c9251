"""The browser that tests and screenshots use: Debian's Chromium, or the one ``CHROMIUM`` names.

Where Debian's headless build is installed, it is that: the same engine for a fifth less work.
"""

from __future__ import annotations

import os
import shutil
from typing import Final

from playwright.sync_api import ViewportSize

CHROMIUM: Final = (
    os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
)
# Works as root and in a container, and asks nothing of any other host.
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # All pages are of one site: one process for them, which stays warm, serves all.
    *("--disable-site-isolation-trials", "--renderer-process-limit=1"),
)
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 375, "height": 720}
