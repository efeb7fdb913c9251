"""The tasks of this application: each calls one function, and may be run twice without harm."""

from __future__ import annotations

from celery import shared_task

from okrtracker import broker
from projects.models import User
from projects.teams import account, invitations


@shared_task(name="projects.send_invitations")  # type: ignore[untyped-decorator]  # no types
def send_invitations(team_id: int) -> None:
    """Send the team's invitations whose mail is due."""
    invitations.send_due(team_id)


@shared_task(name="projects.send_password_reset")  # type: ignore[untyped-decorator]
def send_password_reset(email: str, language: str) -> None:
    """Mail a link for a new password to whoever has that address."""
    account.send_password_link(email, language)


@shared_task(  # type: ignore[untyped-decorator]
    name="projects.send_address_link", autoretry_for=(OSError,), retry_backoff=30, max_retries=6
)
def send_address_link(user_id: int, email: str, language: str) -> None:
    """Mail the user the link that makes this their address."""
    account.send_link(User.objects.get(pk=user_id), email, language)


def request_password_reset(email: str, language: str) -> None:
    """Have a worker mail the link; with the broker away it is mailed from here."""
    if not broker.publish(send_password_reset, email, language):
        account.send_password_link(email, language)


def request_address_link(user: User, email: str, language: str) -> None:
    """Have a worker mail the link; with the broker away it is mailed from here."""
    if not broker.publish(send_address_link, user.pk, email, language):
        account.send_link(user, email, language)
