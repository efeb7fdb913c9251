"""A SQLite database, moved to the PostgreSQL server that the tests run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pytest_django import DjangoDbBlocker

from projects.models import Membership, Role, Team
from reports.models import Edition
from tests import migrated
from tests.conftest import Personas
from tests.okrtracker.backup.rows import fill, rows_of

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="moves to PostgreSQL only"),
]


@pytest.fixture
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Personas]:
    source = migrated.another("source", vendor="sqlite")
    with django_db_blocker.unblock(), source, migrated.another("new"):
        yield fill("source")


def _url(alias: str) -> str:
    config = connection.settings_dict | {"NAME": migrated.name_of(alias)}
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**config)


def test_every_row_keeps_its_key_and_its_bytes(site: Personas) -> None:
    call_command("move_database", _url("new"), database="source", verbosity=0)

    assert rows_of("new") == rows_of("source")
    # The membership that was taken away had the highest key; it is not given again.
    team = Team.objects.using("new").get(pk=site.team.pk)
    member = Membership(team=team, user_id=site.outsider.pk, role=Role.VIEWER)
    member.save(using="new")
    assert member.pk == 6
    with pytest.raises(DatabaseError, match="never changed"):
        Edition.objects.using("new").update(note="changed")

    with pytest.raises(CommandError, match="in use"):
        call_command("move_database", _url("new"), database="source")


def test_edition_that_was_tampered_with_is_not_moved(site: Personas) -> None:
    with migrated.another("tampered", vendor="sqlite") as source:
        with source.cursor() as cursor:
            cursor.execute("DROP TRIGGER edition_not_changed")
        fill("tampered")
        Edition.objects.using("tampered").update(sha256="0" * 64)
        with pytest.raises(CommandError, match="hash"):
            call_command("move_database", _url("new"), database="tampered")
    assert not Team.objects.using("new").exists()
