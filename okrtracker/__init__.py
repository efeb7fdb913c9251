"""The project: settings, addresses, the Celery application."""

from okrtracker.celery import app as celery_app

__all__ = ["celery_app"]
