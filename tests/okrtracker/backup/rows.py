"""A team's week on a database beside that of the tests, and all rows of a database to compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import apps
from django.db import connections, models, transaction

from projects import facts
from projects.models import CommentNotice, Language, Membership
from reports.models import Digest, FileKind, SendState, Subscriber
from reports.pages import editions
from reports.pages.publish import Publication, publish_week
from tests.conftest import Personas, begin_session, make_personas
from tests.factories import (
    NOW,
    WEEK,
    make_channel,
    make_comment,
    make_cycle,
    make_delivery,
    make_entry,
    make_milestone,
    make_stage,
    make_subscriber,
)

# What a restore changes.
SETTLED: Final = {"Session", "Team", "Delivery", "Digest", "CommentNotice"}


@contextmanager
def written_to(alias: str) -> Iterator[None]:
    """That database is the site's own meanwhile."""
    default = connections["default"]
    connections["default"] = connections[alias]
    try:
        with transaction.atomic(using=alias):
            yield
    finally:
        connections["default"] = default


def fill(alias: str) -> Personas:
    """A published week whose mail waits, and keys that were given once and are gone."""
    with written_to(alias):
        personas = make_personas()
        make_cycle(personas.team)
        make_channel(personas.team)
        make_stage(personas.team)
        make_milestone(personas.project, percent=40, due_on=WEEK)
        make_entry(personas.project, text="联调完成 80%，\u2028预计7月上线", percent=80)
        comment = make_comment(personas.project, personas.lead)
        CommentNotice.objects.create(team=personas.team, comment=comment, user=personas.manager)
        facts.announce(personas.team, [WEEK])
        edition = publish_week(personas.team, WEEK, Publication(personas.manager), at=NOW)
        editions.file_of(edition, FileKind.MARKDOWN, Language.CHINESE)
        Digest.objects.get_or_create(
            edition=edition, defaults={"team": personas.team, "due_at": NOW}
        )
        make_delivery(edition, make_subscriber(personas.team))
        Subscriber.objects.update(state=SendState.SENT)
        begin_session(personas.lead)
        Membership.objects.filter(user=personas.outsider).delete()
    return personas


def rows_of(alias: str, *, without: set[str] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Each row of each table, in the order of keys."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model.__name__ not in (without or ()):
            rows: Any = models.QuerySet(model, using=alias).order_by("pk").values_list()
            kept[model._meta.label] = [tuple(map(_plain, row)) for row in rows]
    return kept


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
