"""okrtracker.settings with the floor among its addresses."""

from __future__ import annotations

from okrtracker.settings import *
from okrtracker.settings import DATABASES, VAR_DIR

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
# A file, as a server has it: what a test database in memory saves would be missing in use.
DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "bench.sqlite3")}
