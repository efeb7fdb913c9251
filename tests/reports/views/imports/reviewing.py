"""What a manager does in the review of an import, on the test client."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from reports.importer.decisions import Decisions
from reports.imports import review
from reports.models import ImportDoubt, PageImport
from tests.html import form_data


def address(page_import: PageImport, kind: str = "") -> str:
    base = f"/t/pay/imports/{page_import.pk}/review/"
    return f"{base}?doubt={page_import.doubts.get(kind=kind).pk}" if kind else base


def decide(client: Client, doubt: ImportDoubt, **changed: str) -> HttpResponse:
    """Send the doubt's form as it stands, with what is changed in it."""
    page = client.get(f"/t/pay/imports/{doubt.page_import_id}/review/?doubt={doubt.pk}")
    data = form_data(page, "#decide") | {"do": "decide"} | changed
    return client.post(f"/t/pay/imports/{doubt.page_import_id}/doubts/{doubt.pk}/", data)  # type: ignore[return-value]


def chosen(doubt: ImportDoubt) -> Decisions:
    doubt.refresh_from_db()
    return review.decisions_of(doubt.page_import)
