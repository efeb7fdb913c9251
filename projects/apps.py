import atexit

from django.apps import AppConfig
from django.db import connections
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Work")

    def ready(self) -> None:
        from projects import given_numbers  # signals are connected once the applications are ready

        given_numbers.keep(self)
        atexit.register(close_pools)


def close_pools() -> None:
    """At the end of a command: Python waits 20 s for the threads of a pool that is open."""
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]
