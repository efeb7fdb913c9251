"""How many examples a property test tries."""

from __future__ import annotations

from hypothesis import settings


def examples(factor: float) -> settings:
    """``factor`` times as many as the profile has (see ``tests/conftest.py``), at least one."""
    profile = settings.get_profile(settings.get_current_profile_name())
    return settings(max_examples=max(1, round(profile.max_examples * factor)))
