from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Weekly pages")

    def ready(self) -> None:
        from reports import listeners  # noqa: F401  connects facts_changed to the compile
