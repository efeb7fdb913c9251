"""The rules of a row that many tables share, as named database constraints."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def is_monday(field: str, name: str) -> CheckConstraint:
    """A week is stored as its Monday, and as nothing else."""
    return CheckConstraint(condition=Q(**{f"{field}__iso_week_day": 1}), name=name)


def is_percent(field: str, name: str) -> CheckConstraint:
    """0 to 100, or unknown (null)."""
    known = Q(**{f"{field}__gte": 0, f"{field}__lte": 100})
    return CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | known, name=name)
