"""What happens in the demo team after a week was published, and about the present day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from projects.checkin import recording
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.models import Incident, Metric, Project, StatusEntry, User
from projects.operations import incidents, metrics
from projects.operations.metrics import WeekNumbers
from projects.portfolio import lifecycle
from projects.teams import deputies
from reports.demo.cast import Cast, Events
from reports.demo.clock import DemoClock
from reports.demo.people import username_of
from reports.demo.post import Post
from reports.demo.traces import Act
from reports.pages import publish

_NEXT_MORNING: Final = 33 * 60 + 30  # 9:30, in minutes after the midnight before


@dataclass(frozen=True, slots=True)
class Afterwards:
    clock: DemoClock
    cast: Cast
    events: Events
    projects: Mapping[str, Project]
    manager: User
    post: Post

    def acts(self) -> Iterator[tuple[datetime, Act]]:
        clock = self.clock
        correction = self.events.correction
        yield clock.at(correction.ago - 1, 0.05), self.correct
        last_day = clock.working_days(1)[-1]
        yield clock.moment(last_day, _NEXT_MORNING), self.note_late_incident
        yield min(clock.at(0, 0.03), clock.now), self.close_project
        yield clock.now - timedelta(days=3), self.name_deputy

    def correct(self, at: datetime) -> None:
        """The reading that was published wrong is put right, and sent as a second edition."""
        correction, team = self.events.correction, self.clock.team
        week = self.clock.week(correction.ago)
        cast_metric = next(
            metric for metric in self.cast.metrics if metric.name == correction.metric
        )
        metric = Metric.objects.get(team=team, name=cast_metric.name)
        reading = (
            cast_metric.readings[-1 - correction.ago],
            cast_metric.notes.get(correction.ago, ""),
        )
        metrics.record_numbers(team, week, WeekNumbers({metric.pk: reading}), by=self.manager)
        publication = publish.Publication(by=self.manager, note=correction.note, mails=True)
        publish.publish_week(team, week, publication, at=at)
        self.post.send(week, due_at=at, at=at)

    def note_late_incident(self, _at: datetime) -> None:
        """What happened after last week's page was published: the page lies behind since."""
        late_incident, team = self.events.late_incident, self.clock.team
        hour, minute = (int(number) for number in late_incident.at.split(":"))
        day = self.clock.working_days(1)[-1]
        occurred_at = self.clock.moment(day, hour * 60 + minute)
        incident = Incident(
            team=team,
            occurred_at=occurred_at,
            detected_by=late_incident.detected,
            severity=late_incident.severity,
            description=late_incident.description,
            recovered_at=occurred_at + timedelta(minutes=late_incident.minutes),
        )
        incidents.record_incident(incident, by=self.manager)

    def close_project(self, at: datetime) -> None:
        name, reason = self.events.closing
        day = self.clock.team.local(at).date()
        lifecycle.close_project(self.projects[name], reason, by=self.manager, on=day)

    def name_deputy(self, _at: datetime) -> None:
        absence, today = self.cast.absence, self.clock.today
        members = {
            membership.user.username: membership
            for membership in self.clock.team.memberships.select_related("user")
        }
        person, deputy = (members[username_of(key)] for key in (absence.person, absence.deputy))
        days = (today + timedelta(days=number) for number in (absence.first, absence.last))
        deputies.name_deputy(person, deputy, *days, by=person.user)

    def report_late(self, at: datetime) -> None:
        """A lead reports on the present week when its page is out."""
        late_report = self.events.late_report
        project = self.projects[late_report.project]
        last = StatusEntry.objects.filter(project=project).latest("week")
        check_in = CheckIn(
            **last.reported() | {"text": late_report.text, "drop_reason": ""},
            milestones=tuple(
                MilestoneUpdate(name, percent=percent) for name, percent in late_report.p.items()
            ),
        )
        recording.record(project, self.clock.present, check_in, by=project.lead, at=at)
