from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Work")

    def ready(self) -> None:
        from projects import given_numbers  # signals are connected once the applications are ready

        given_numbers.keep(self)
