"""What the tick clears away, and what it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from projects.models import Draft
from projects.teams.invitations import Guest
from reports import pruning
from reports.digest import subscribers
from reports.models import Delivery, Subscriber
from tests.conftest import Personas, begin_session
from tests.factories import NOW, WEEK, make_delivery, make_edition, make_subscriber

pytestmark = pytest.mark.usefixtures("now")


def test_ballast_goes_once_an_hour_and_what_is_needed_stays(personas: Personas) -> None:
    for field, days in (("kept", 170), ("old", 181)):
        Draft.objects.create(
            team=personas.team,
            user=personas.lead,
            project=personas.project,
            week=WEEK,
            field=field,
            saved_at=NOW - timedelta(days=days),
        )
    lasting, ended = begin_session(personas.lead), begin_session(personas.viewer)
    Session.objects.filter(pk=ended).update(expire_date=NOW - timedelta(seconds=1))

    gone = pruning.run(NOW)
    assert (gone["sessions"], gone["drafts"]) == (1, 1)
    assert Session.objects.get().pk == lasting
    assert Draft.objects.get().field == "kept"
    assert pruning.run(NOW + timedelta(minutes=59)) == {}
    assert not any(pruning.run(NOW + timedelta(minutes=60)).values())


def test_removed_subscriber_is_forgotten_but_not_how_often_they_were_asked(
    personas: Personas,
) -> None:
    team, by = personas.team, personas.manager
    subscriber = make_subscriber(team, "wai@example.com")
    make_delivery(make_edition(team), subscriber)
    Subscriber.objects.update(times_wanted=subscribers.TIMES)
    subscribers.remove(subscriber, by=by, now=NOW)

    assert pruning.run(NOW + timedelta(days=29))["removed subscribers"] == 0
    assert pruning.run(NOW + timedelta(days=31))["removed subscribers"] == 1
    assert pruning.run(NOW + timedelta(days=32))["removed subscribers"] == 0
    forgotten = Subscriber.objects.get()
    assert (forgotten.name, Delivery.objects.get().recipient) == ("", forgotten.email)
    assert "wai" not in forgotten.email
    later = NOW + timedelta(days=33)
    refusals = subscribers.refusals(team, ["wai@example.com"], later)
    assert refusals == {"wai@example.com": subscribers.Refusal.TOO_OFTEN}
    Subscriber.objects.update(times_wanted=1)
    [again] = subscribers.add(team, [Guest("wai@example.com", "外部")], "en", by=by, now=later)
    assert (again.pk, again.email, again.name) == (subscriber.pk, "wai@example.com", "外部")
