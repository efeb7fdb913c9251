"""Chromium offers to install the site as an application, in either language."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Site


@pytest.mark.parametrize(("language", "lang"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_chromium_can_install_the_site(site: Site, language: str, lang: str) -> None:
    page = site.page("manager")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
    page.goto("/t/pay/")
    protocol = page.context.new_cdp_session(page)
    manifest = protocol.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert f'"lang": "{lang}"' in manifest["data"]
    errors = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A profile that is thrown away after the tests can install nothing.
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
