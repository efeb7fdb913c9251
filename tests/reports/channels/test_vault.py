from __future__ import annotations

import pytest
from django.conf import LazySettings

from reports.channels import vault
from reports.channels.vault import KeyLost, VariableUnset
from tests.reports.vendors.examples import SECRET


def test_sealed_text_is_unsealed() -> None:
    sealed = vault.seal(SECRET)
    assert SECRET not in sealed
    assert sealed != vault.seal(SECRET)
    assert vault.unseal(sealed) == SECRET
    assert vault.unseal(vault.seal("周报")) == "周报"
    assert vault.seal("") == vault.unseal("") == ""


def test_a_new_secret_key_reads_what_the_one_before_wrote(settings: LazySettings) -> None:
    sealed = vault.seal(SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert vault.unseal(sealed) == SECRET


def test_a_key_is_changed_step_by_step(settings: LazySettings) -> None:
    settings.CHANNEL_KEYS = ["old"]
    sealed = vault.seal(SECRET)
    settings.CHANNEL_KEYS = ["new", "old"]
    again = vault.resealed(sealed)
    settings.CHANNEL_KEYS = ["new"]
    assert vault.unseal(again) == SECRET
    with pytest.raises(KeyLost):
        vault.unseal(sealed)


def test_keys_of_their_own_come_first(settings: LazySettings) -> None:
    before = vault.seal(SECRET)
    settings.CHANNEL_KEYS = ["own"]
    sealed = vault.seal(SECRET)
    assert vault.unseal(before) == SECRET
    settings.SECRET_KEY = "changed"
    assert vault.unseal(sealed) == SECRET
    settings.CHANNEL_KEYS = []
    with pytest.raises(KeyLost):
        vault.unseal(sealed)


def test_changed_ciphertext_is_lost() -> None:
    sealed = vault.seal(SECRET)
    for broken in (
        sealed[:-8],
        sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        "周",
    ):
        with pytest.raises(KeyLost) as lost:
            vault.unseal(broken)
        assert SECRET not in repr(lost.value)


def test_a_variable_is_read_only_by_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_FEISHU", " value\n")
    monkeypatch.setenv("OKR_EMPTY", " ")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert vault.from_environment("OKR_FEISHU") == "value"
    names = ("OKR_EMPTY", "OKR_MISSING", "DATABASE_URL", "OKR_", "okr_feishu", "OKR_FEISHU\n", "")
    for name in names:
        with pytest.raises(VariableUnset):
            vault.from_environment(name)
