"""The Celery application and its one beat entry.

One tick a minute asks the database what is due (compiles that were missed, reminders, cutoffs,
digests): the schedule is data of each team, not a list of crontabs here.
Start a task from the edge only, by ``task.delay_on_commit(id)``: after the transaction, or never.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")

app = Celery("okrtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "tick": {
        "task": "reports.tick",
        "schedule": 60.0,
        # A worker that was away for an hour needs one tick, not sixty.
        "options": {"expires": 55},
    },
}
