"""The Celery application.

Start a task from the edge only, by ``task.delay_on_commit(id)``: after the transaction, or never.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")

app = Celery("okrtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
