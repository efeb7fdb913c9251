"""What every test may ask for, and the rules all of them run under."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.test.signals import setting_changed
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from projects.models import Membership, Project, Role, Team, User
from reports.pages import editions
from reports.views.pages import weekly_page
from tests import migrated
from tests.factories import NOW, PASSWORD, make_project
from tests.flushing import may_flush

# Deterministic: the same code gets the same answer on every machine and every run. CI tries more
# examples than a developer waits for, and on its second database a few, which say whether the
# queries are understood there; HYPOTHESIS_PROFILE=explore looks for new failures at random.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    print_blob=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("default"), max_examples=30)
settings.register_profile("few", settings.get_profile("default"), max_examples=5)
settings.register_profile("explore", deadline=None, print_blob=True, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

may_flush()


@cache
def _handler() -> ClientHandler:
    """Loading the middleware takes as long as a short page: once while the settings stay."""
    return ClientHandler(enforce_csrf_checks=False)


@receiver(setting_changed)
def _forget_handler(**_kwargs: object) -> None:
    _handler.cache_clear()


def english_client() -> Client:
    """A browser whose reader chose English."""
    client = Client()
    client.handler = _handler()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "leave out what another database server says nothing new of"
    parser.addoption("--database-only", action="store_true", help=words)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look through what stays for the whole run no more when memory is tidied up: 7 % less work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


# Of the views each address is asked on another server once, as the manager and with every form
# (test_hostile_values, test_overwriting); what pages say, who may see them and how often they ask
# is the same.
SAME_ON_EVERY_SERVER = {
    *("views", "test_agreement.py", "test_authorisation.py", "test_demo.py", "test_viewer.py"),
    *("test_plain_forms.py", "test_query_counts.py", "test_mutations.py", "test_admin.py"),
    *("test_history_and_present.py", "test_namesakes.py", "test_published_early.py"),
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_same = collection_path.name in SAME_ON_EVERY_SERVER
    return True if is_same and config.getoption("--database-only") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # The nearer to the top, the more a file tries, and the longer it takes. It goes first, so that
    # no process waits at the end for another's long one.
    items.sort(key=lambda item: len(item.path.parts))
    if not config.getoption("--database-only"):
        return
    deselected = [item for item in items if not asks_database(item)]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if asks_database(item)]


def asks_database(item: pytest.Item) -> bool:
    """Whether another server may answer otherwise. Who may come in is asked for one persona."""
    fixtures = getattr(item, "fixturenames", ())
    persona = item.callspec.params.get("persona", "manager") if hasattr(item, "callspec") else ""
    is_marked = item.get_closest_marker("django_db") is not None
    # ``migrated`` and ``site`` are databases of tests/upgrade and of the backup; every test has
    # ``django_db_blocker``.
    databases = {"db", "transactional_db", "module_rows", "migrated", "site"}
    is_asked = is_marked or not databases.isdisjoint(fixtures)
    return is_asked and persona in ("", "manager")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured, by ``record_property("figure", …)``."""
    reports = (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed"))
    properties = (prop for report in reports for prop in report.user_properties)
    if figures := dict.fromkeys(str(value) for name, value in properties if name == "figure"):
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.line(figure)


# --- personas (fixed users with a role each) follow here; their data comes from tests/factories.py


@dataclass(frozen=True, slots=True)
class Personas:
    """A team with one project, and one person of each kind; all sign in with ``PASSWORD``."""

    team: Team
    project: Project  # led by ``lead``
    manager: User
    lead: User
    other_lead: User  # leads nothing
    viewer: User
    outsider: User  # signed in, but a member of another team

    def client(self, name: str) -> Client:
        """A browser of that persona (``"anonymous"`` for nobody), reading English."""
        client = english_client()
        if name != "anonymous":
            client.cookies[django_settings.SESSION_COOKIE_NAME] = begin_session(getattr(self, name))
        return client


def request_of(user: User) -> HttpRequest:
    """A request of that user, as the access helpers take it."""
    request = RequestFactory().get("/")
    request.user = user
    return request


def begin_session(user: User) -> str:
    """The key of a session of that user. One query, where signing in takes six."""
    store = SessionStore()
    identity = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: django_settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    session = Session.objects.create(
        session_key=secrets.token_hex(16),
        session_data=store.encode(identity),
        expire_date=store.get_expiry_date(),
    )
    return session.session_key


@cache
def password_hash() -> str:
    return make_password(PASSWORD)


def make_personas() -> Personas:
    """All of a table by one query: most tests begin with them."""
    teams = [Team(slug="pay", name="支付产研"), Team(slug="risk", name="风控产研")]
    team, other_team = Team.objects.bulk_create(teams)
    people = {
        "lead": ("许澄", team, Role.LEAD),
        "manager": ("林岚", team, Role.MANAGER),
        "other_lead": ("陈默", team, Role.LEAD),
        "viewer": ("高远", team, Role.VIEWER),
        "outsider": ("周颖", other_team, Role.MANAGER),
    }
    users = User.objects.bulk_create(
        User(username=username, name=name, password=password_hash())
        for username, (name, _team, _role) in people.items()
    )
    Membership.objects.bulk_create(
        Membership(team=of_team, user=user, role=role)
        for user, (_name, of_team, role) in zip(users, people.values(), strict=True)
    )
    by_name = {user.username: user for user in users}
    project = make_project(team, "贝易转", lead=by_name["lead"])
    return Personas(team=team, project=project, **by_name)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the database is there already: see below. Its folder goes with the process."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Begin with a copy of a migrated database."""
    with django_db_blocker.unblock():
        migrated.prepare(connection.settings_dict["TEST"])


@pytest.fixture
def personas(db: None) -> Personas:
    return make_personas()


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets a module make rows once for all its tests.

    A fixture of that scope that asks for this one may write; each test then runs in a savepoint
    on top of those rows and leaves them as they were.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def forget_frozen() -> Iterator[None]:
    """Documents are cached by their edition's key, which a later test's edition may have, too."""
    yield
    for cached in (editions._document, weekly_page._sheet, weekly_page._lead_in):
        cached.cache_clear()
    for name in ("default", "documents"):
        caches[name].clear()


@pytest.fixture
def now() -> Iterator[None]:
    """The clock stands at ``NOW``, in the week of ``WEEK``."""
    with time_machine.travel(NOW, tick=False):
        yield
