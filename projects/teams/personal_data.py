"""What the system knows of a person, as a file; and forgetting a person.

Forgetting closes the account and takes away the name, the addresses and what was only the person's
own (drafts, notices, sessions). What others rely on stays, under a name that says nothing: who
reported, changed and published. What was published and the audit trail are frozen and keep the name
that they were written with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext

from projects import audit, facts
from projects.models import Membership, Team, User
from projects.teams import members

# Secrets, and what is no word about the person but large.
_LEFT_OUT: Final = frozenset(
    {
        *("password", "token_sha256", "session_key", "session_data", "secret", "key", "claimed_by"),
        *("data", "document", "content", "changes", "message_id"),
    }
)
# Texts that hold a mail address without saying so by their type.
_ADDRESSES: Final = {("Delivery", "recipient")}

type Rows = list[dict[str, object]]


def rows_about(user: User) -> dict[str, object]:
    """All rows that name the user or one of their addresses, by table, as JSON can hold them."""
    tables: dict[str, Rows] = {}
    for rows in (*_naming(user), *_addressed_to(user.email)):
        if values := [_values(row) for row in rows]:
            table = tables.setdefault(rows.model._meta.label_lower, [])
            table += [row for row in values if row not in table]
    return {"account": _values(user), "rows": tables}


def _naming(user: User) -> Iterator[models.QuerySet[Any]]:
    for relation in user._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model: Any = relation.related_model
            yield models.QuerySet(model).filter(**{relation.field.name: user}).order_by("pk")


def _addressed_to(email: str) -> Iterator[models.QuerySet[Any]]:
    if not email:
        return
    for model, field in _address_fields():
        yield models.QuerySet(model).filter(**{f"{field}__iexact": email}).order_by("pk")


def _address_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            is_address = isinstance(field, models.EmailField) and model is not User
            if is_address or (model.__name__, field.name) in _ADDRESSES:
                yield model, field.name


def _values(row: models.Model) -> dict[str, object]:
    fields = (field for field in row._meta.concrete_fields if field.name not in _LEFT_OUT)
    return {field.attname: field.value_from_object(row) for field in fields}


@transaction.atomic
def forget(user: User) -> str:
    """Forget the user; the name they are known by from now on. Raises ``members.LastManager``."""
    user = User.objects.select_for_update().get(pk=user.pk)
    email = user.email
    teams = list(Team.objects.filter(memberships__user=user))
    with translation.override(teams[0].language if teams else None):
        user.name = gettext("Former member %(number)s") % {"number": user.pk}
    user.username, user.email = f"former-{user.pk}", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    for membership in Membership.objects.filter(user=user).select_related("team", "user"):
        audit.note(membership.team, "member.forget", user, by=None)
        members.remove_member(membership, by=None)
    _delete_own(user)
    _take_away_address(email, f"former-{user.pk}@forgotten.invalid")
    for team in teams:
        facts.announce(team, [team.this_week()])
    return user.name


def _delete_own(user: User) -> None:
    """Whatever would be deleted with the account is only the person's own."""
    for relation in user._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE:
            model: Any = relation.related_model
            models.QuerySet(model).filter(**{relation.field.name: user}).delete()
    user.groups.clear()
    user.user_permissions.clear()


def _take_away_address(email: str, replacement: str) -> None:
    if not email:
        return
    for model, field in _address_fields():
        values = {field: replacement}
        if any(other.name == "name" for other in model._meta.concrete_fields):
            values["name"] = ""
        models.QuerySet(model).filter(**{f"{field}__iexact": email}).update(**values)
