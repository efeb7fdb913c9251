"""Administration of accounts: whoever left a trace is closed, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models import User

if TYPE_CHECKING:  # where it is generic; Django's own takes no parameters
    UserModelAdmin = UserAdmin[User]
else:
    UserModelAdmin = UserAdmin


@admin.register(User)
class PersonAdmin(UserModelAdmin):
    """Who has left traces is not deleted: the account is closed and the name stays."""

    delete_confirmation_template = "admin/projects/user/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/projects/user/delete_selected.html"
    list_display = ("username", "name", "email", "is_staff", "is_active")
    search_fields = ("username", "name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def get_deleted_objects(
        self, objs: Iterable[User], _request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """What becomes of each: deleted, or closed with so many rows that keep the name."""
        lines = [f"{user} ({user.username}): {_fate(user)}" for user in objs]
        return lines, {}, set(), []

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The box that closes an account says what stays of it."""
        form = super().get_form(request, obj, *args, **kwargs)
        field = form.base_fields.get("is_active")
        if obj is not None and field is not None and (rows := _rows_of(obj)):
            words = _("Without the tick nobody signs in with it. The name stays on: %(rows)s.")
            field.help_text = words % {"rows": rows}
        return form


def _fate(user: User) -> str:
    rows = _rows_of(user)
    if not rows:
        return gettext("is deleted")
    return gettext("is deactivated; the name stays on: %(rows)s") % {"rows": rows}


def _rows_of(user: User) -> str:
    """What names the user, with how many of each."""
    return gettext(", ").join(
        f"{model._meta.verbose_name_plural} {count}" for model, count in user.traces().items()
    )
