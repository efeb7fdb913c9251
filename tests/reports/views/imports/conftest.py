"""A manager's browser, and an import that waits for its review."""

from __future__ import annotations

import pytest
from django.test import Client

from reports.models import PageImport
from tests.conftest import Personas
from tests.reports.imports.pages import read


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("manager")


@pytest.fixture
def page_import(personas: Personas) -> PageImport:
    return read(personas.team, personas.manager)
