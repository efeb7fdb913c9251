"""Django's sessions in the database: found by a prepared query, prolonged by use, ended some day.

Every request of somebody signed in begins with reading one. On a small page, building that one
statement anew was an eighth of the work.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from projects.prepared import Prepared

#: When its user signed in, in seconds since 1970: part of a session's data.
BEGAN: Final = "began"
# A session is written again once so much of its idle time has gone: once a day of two weeks.
_PROLONGED_AFTER: Final = 1 / 14


class SessionStore(db.SessionStore):
    _expires_at: datetime | None = None

    def load(self) -> dict[str, Any]:
        """The data; none of a session that has lasted too long. Use makes it last longer."""
        data: dict[str, Any] = super().load()
        if time.time() - data.get(BEGAN, time.time()) > settings.SESSION_LONGEST:
            self.delete()
            self._session_key = None
            return {}
        used = timedelta(seconds=settings.SESSION_COOKIE_AGE * (1 - _PROLONGED_AFTER))
        if data and self._expires_at and self._expires_at < timezone.now() + used:
            self.modified = True
        return data

    def _get_session_from_db(self) -> Session | None:
        for session in _live.rows(key=self.session_key, now=timezone.now()):
            self._expires_at = session.expire_date
            return session
        self._session_key = None
        return None


@Prepared
def _live(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
