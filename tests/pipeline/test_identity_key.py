from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pipeline.identity_key import FILE_VARIABLE, KEY_VARIABLE, IdentityKeyUnusable, identity_key


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variable is set."""
    for name in (KEY_VARIABLE, FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """And read from then on; another installation has another."""
    key = identity_key(tmp_path / "var")
    assert identity_key(tmp_path / "var") == key != identity_key(tmp_path / "other")
    (file,) = (tmp_path / "var").iterdir()
    assert (stat.S_IMODE(file.stat().st_mode), file.read_bytes()) == (0o600, key)


def test_the_environment_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key itself before a file, and a file before the folder's."""
    (tmp_path / "secret").write_text("f" * 40 + "\n")
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "secret"))
    assert identity_key(tmp_path) == b"f" * 40
    monkeypatch.setenv(KEY_VARIABLE, "k" * 32)
    assert identity_key(tmp_path) == b"k" * 32


def test_what_is_no_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too short, or not to be read; the message does not hold it."""
    monkeypatch.setenv(KEY_VARIABLE, "short")
    with pytest.raises(IdentityKeyUnusable) as caught:
        identity_key(tmp_path)
    assert "short" not in str(caught.value)
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "missing"))
    with pytest.raises(IdentityKeyUnusable):
        identity_key(tmp_path)
