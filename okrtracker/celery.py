"""The Celery application.

Tasks are started from the edge only (views, commands, listeners), by ``okrtracker.broker``.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")

app = Celery("okrtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
