"""The WSGI application; okrtracker/serving puts it behind granian."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")

application = get_wsgi_application()
