"""The names of a team's projects: which project a name means, and that it means only one.

A name is known by its folded form (``names.key``), so POS and 「pos 项目」 are one name.
Whoever may change them is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from django.db import transaction

from projects import audit
from projects.models import Alias, Project, Team, User
from projects.text import names


class ProjectNameTaken(Exception):
    """The name means a project of the team already: ``project``."""

    def __init__(self, name: str, project: Project) -> None:
        self.name = name
        self.project = project
        super().__init__(f"{name} is {project}")


class NameEmpty(Exception):
    """Nothing of the name is left to tell projects apart by: it is blank, or marks alone."""


class OwnName(Exception):
    """An alias is what the project itself is called; it goes when the project is renamed."""


def meant_by(team: Team, name: str) -> Project | None:
    """The team's project that goes by this name."""
    alias = Alias.objects.filter(team=team, key=names.key(name)).select_related("project").first()
    return alias.project if alias else None


@transaction.atomic
def claim(project: Project, name: str) -> Alias:
    """The project's row for this name, made when it has none; spelled as given.

    Raises ``ProjectNameTaken`` when the name means another project, ``NameEmpty`` when it names
    nothing. Locks the team: of two projects that claim a name at once, the second is refused.
    """
    name = name.strip()
    key = names.key(name)
    if not key:
        raise NameEmpty(name)
    Team.objects.locked().get(pk=project.team_id)
    alias = Alias.objects.filter(team=project.team_id, key=key).select_related("project").first()
    if alias is None:
        return Alias.objects.create(team=project.team, project=project, name=name, key=key)
    if alias.project_id != project.pk:
        raise ProjectNameTaken(name, alias.project)
    if alias.name != name:
        alias.name = name
        alias.save(update_fields=["name"])
    return alias


@transaction.atomic
def add(project: Project, name: str, *, by: User | None) -> Alias:
    """Let the project go by this name too. Raises as ``claim`` does.

    A name that it goes by already is left as it is, and is no change.
    """
    own_alias = Alias.objects.filter(project=project, key=names.key(name)).first()
    if own_alias is not None:
        return own_alias
    alias = claim(project, name)
    audit.note(project.team, "alias.add", alias, by=by, project=project, after={"name": alias.name})
    return alias


@transaction.atomic
def remove(alias: Alias, *, by: User | None) -> None:
    """The project no longer goes by this name. Raises ``OwnName`` for what it is called itself."""
    project = Project.objects.locked().get(pk=alias.project_id)
    if is_own_name(alias, project):
        raise OwnName(alias.name)
    audit.note(
        project.team, "alias.remove", alias, by=by, project=project, before={"name": alias.name}
    )
    alias.delete()


def is_own_name(alias: Alias, project: Project) -> bool:
    """Whether the alias is the project's own name, which always has its row."""
    return alias.key == names.key(project.name)
