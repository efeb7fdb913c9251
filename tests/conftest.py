"""What every test may ask for, and the rules all of them run under."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Deterministic everywhere: the same code gets the same answer on every machine and every run.
# HYPOTHESIS_PROFILE=explore looks for new failures, with more and random examples.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    print_blob=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, print_blob=True, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# --- personas (fixed users with a role each) follow here; their data comes from tests/factories.py
