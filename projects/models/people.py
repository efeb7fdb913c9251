"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okrtracker.mail.models import OutboxQuerySet, OutboxRow
from projects.prepared import Prepared
from projects.text.pinyin import person_key


def person_place(user: User) -> tuple[object, ...]:
    """Sorts users: by the pinyin of their names, and of one name by user name."""
    return (*person_key(str(user)), user.username)


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Each as ``User.delete`` has it."""
        deleted = [user.delete()[0] for user in self]
        return sum(deleted), {"projects.User": sum(deleted)}


class UserAccounts(UserManager["User"]):
    """Makes users as Django does, and deletes them as ``User.delete`` has it."""

    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get(self, *args: Any, **kwargs: Any) -> User:
        """By key, as each request of somebody signed in begins, from a prepared query."""
        if args or kwargs.keys() != {"pk"} or not isinstance(kwargs["pk"], int):
            return super().get(*args, **kwargs)
        for user in _by_key.rows(pk=kwargs["pk"]):
            return user
        raise self.model.DoesNotExist


@Prepared
def _by_key(*, pk: int) -> models.QuerySet[User]:
    return User.objects.filter(pk=pk)


class User(AbstractUser):
    """A person who signs in. One field holds the name: Chinese names do not split in two.

    Who has left a trace is never deleted: see ``delete``.
    """

    first_name = None  # type: ignore[assignment]  # the one name below stands for both
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=80, blank=True)
    # Keys without Ctrl or Alt: who speaks to the computer, or types by mistake, can do without.
    has_single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    gets_comment_mails = models.BooleanField(_("comments by mail"), default=True)

    # For whom this user acts in a request (``projects.access``): whatever they do there is traced
    # as done on that person's behalf.
    on_behalf_of: User | None = None

    objects: ClassVar[UserAccounts] = UserAccounts()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def traces(self) -> dict[type[models.Model], int]:
        """How many rows of each kind name the user: led, asked, changed, published by them."""
        counts: dict[type[models.Model], int] = {}
        for relation in self._meta.get_fields(include_hidden=True):
            if (
                not isinstance(relation, models.ManyToOneRel)
                or relation.on_delete is models.CASCADE
            ):
                continue
            model: Any = relation.related_model
            if count := models.QuerySet(model).filter(**{relation.field.name: self}).count():
                counts[model] = counts.get(model, 0) + count
        return counts

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Removes a user whom nothing names. The account of any other is closed: nobody signs in
        with it, and the name stays wherever they acted.
        """
        if not self.traces():
            return super().delete(*args, **kwargs)
        self.is_active = False
        self.set_unusable_password()
        self.save(update_fields=["is_active", "password"])
        return 0, {}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An address is kept in lower case, as it is looked up by whoever signs in with it."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class AccountNotice(OutboxRow):
    """One mail to the owner of an account: what happened to it (``projects.teams.notices``)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=30)
    email = models.EmailField(_("mail address"))
    detail = models.CharField(_("detail"), max_length=254, blank=True)
    address = models.CharField(_("address"), max_length=50)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects: ClassVar[models.Manager[AccountNotice]] = OutboxQuerySet["AccountNotice"].as_manager()

    class Meta:
        verbose_name = _("account mail")
        verbose_name_plural = _("account mails")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.user}"
