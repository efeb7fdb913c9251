"""One mail a working day to each whom comments concern.

``prepare`` writes down, at ``HOUR`` by the team's clock, who is told of what; ``send_due`` sends.
Both are called once a minute and do what is due. A notice is taken once, in the transaction that
writes its mail: a minute that was missed is made up for, one that comes twice tells nobody twice.

The mail goes to whoever stands in for somebody today, in their place. Nobody gets one about their
own comment, about one that was taken back, or about history.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from okrtracker.mail import sender
from okrtracker.mail.message import Message
from okrtracker.mail.outbox import Unwanted
from projects import workdays
from projects.comments import letters
from projects.models import CommentMail, CommentNotice, Team, User
from projects.teams import deputies
from projects.teams.deputies import StandIns

logger = logging.getLogger(__name__)

HOUR: Final = time(9)
# What one call sends at most. The next tick sends the rest.
LIMIT: Final = 100


def run(now: datetime | None = None) -> int:
    """Prepare and send what is due; how many mails were settled."""
    now = now or timezone.now()
    prepare(now)
    return send_due(now)


def prepare(now: datetime) -> int:
    """Write the mails that are due now, for every team; how many. One query when none is."""
    waiting = CommentNotice.objects.filter(taken_at=None).order_by().values("team")
    written = 0
    for team in Team.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            written += _prepare(team, now)
        except Exception:
            # What is wrong in one team must not keep the others from their mails.
            logger.exception("cannot prepare the mails of comments of %s", team.slug)
    return written


def _prepare(team: Team, now: datetime) -> int:
    here = team.local(now)
    due_at = workdays.moment(here.date(), HOUR, team.zone)
    notices = CommentNotice.objects.filter(team=team, taken_at=None, comment__created_at__lt=due_at)
    if now < due_at or not notices.exists():
        return 0
    if not team.work_calendar().is_working(here.date()):
        return 0
    with transaction.atomic():
        Team.objects.locked().get(pk=team.pk)
        return _take(team, list(notices.select_related("comment", "user")), here.date(), now)


def _take(team: Team, notices: Sequence[CommentNotice], day: date, now: datetime) -> int:
    """Have the notices' mails sent. Who got theirs today already waits for the next working day."""
    stand_ins, reachable = deputies.today(team), _reachable(team)
    served = set(CommentMail.objects.filter(team=team, day=day).values_list("user", flat=True))
    by_reader: dict[int, list[CommentNotice]] = defaultdict(list)
    done: list[CommentNotice] = []
    for notice in notices:
        reader = _reader_of(notice, stand_ins, reachable)
        if reader is None or team.is_history(notice.comment.week):
            done.append(notice)
        elif reader not in served:
            by_reader[reader].append(notice)
    mails = [CommentMail(team=team, user_id=reader, day=day) for reader in by_reader]
    CommentMail.objects.bulk_create(mails)
    for mail in mails:
        for notice in by_reader[mail.user_id]:
            notice.mail = mail
            done.append(notice)
    for notice in done:
        notice.taken_at = now
    CommentNotice.objects.bulk_update(done, ["mail", "taken_at"], batch_size=500)
    return len(mails)


def _reader_of(
    notice: CommentNotice, stand_ins: StandIns, reachable: Mapping[int, User]
) -> int | None:
    """Who is told: whom it concerns or who stands in for them today; ``None`` for nobody."""
    if notice.comment.removed_at is not None or not notice.user.gets_comment_mails:
        return None
    reader = stand_ins.key_of(notice.user_id)
    return reader if reader in reachable and reader != notice.comment.author_id else None


def _reachable(team: Team) -> dict[int, User]:
    """The members whom mails of comments reach, by key."""
    users = User.objects.filter(
        Q(memberships__team=team), ~Q(email=""), is_active=True, gets_comment_mails=True
    )
    return users.in_bulk()


def send_due(now: datetime | None = None) -> int:
    """Send the mails that are due; how many were settled."""
    now = now or timezone.now()
    rows = CommentMail.objects.select_related("team", "user")
    return sender.send_due(rows, _writer, now, LIMIT)


def _writer(claimed: Sequence[CommentMail]) -> sender.Write[CommentMail]:
    notices = CommentNotice.objects.filter(mail__in=claimed, comment__removed_at=None)
    notices = notices.select_related("comment__author", "comment__project", "user")
    by_mail: dict[int, list[CommentNotice]] = defaultdict(list)
    for notice in notices.order_by("comment__created_at", "comment"):
        by_mail[notice.mail_id or 0].append(notice)
    # What a team says of its people is asked once for all its mails.
    teams = {mail.team_id: mail.team for mail in claimed}
    reachable = {key: _reachable(team) for key, team in teams.items()}

    def write(mail: CommentMail) -> Message:
        """Raises ``Unwanted`` when nobody needs it any more."""
        user = reachable[mail.team_id].get(mail.user_id)
        if user is None or mail.pk not in by_mail:
            raise Unwanted
        mail.team = teams[mail.team_id]
        letter = letters.letter_of(mail, by_mail[mail.pk])
        return Message(letter, to=user.email, name=user.name, message_id=mail.message_id)

    return write
