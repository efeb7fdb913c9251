"""The Celery application.

Tasks are started from the edge only (views, commands, listeners), by ``okrtracker.broker``.
"""

from __future__ import annotations

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")

# What filesystem:// stands for.
TRANSPORT_ALIASES["filesystem"] = "okrtracker.file_broker:Transport"

app = Celery("okrtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
